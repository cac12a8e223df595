"""Benchmark reports: tables of medians and ratios, as Markdown or JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isnan

from benchmarks import machine

Value = str | int | float | None


@dataclass(frozen=True)
class Goal:
    """A performance goal, and whether it was met; `what` is its row in the summary, if any."""

    text: str
    measured: str
    met: bool
    what: str = ""

    @property
    def verdict(self) -> str:
        return "met" if self.met else "MISSED"


@dataclass
class Report:
    """One table, with a row per contender, and its goals and notes.

    `command` prints it; `make bench-` and the name unless given.
    """

    name: str
    title: str
    rows: list[Mapping[str, Value]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    command: str = ""

    def __post_init__(self) -> None:
        self.command = self.command or f"make bench-{self.name.replace('_', '-')}"

    def text(self) -> str:
        """Return the report as Markdown."""
        lines = [f"## {self.title}", "", f"`{self.command}`", "", *_table(self.rows), ""]
        lines += [f"- {goal.verdict}: {goal.text}: {goal.measured}" for goal in self.goals]
        lines += [f"- {note}" for note in self.notes]
        return "\n".join(lines)


@dataclass(frozen=True)
class Options:
    """`small` is a quick run: shorter rounds, less data, more variance."""

    small: bool

    def seconds(self, full: float) -> float:
        """Return the duration of a round."""
        return max(1.0, full / 4) if self.small else full

    def rounds(self, full: int) -> int:
        """Return the number of rounds; an odd number, so that one of them is the median."""
        return min(full, 3) if self.small else full


Benchmark = Callable[[Options], Awaitable[Report | Sequence[Report]]]


def main(*benchmarks: Benchmark) -> None:
    """Run benchmarks and print tables, or one JSON document with `--json`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--small", action="store_true", help="run quickly, with less data")
    arguments = parser.parse_args()
    options = Options(arguments.small)

    def reports() -> Iterator[Report]:
        for benchmark in benchmarks:
            print(f"{benchmark.__name__} …", file=sys.stderr, flush=True)
            yield from asyncio.run(_reports(benchmark, options))

    show(reports(), as_json=arguments.json)


def show(reports: Iterable[Report], *, as_json: bool) -> None:
    """Print the machine and the reports, each as soon as it is made, and their summary."""
    where = machine.describe()
    if as_json:
        made = [asdict(report) for report in reports]
        print(json.dumps({"machine": where, "reports": made}, indent=1))
        return
    print("Machine:", ", ".join(f"{name} {value}" for name, value in where.items()), "\n")
    summary: list[Mapping[str, Value]] = []
    for report in reports:
        print(report.text(), "\n", flush=True)
        summary += [
            {"what": goal.what, "goal": goal.text, "measured": goal.measured, "": goal.verdict}
            for goal in report.goals
            if goal.what
        ]
    if summary:
        print("\n".join(["## Summary", "", *_table(summary)]))


async def _reports(benchmark: Benchmark, options: Options) -> Sequence[Report]:
    made = await benchmark(options)
    return [made] if isinstance(made, Report) else made


def _table(rows: Sequence[Mapping[str, Value]]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, ["---"] * len(names)]
    lines += [[_format(row.get(name)) for name in names] for row in rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _format(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        if isnan(value):
            return "none"
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value
