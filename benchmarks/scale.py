"""What a deployment needs at each size, and what limits it: the tables of docs/scale.md.

    python -m benchmarks.scale
    python -m benchmarks.scale --uploads 25000000 --parts 64 --peak 8

Needs nothing but Python. Every assumption is a field of `scale_model.Assumptions`, explained in
docs/scale.md.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from benchmarks.scale_model import Assumptions, Load

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
"""Uploads per month."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: its name, the share of it that a load uses (1 is all of it); how to exceed it."""

    name: str
    share: Callable[[Load], float]
    lever: str


LIMITS = (
    Limit(
        "one sweep for what is due",
        lambda load: load.due_per_run / load.given.due_per_run,
        "run several sweeps at once, or run it more often",
    ),
    Limit(
        "one sweep for orphans",
        lambda load: load.pass_days / load.given.pass_days,
        "run several sweeps at once, which share the walk, or let a pass take longer than a month",
    ),
    Limit(
        "`MaximumConcurrency` of the events",
        lambda load: load.event_concurrency / load.given.event_concurrency,
        "raise it in template.yaml, up to 1,000",
    ),
    Limit(
        "connections of an M30",
        lambda load: load.connections / load.given.cluster_connections,
        "a larger cluster, or a lower reserved concurrency",
    ),
    Limit(
        "one replica set",
        lambda load: load.shards if load.shards > 1 else 0,
        "shard `uploads` by owner",
    ),
    Limit(
        "one partition of the bucket",
        lambda load: max(
            load.puts_per_second / load.given.put_per_prefix,
            load.gets_per_second / load.given.get_per_prefix,
        ),
        "S3 splits busy prefixes itself; raise the load over an hour, or ask AWS beforehand",
    ),
    Limit(
        "Lambda's default concurrency",
        lambda load: (
            (load.api_concurrency + load.event_concurrency) / load.given.lambda_concurrency
        ),
        "ask AWS for a higher quota",
    ),
    Limit(
        "API Gateway's default rate",
        lambda load: load.api_per_second / load.given.gateway_per_second,
        "ask AWS for a higher quota",
    ),
)


def rates_table(loads: Sequence[Load]) -> str:
    """Return the table of rates in the busiest hour."""
    head = (
        *("uploads/month", "uploads/s", "API requests/s", "API environments"),
        *("event environments", "connections", "MongoDB writes/s", "S3 writes/s", "S3 reads/s"),
    )
    return _table(
        head,
        (
            (
                f"{load.month:,}",
                *map(_figure, (load.per_second, load.api_per_second)),
                f"{math.ceil(load.api_concurrency):,}",
                f"{math.ceil(load.event_concurrency):,}",
                f"{load.connections:,}",
                *map(_figure, (load.writes_per_second, load.puts_per_second)),
                _figure(load.gets_per_second),
            )
            for load in loads
        ),
    )


def stock_table(loads: Sequence[Load]) -> str:
    """Return the table of what is stored, and of the sweep's work."""
    head = (
        *("uploads/month", "objects and records", "records, GB", "indexes, GB", "shards"),
        *("due per run", "sweeps at once", "days per orphan pass", "S3 partitions"),
    )
    return _table(
        head,
        (
            (
                f"{load.month:,}",
                *map(_figure, (load.objects, load.record_bytes / 1e9, load.index_bytes / 1e9)),
                f"{load.shards:,}",
                _figure(load.due_per_run),
                f"{load.sweeps:,}",
                _figure(load.pass_days),
                f"{load.partitions:,}",
            )
            for load in loads
        ),
    )


def limits_table(given: Assumptions) -> str:
    """Return the table of limits, with the size at which each is reached."""
    rows = sorted((_size_at(limit, given), limit.name, limit.lever) for limit in LIMITS)
    return _table(
        ("limit", "reached at, uploads/month", "lever"),
        ((name, f"{_two_digits(size):,}", lever) for size, name, lever in rows),
    )


def _size_at(limit: Limit, given: Assumptions) -> int:
    """Return the smallest number of uploads per month that exceeds a limit, by bisection."""
    least, most = 1, 10**15
    while least < most:
        middle = (least + most) // 2
        if limit.share(Load(middle, given)) > 1:
            most = middle
        else:
            least = middle + 1
    return least


def _two_digits(value: int) -> int:
    """Round to two significant digits: no assumption is more precise."""
    return int(float(f"{value:.1e}"))


def _figure(value: float) -> str:
    """Format with three significant digits below 100, and as a whole number from there on."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 else f"{value:.0e}".replace("e-0", "e-")


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print the tables for the assumptions on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--uploads", type=int, action="append", help="uploads per month; repeatable"
    )
    for field in fields(Assumptions):
        name = field.name.replace("_", "-")
        parser.add_argument(f"--{name}", type=float, help=f"default: {field.default}")
    chosen = vars(parser.parse_args())
    sizes = chosen.pop("uploads") or SIZES
    given = replace(
        Assumptions(), **{name: value for name, value in chosen.items() if value is not None}
    )
    loads = [Load(size, given) for size in sizes]
    print(rates_table(loads), stock_table(loads), limits_table(given), sep="\n\n")


if __name__ == "__main__":
    main()
