"""requestUpload with 1 to 1,000 concurrent clients.

python -m benchmarks.concurrency [--json] [--small]
"""

from __future__ import annotations

import asyncio
from statistics import median

from benchmarks import servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.request_upload import graphql_contender
from benchmarks.users import sign_up

CLIENTS = (1, 10, 100, 1_000)
SECONDS = 10.0
LONG_SECONDS = 60.0
USERS = 64
FLAT = 1.1
_SAMPLE_INTERVAL_SECONDS = 0.25


async def concurrency(options: Options) -> Report:
    """Measure requests/s, latencies, errors and memory for each number of clients."""
    report = Report("concurrency", "requestUpload with 1 to 1,000 concurrent clients")
    with servers.on_other_cores():
        async with servers.mongod() as url:
            environment = servers.settings(url, "bench")
            users = await sign_up(environment, USERS)
            async with servers.app("benchmarks.service:app", environment) as app:
                contender = graphql_contender(app, users)
                await contender.round(2, connections=16)
                for clients in CLIENTS:
                    full = LONG_SECONDS if clients == CLIENTS[-1] else SECONDS
                    memory: list[float] = []
                    watch = asyncio.create_task(_sample_memory(app, memory))
                    outcome = await contender.round(options.seconds(full), clients)
                    watch.cancel()
                    report.rows.append(
                        {
                            "clients": clients,
                            "requests/s": outcome.per_second,
                            "p50 ms": outcome.percentile_ms(50),
                            "p99 ms": outcome.percentile_ms(99),
                            "CPU ms/request": contender.cpu_ms[-1],
                            "errors": outcome.errors,
                            "memory MiB, 2nd quarter": _quarter(memory, 1),
                            "memory MiB, last quarter": _quarter(memory, 3),
                        }
                    )
    report.goals.append(Goal("no errors", f"{contender.errors} errors", contender.errors == 0))
    growth = _quarter(memory, 3) / _quarter(memory, 1)
    report.goals.append(
        Goal(f"memory flat (within {FLAT}) at {clients:,}", f"{growth:.2f} ×", growth <= FLAT)
    )
    return report


async def _sample_memory(app: servers.App, memory: list[float]) -> None:
    while True:
        memory.append(app.memory_mib())
        await asyncio.sleep(_SAMPLE_INTERVAL_SECONDS)


def _quarter(values: list[float], number: int) -> float:
    """Return the median of one quarter (0 to 3) of the values, which are in order of time."""
    length = len(values)
    return median(values[number * length // 4 : (number + 1) * length // 4] or values)


if __name__ == "__main__":
    main(concurrency)
