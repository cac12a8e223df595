"""The report: a table with goals, or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from benchmarks.upload.measure import Figures, medians
from benchmarks.upload.tools import FLOOR, OURS, S5CMD

Tools = Mapping[str, Sequence[Figures]]
Runs = Mapping[str, Tools]
_MIB = 1024 * 1024

NOISE = 1.05  # Two series of runs of the same tool differ by this factor.
FLOOR_MOST = 1.1
MEMORY_MOST_BYTES = 100 * _MIB


@dataclass(frozen=True, slots=True)
class Goal:
    """A performance goal, whether it was met, and the measured figures."""

    text: str
    met: bool
    figures: str

    def line(self) -> str:
        """Return the goal as a line of the report."""
        return f"{'met' if self.met else 'MISSED'}: {self.text}: {self.figures}"


def ratios(ours: Sequence[Figures], other: Sequence[Figures]) -> list[float]:
    """Return our wall-clock time divided by the other tool's, for each round.

    Runs of the same round are close together, so other load on the machine affects both.
    """
    return [
        mine.wall_seconds / theirs.wall_seconds for mine, theirs in zip(ours, other, strict=True)
    ]


def goals(tools: Tools, *, floor: bool) -> Iterator[Goal]:
    """Yield the goals whose tools were run; `floor` adds the comparison with curl."""
    ours = tools[OURS]
    peers = [name for name in tools if not name.startswith(OURS) and name != FLOOR]
    if peers:
        best = max(peers, key=lambda name: median(ratios(ours, tools[name])))
        measured = ratios(ours, tools[best])
        text = f"not slower than the best peer, {best} (noise: {NOISE})"
        yield Goal(text, median(measured) <= NOISE, _spread(measured))
    if floor and FLOOR in tools:
        measured = ratios(ours, tools[FLOOR])
        yield Goal(
            f"within {FLOOR_MOST} of {FLOOR}", median(measured) <= FLOOR_MOST, _spread(measured)
        )
    if S5CMD in tools:
        mine, theirs = medians(ours).cpu_seconds, medians(tools[S5CMD]).cpu_seconds
        figures = f"{mine:.2f} s against {theirs:.2f} s, {mine / theirs:.2f}"
        yield Goal(f"less CPU than {S5CMD}", mine < theirs, figures)
    peak = max(run.memory_bytes for run in ours)
    text = f"less than {MEMORY_MOST_BYTES // _MIB} MiB of memory"
    yield Goal(text, peak < MEMORY_MOST_BYTES, f"{peak / _MIB:.0f} MiB at most")


def _spread(measured: Sequence[float]) -> str:
    return f"{median(measured):.2f} of its time ({min(measured):.2f} to {max(measured):.2f})"


def table(runs: Runs) -> str:
    """Return a text table. `ours is` is our wall-clock time relative to the tool's."""
    lines = [f"{'':28}{'wall s':>9}{'ours is':>9}{'CPU s':>9}{'MiB':>7}"]
    for row, tools in runs.items():
        rounds = len(next(iter(tools.values())))
        lines += ["", f"{row} (medians of {rounds} rounds)"]
        for tool, figures in tools.items():
            middle = medians(figures)
            relative = f"{median(ratios(tools[OURS], figures)):.2f}" if OURS in tools else ""
            lines.append(
                f"  {tool:26}{middle.wall_seconds:9.2f}{relative:>9}"
                f"{middle.cpu_seconds:9.2f}{middle.memory_bytes / _MIB:7.0f}"
            )
        if OURS in tools:
            lines += [f"  - {goal.line()}" for goal in goals(tools, floor=_has_floor(row))]
    return "\n".join(lines)


def _has_floor(row: str) -> bool:
    """Return whether curl is the lower bound: its one connection is not limited by a slow line."""
    return "1 GiB" in row


def as_json(runs: Runs) -> dict[str, object]:
    """Return the medians and goals as a JSON object."""
    return {
        row: {
            "tools": {
                tool: {
                    **asdict(medians(figures)),
                    "ours_is": median(ratios(tools[OURS], figures)) if OURS in tools else None,
                    "wall_seconds_of_each": [run.wall_seconds for run in figures],
                }
                for tool, figures in tools.items()
            },
            "goals": [asdict(goal) for goal in goals(tools, floor=_has_floor(row))]
            if OURS in tools
            else [],
        }
        for row, tools in runs.items()
    }
