"""What deriving both pictures from a file costs, compared with the peers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.media import samples
from benchmarks.media.contenders import OURS, Contender, Figures, contenders
from benchmarks.media.store import Read, Store, serving
from benchmarks.report import Goal, Options, Report

ROUNDS = 5
FILES_A_ROUND = 5
VIDEO_BYTES = 2**30
CPU_SECONDS_MOST = 0.35
PEAK_MIB_MOST = 300
VIDEO_READ_MOST = Read(3 * 2**20, 12)
_TITLES = {
    "photo-0.jpg": "JPEG, 12 megapixels",
    "photo.heic": "HEIC, 12 megapixels",
    "photo.avif": "AVIF, 12 megapixels",
    "video.mp4": "MP4, 1080p, H.264",
}


class Run(NamedTuple):
    """The figures of a round, and what was read for each file."""

    figures: Figures
    read: Read


async def decoding(options: Options) -> Report:
    """Compare the CPU time, memory and bytes that a file takes, each contender in its turn."""
    report = Report("media", "Two pictures of a file")
    found, report.notes = contenders()
    with tempfile.TemporaryDirectory(prefix="bench-media-") as name:
        samples.write(Path(name), 1, VIDEO_BYTES // 16 if options.small else VIDEO_BYTES)
        with serving(Path(name)) as store:
            for file, title in _TITLES.items():
                size_bytes = (Path(name) / file).stat().st_size
                tools = [contender for contender in found if file in contender.files]
                runs = _compare(tools, store, file, options)
                report.rows += _rows(f"{title}, {size_bytes / 1e6:,.1f} MB", runs)
                report.goals += _goals(file, runs[OURS])
    report.notes.append(
        "The memory of this service is that of the decoding process and of its parent. The parent "
        "here reads with the standard library; the media function's has boto3 as well."
    )
    return report


def _compare(
    tools: Sequence[Contender], store: Store, file: str, options: Options
) -> dict[str, list[Run]]:
    """Return the rounds of each contender; the order rotates from round to round."""
    runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
    count = 1 if options.small else FILES_A_ROUND
    for number in range(options.rounds(ROUNDS)):
        turn = number % len(tools)
        for tool in (*tools[turn:], *tools[:turn]):
            store.reset()
            figures = tool.measure(store.url(file), count)
            # Each contender warms up with one file more.
            read = Read(*(total // (count + 1) for total in store.read))
            runs[tool.name].append(Run(figures, read))
    return runs


def _rows(title: str, runs: dict[str, list[Run]]) -> Iterator[dict[str, str | float]]:
    for name, rounds in runs.items():
        cpu = median(run.figures.cpu_seconds for run in rounds)
        ratios = (
            mine.figures.cpu_seconds / theirs.figures.cpu_seconds
            for mine, theirs in zip(runs[OURS], rounds, strict=True)
        )
        yield {
            "file": title,
            "by": name,
            "CPU s": cpu,
            "files/s of a core": 1 / cpu,
            "s": median(run.figures.seconds for run in rounds),
            "peak MiB": max(run.figures.peak_mib for run in rounds),
            "MB read": median(run.read.size_bytes for run in rounds) / 1e6,
            "reads": median(run.read.requests for run in rounds),
            "service's CPU is": f"{median(ratios):.2f} ×",
        }


def _goals(file: str, ours: Sequence[Run]) -> Iterator[Goal]:
    if file == "photo-0.jpg":
        what = "both pictures of a 12-megapixel JPEG"
        cpu = median(run.figures.cpu_seconds for run in ours)
        text = f"at most {CPU_SECONDS_MOST} s of CPU time"
        yield Goal(text, f"{cpu:.2f} s", cpu <= CPU_SECONDS_MOST, what)
        peak = max(run.figures.peak_mib for run in ours)
        text = f"at most {PEAK_MIB_MOST} MiB of memory"
        yield Goal(text, f"{peak:.0f} MiB", peak <= PEAK_MIB_MOST, what)
    if file == "video.mp4":
        read = max(run.read for run in ours)
        most = VIDEO_READ_MOST
        text = f"at most {most.size_bytes // 2**20} MiB in {most.requests} reads"
        measured = f"{read.size_bytes / 2**20:.2f} MiB in {read.requests}"
        within = all(a <= b for a, b in zip(read, most, strict=True))
        yield Goal(text, measured, within, "facts and pictures of a video")
