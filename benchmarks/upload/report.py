"""The table, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.upload.measure import Figures, medians
from benchmarks.upload.tools import FLOOR, OURS

Runs = Mapping[str, Mapping[str, Sequence[Figures]]]
_MIB = 1024 * 1024


def ratio(ours: Sequence[Figures], other: Sequence[Figures]) -> float:
    """How many times our wall time the other's is: the median over the rounds.

    Runs of one round follow each other, so what else the machine does weighs on both.
    """
    return median(
        theirs.wall_seconds / mine.wall_seconds for mine, theirs in zip(ours, other, strict=True)
    )


def table(runs: Runs) -> str:
    """For people. `of ours`: the tool's wall time in terms of ours; below 1, it is faster."""
    lines = [f"{'':28}{'wall s':>9}{'of ours':>9}{'CPU s':>9}{'MiB':>7}"]
    for row, tools in runs.items():
        rounds = len(next(iter(tools.values())))
        lines += ["", f"{row} (medians of {rounds} rounds)"]
        for tool, figures in tools.items():
            middle = medians(figures)
            lines.append(
                f"  {tool:26}{middle.wall_seconds:9.2f}"
                f"{ratio(tools[OURS], figures) if OURS in tools else 0:9.2f}"
                f"{middle.cpu_seconds:9.2f}{middle.memory_bytes / _MIB:7.0f}"
            )
        lines.append(f"  {_verdict(tools)}")
    return "\n".join(lines)


def _verdict(tools: Mapping[str, Sequence[Figures]]) -> str:
    peers = [name for name in tools if not name.startswith(OURS) and name != FLOOR]
    if OURS not in tools or not peers:
        return ""
    best = min(peers, key=lambda name: ratio(tools[OURS], tools[name]))
    text = f"ours takes {1 / ratio(tools[OURS], tools[best]):.2f} of the best peer's time ({best})"
    if FLOOR in tools:
        text += f", {1 / ratio(tools[OURS], tools[FLOOR]):.2f} of curl's"
    return text


def as_json(runs: Runs) -> dict[str, dict[str, dict[str, float | list[float]]]]:
    """For programs."""
    return {
        row: {
            tool: {
                "wall_seconds": middle.wall_seconds,
                "cpu_seconds": middle.cpu_seconds,
                "memory_bytes": middle.memory_bytes,
                "ratio_to_ours": ratio(tools[OURS], figures) if OURS in tools else 0.0,
                "wall_seconds_of_each": [run.wall_seconds for run in figures],
            }
            for tool, figures in tools.items()
            for middle in [medians(figures)]
        }
        for row, tools in runs.items()
    }
