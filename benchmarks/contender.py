"""Servers that are measured against each other over HTTP, in alternating rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks import load
from benchmarks.servers import App

CONNECTIONS = 64


@dataclass
class Contender:
    """A server, the requests sent to it, and the figures of each round."""

    name: str
    app: App
    make_request: load.MakeRequest
    expected: bytes
    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    errors: int = 0

    async def round(self, seconds: float, connections: int = CONNECTIONS) -> load.Load:
        """Measure one round."""
        cpu = self.app.cpu_seconds()
        outcome = await load.run(
            self.app.port, connections, seconds, self.make_request, expected=self.expected
        )
        cpu = self.app.cpu_seconds() - cpu
        self.per_second.append(outcome.per_second)
        self.cpu_ms.append(cpu * 1000 / len(outcome.latencies))
        self.busy.append(cpu / outcome.seconds)
        self.p50_ms.append(outcome.percentile_ms(50))
        self.p99_ms.append(outcome.percentile_ms(99))
        self.errors += outcome.errors
        return outcome

    def row(self) -> dict[str, str | int | float]:
        """Return the medians of all rounds."""
        return {
            "server": self.name,
            "requests/s": median(self.per_second),
            "CPU ms/request": median(self.cpu_ms),
            "requests/s of a full core": 1000 / median(self.cpu_ms),
            "core busy %": median(self.busy) * 100,
            "p50 ms": median(self.p50_ms),
            "p99 ms": median(self.p99_ms),
            "errors": self.errors,
        }


async def alternate(contenders: Sequence[Contender], rounds: int, seconds: float) -> None:
    """Measure the rounds, after warming up caches and connections."""
    for contender in contenders:
        await load.run(
            contender.app.port, 8, 1, contender.make_request, expected=contender.expected
        )
    for _ in range(rounds):
        for contender in contenders:
            await contender.round(seconds)


def ratio(service: Contender, peer: Contender) -> float:
    """Return how many requests the service handles per request of the peer, on the same core.

    The ratio is the median over the rounds of the ratios of CPU time, not of requests/s, because
    other processes may use the core too. On an otherwise idle core, both ratios are the same.
    """
    pairs = zip(service.cpu_ms, peer.cpu_ms, strict=True)
    return median(theirs / ours for ours, theirs in pairs)
