"""What derives pictures from a file at a URL: the media function's decoder and its peers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from local.child import PROJECT

_SHARP = Path(__file__).with_name("sharp")
OURS = "this service"


@dataclass(frozen=True)
class Figures:
    """The figures for one file."""

    cpu_seconds: float
    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Contender:
    """A tool, and the names of the files that it can take. `measure` gets a URL and a count."""

    name: str
    files: frozenset[str]
    measure: Callable[[str, int], Figures]


def contenders() -> tuple[list[Contender], list[str]]:
    """Return all contenders that can be run here, and a note about each of the others."""
    images = frozenset({"photo-0.jpg", "photo.heic", "photo.avif"})
    found = [
        Contender(OURS, images | {"video.mp4"}, _python("benchmarks.media.derive")),
        Contender("Pillow only", images, _python("benchmarks.media.pillow_only")),
        Contender("ffmpeg with the URL", frozenset({"video.mp4"}), _ffmpeg),
    ]
    reason = _set_up_sharp()
    if reason is None:
        # Its prebuilt libvips has no decoder for HEIC.
        found.insert(2, Contender("sharp", images - {"photo.heic"}, _sharp))
        return found, []
    return found, [f"sharp is missing: {reason}"]


def _python(module: str) -> Callable[[str, int], Figures]:
    def measure(url: str, count: int) -> Figures:
        return _printed([sys.executable, "-m", module, url, str(count)])

    return measure


def _sharp(url: str, count: int) -> Figures:
    return _printed(["node", str(_SHARP / "resize.mjs"), url, str(count)])


def _printed(command: list[str]) -> Figures:
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{' '.join(command[:3])} … failed:\n{result.stderr[-2000:]}")
    return Figures(**json.loads(result.stdout))


def _set_up_sharp() -> str | None:
    """Install sharp if it is missing. Return why that failed; None if sharp is there."""
    npm = shutil.which("npm")
    if npm is None:
        return "there is no npm"
    if not (_SHARP / "node_modules").exists():
        command = [npm, "ci", "--silent", "--prefix", str(_SHARP)]
        if subprocess.run(command, check=False).returncode:
            return "npm could not install it"
    return None


def _ffmpeg(url: str, count: int) -> Figures:
    """Let FFmpeg write a poster in two sizes, with one process per file."""
    scale = "scale='min({0},iw)':'min({0},ih)':force_original_aspect_ratio=decrease"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", "-i", url]
    for side in (1600, 320):
        command += ["-frames:v", "1", "-vf", scale.format(side), f"{side}.webp"]
    runs = []
    with tempfile.TemporaryDirectory(prefix="bench-media-") as directory:
        for _ in range(count + 1):
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"ffmpeg failed with status {process.returncode}")
            runs.append((usage, time.perf_counter() - began))
    measured = runs[1:]
    return Figures(
        sum(usage.ru_utime + usage.ru_stime for usage, _ in measured) / count,
        sum(seconds for _, seconds in measured) / count,
        max(usage.ru_maxrss for usage, _ in measured) / 1024,
    )
