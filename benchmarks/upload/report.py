"""The reports: one table for each kind of file, with its goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.report import Goal, Report
from benchmarks.upload.measure import Figures, medians
from benchmarks.upload.tools import FLOOR, OURS, S5CMD

Tools = Mapping[str, Sequence[Figures]]
_MIB = 1024 * 1024

LARGE, SMALL, FAR = "large", "small", "far"
TITLES = {
    LARGE: "One file of 1 GiB",
    SMALL: "1,000 files of 100 kB",
    FAR: "One file of 256 MiB, 50 ms away, 100 Mbit/s per connection",
}
# By wall-clock time. Two series of runs of the same tool differ by 1.05.
FLOOR_MOST, BEST_MOST, SMALL_MOST = 1.05, 1.05, 1.5
MEMORY_MOST_BYTES = 100 * _MIB


def report(kind: str, tools: Tools, scale: float) -> Report:
    """Return the medians of all rounds, the ratios of the pairs, and the goals."""
    rounds = len(next(iter(tools.values())))
    result = Report(f"upload_{kind}", TITLES[kind], command="make bench-upload")
    result.notes.append(f"Rounds: {rounds}.")
    if scale != 1:
        result.notes.append(f"Sizes and counts were multiplied by {scale}.")
    for tool, figures in tools.items():
        middle = medians(figures)
        result.rows.append(
            {
                "tool": tool,
                "wall s": middle.wall_seconds,
                f"{OURS} takes": f"{median(ratios(tools[OURS], figures)):.2f} ×"
                if OURS in tools
                else None,
                "CPU s": middle.cpu_seconds,
                "MiB": middle.memory_bytes // _MIB,
            }
        )
    result.goals += _goals(kind, tools) if OURS in tools else ()
    return result


def ratios(ours: Sequence[Figures], other: Sequence[Figures]) -> list[float]:
    """Return our wall-clock time divided by the other tool's, for each round.

    Runs of the same round are close together, so other load on the machine affects both.
    """
    return [
        mine.wall_seconds / theirs.wall_seconds for mine, theirs in zip(ours, other, strict=True)
    ]


def _goals(kind: str, tools: Tools) -> Iterator[Goal]:
    """Yield the goals whose tools were run."""
    ours = tools[OURS]
    # The one connection of curl is no lower bound on a line that limits each connection.
    if kind == LARGE and FLOOR in tools:
        yield _time_goal(ours, tools[FLOOR], FLOOR, FLOOR_MOST, "1 GiB by `media upload`")
    if kind == SMALL and S5CMD in tools:
        yield _time_goal(ours, tools[S5CMD], S5CMD, SMALL_MOST, "1,000 × 100 kB by `media upload`")
    peers = [name for name in tools if not name.startswith(OURS) and name != FLOOR]
    if kind != SMALL and peers:
        best = max(peers, key=lambda name: median(ratios(ours, tools[name])))
        yield _time_goal(ours, tools[best], f"the best peer, {best}", BEST_MOST)
    if S5CMD in tools:
        mine, theirs = medians(ours).cpu_seconds, medians(tools[S5CMD]).cpu_seconds
        figures = f"{mine:.2f} s against {theirs:.2f} s, {mine / theirs:.2f} ×"
        yield Goal(f"less CPU than {S5CMD}", figures, mine < theirs)
    peak = max(run.memory_bytes for run in ours)
    text = f"less than {MEMORY_MOST_BYTES // _MIB} MiB of memory"
    yield Goal(text, f"{peak / _MIB:.0f} MiB at most", peak < MEMORY_MOST_BYTES)


def _time_goal(
    ours: Sequence[Figures], theirs: Sequence[Figures], name: str, most: float, what: str = ""
) -> Goal:
    measured = ratios(ours, theirs)
    ratio = median(measured)
    spread = f"{ratio:.2f} × ({min(measured):.2f} to {max(measured):.2f})"
    return Goal(f"at most {most} × {name}", spread, ratio <= most, what)
