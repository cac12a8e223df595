"""Row 1: requestUpload over HTTP, with one core for the server.

python -m benchmarks.request_upload [--json] [--small]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from benchmarks import load, servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.servers import App
from benchmarks.users import REQUEST_UPLOAD, SignedIn, file, graphql, sign_up

CONNECTIONS = 64
USERS = 64
ROUND_SECONDS = 6.0
ROUNDS = 3

_numbers = count()


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


def graphql_contender(app: App, users: Sequence[SignedIn]) -> Contender:
    """Return the service as a contender."""

    def make_request(connection: int) -> bytes:
        body = graphql(REQUEST_UPLOAD, {"input": file(next(_numbers))})
        user = users[connection % len(users)]
        return load.http_request("api.test", "/graphql", user.headers, body)

    return Contender("service: quota and record", app, make_request, b'"__typename":"UploadTicket"')


def rest_contender(name: str, app: App, users: Sequence[SignedIn]) -> Contender:
    """Return a REST peer as a contender."""

    def make_request(connection: int) -> bytes:
        body = json.dumps(file(next(_numbers))).encode()
        user = users[connection % len(users)]
        return load.http_request("api.test", "/uploads", user.headers, body)

    return Contender(name, app, make_request, b'"url":"https://')


async def request_upload(options: Options) -> Report:
    """Measure requests/s and CPU of the service and three peers, in alternating rounds."""
    async with AsyncExitStack() as exits:
        exits.enter_context(servers.on_other_cores())
        url = await exits.enter_async_context(servers.mongod())
        environment = servers.settings(url, "bench")
        users = await sign_up(environment, USERS)
        service = await exits.enter_async_context(
            servers.app("benchmarks.service:app", environment)
        )
        contenders = [graphql_contender(service, users)]
        for name, database in (
            ("REST, writes nothing", "none"),
            ("REST, one insert (PyMongo)", "pymongo"),
            ("REST, one insert (Motor)", "motor"),
        ):
            app = await exits.enter_async_context(
                servers.app("benchmarks.peers.rest:app", {**environment, "PEER_DATABASE": database})
            )
            contenders.append(rest_contender(name, app, users))
        for contender in contenders:  # Warm up caches and connections.
            await load.run(
                contender.app.port, 8, 1, contender.make_request, expected=contender.expected
            )
        for _ in range(options.rounds(ROUNDS)):
            for contender in contenders:
                await contender.round(options.seconds(ROUND_SECONDS))
    return _report(contenders)


def _report(contenders: Sequence[Contender]) -> Report:
    rows = [contender.row() for contender in contenders]
    report = Report(
        "request_upload",
        f"1. requestUpload over HTTP: {CONNECTIONS} connections, {USERS} users, one core",
    )
    service, nothing, *inserting = contenders
    for row, contender in zip(rows, contenders, strict=True):
        report.rows.append({**row, "service is": f"{_ratio(service, contender):.2f} ×"})
    best = min(inserting, key=lambda contender: median(contender.cpu_ms))
    for text, peer, least in (
        ("as many requests/s as the peer that writes nothing", nothing, 1.0),
        (f"twice the requests/s of the best peer that writes ({best.name})", best, 2.0),
    ):
        ratio = _ratio(service, peer)
        report.goals.append(Goal(text, f"{ratio:.2f} ×", ratio >= least))
    return report


def _ratio(service: Contender, peer: Contender) -> float:
    """Return how many requests the service handles per request of the peer, on the same core.

    The ratio is the median over the rounds of the ratios of CPU time, not of requests/s, because
    other processes may use the core too. On an otherwise idle core, both ratios are the same.
    """
    pairs = zip(service.cpu_ms, peer.cpu_ms, strict=True)
    return median(theirs / ours for ours, theirs in pairs)


if __name__ == "__main__":
    main(request_upload)
