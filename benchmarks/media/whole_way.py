"""How soon photos have thumbnails on the whole local stack, and what a page of them weighs."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import nan
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil

from benchmarks.media import samples
from benchmarks.media.library import Library
from benchmarks.report import Goal, Options, Report
from local.child import ChildStack

GRID = 48
BURST = 100
ARRIVALS = 60
INTERVAL_SECONDS = 1.0
P95_SECONDS_MOST = 2.0
GRID_BYTES_MOST = 1_500_000
_AT_ONCE = 8
_SAMPLE_SECONDS = 0.05
_WORKER = "gql_api.media_worker"


async def whole_way(options: Options) -> Sequence[Report]:
    """Send photos one per second, then a burst, then load the page of the library."""
    grid, burst, arrivals = (
        count // 6 if options.small else count for count in (GRID, BURST, ARRIVALS)
    )
    with tempfile.TemporaryDirectory(prefix="bench-media-") as name:
        samples.write(Path(name), grid)
        photos = _read(Path(name))
        stack = ChildStack(Path(name) / "stack", {"USER_QUOTA_BYTES": ""})
        try:
            stack.wait_until_running()
            async with httpx.AsyncClient(timeout=60) as client:
                libraries = [Library(client, stack.url) for _ in range(2)]
                for library in libraries:
                    await library.sign_up()
                await libraries[0].until_done((await libraries[0].send(photos[0], 0))[0])
                way = Report("media", "From completeUpload to DONE, 2 decoders at once")
                way.rows.append(await _one_by_one(libraries[0], photos, arrivals, way))
                way.rows.append(await _burst(libraries[1], photos, burst, stack))
                way.notes.append(
                    f"Photos of {len(photos[0]) / 1e6:.1f} MB. The servers and the client share "
                    "the cores with the decoders."
                )
                return [way, await _page(libraries[0], min(grid, arrivals))]
        except BaseException:
            print(stack.log()[-4000:], file=sys.stderr)
            raise
        finally:
            stack.stop()


def _read(directory: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(directory.iterdir())]


async def _one_by_one(
    library: Library, photos: Sequence[bytes], count: int, report: Report
) -> dict[str, str | float]:
    """Send a photo each second, whether or not the ones before are done."""

    async def arrive(number: int) -> float:
        await asyncio.sleep(number * INTERVAL_SECONDS)
        id, completed_at = await library.send(photos[number % len(photos)], number)
        return await library.until_done(id) - completed_at

    seconds = await asyncio.gather(*(arrive(number) for number in range(count)))
    p95 = quantiles(seconds, n=20, method="inclusive")[-1]
    what = "from completeUpload to DONE, one photo per second, p95"
    text = f"at most {P95_SECONDS_MOST:g} s"
    report.goals.append(Goal(text, f"{p95:.2f} s", p95 <= P95_SECONDS_MOST, what))
    return {
        "arrival": f"{count} photos, one per second",
        "p50 s": median(seconds),
        "p95 s": p95,
        "slowest s": max(seconds),
    }


async def _burst(
    library: Library, photos: Sequence[bytes], count: int, stack: ChildStack
) -> dict[str, str | float]:
    """Send all photos at once, a few at a time, and wait until all are done."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def send(number: int) -> None:
        async with turns:
            await library.send(photos[number % len(photos)], number)

    worker = _worker(stack)
    cpu, began = _cpu_seconds(worker), time.perf_counter()
    async with _watched(worker) as sizes:
        await asyncio.gather(*map(send, range(count)))
        done_at = await library.until_all_done()
    return {
        "arrival": f"{count} photos in a burst",
        "photos/s": count / (done_at - began),
        "worker, CPU s/photo": (_cpu_seconds(worker) - cpu) / count,
        "worker, peak MiB": max(sizes, default=nan),
    }


def _worker(stack: ChildStack) -> psutil.Process:
    """Return the process of the media worker, whose children decode."""
    parts = psutil.Process(stack.process.pid).children(recursive=True)
    [worker] = [part for part in parts if _WORKER in part.cmdline()]
    return worker


def _cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time of a process and of those of its children that have ended."""
    return float(sum(process.cpu_times()[:4]))


@asynccontextmanager
async def _watched(worker: psutil.Process) -> AsyncIterator[list[float]]:
    """Sample the memory of the media worker and of its decoders, in MiB."""
    sizes: list[float] = []
    watch = asyncio.create_task(_watch(worker, sizes))
    try:
        yield sizes
    finally:
        watch.cancel()


async def _watch(worker: psutil.Process, sizes: list[float]) -> None:
    while True:
        sizes.append(sum(map(_resident_bytes, [worker, *worker.children()])) / 2**20)
        await asyncio.sleep(_SAMPLE_SECONDS)


def _resident_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # It has ended in the meantime.
        return 0


async def _page(library: Library, count: int) -> Report:
    report = Report("media", f"A page of {count} photos")
    listed, shown, originals = await library.page(count)
    for what, size in (("its list", listed), ("thumbnails", shown), ("originals", originals)):
        report.rows.append({"what": what, "MB": size / 1e6, "kB per photo": size / 1e3 / count})
    most = GRID_BYTES_MOST * count // GRID
    text = f"at most {most / 1e6:g} MB instead of {originals / 1e6:.0f} MB"
    total = listed + shown
    what = f"a page of {count} photos, list and thumbnails"
    report.goals.append(Goal(text, f"{total / 1e6:.2f} MB", total <= most, what))
    return report
