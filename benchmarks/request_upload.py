"""requestUpload over HTTP, with one core for the server.

python -m benchmarks.request_upload [--json] [--small]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from statistics import median

from benchmarks import load, servers
from benchmarks.contender import CONNECTIONS, Contender, alternate, ratio
from benchmarks.report import Goal, Options, Report, main
from benchmarks.servers import App
from benchmarks.users import REQUEST_UPLOAD, SignedIn, file, graphql, sign_up

USERS = 64
ROUND_SECONDS = 6.0
ROUNDS = 3
# In requests per second of a core.
LEAST_NOTHING, LEAST_WRITING = 0.95, 1.7

_numbers = count()


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
        await alternate(contenders, options.rounds(ROUNDS), options.seconds(ROUND_SECONDS))
    return _report(contenders)


def _report(contenders: Sequence[Contender]) -> Report:
    rows = [contender.row() for contender in contenders]
    report = Report(
        "request_upload",
        f"requestUpload over HTTP: {CONNECTIONS} connections, {USERS} users, one core",
    )
    service, nothing, *inserting = contenders
    for row, contender in zip(rows, contenders, strict=True):
        report.rows.append({**row, "service is": f"{ratio(service, contender):.2f} ×"})
    best = min(inserting, key=lambda contender: median(contender.cpu_ms))
    for name, peer, least in (
        ("REST that writes nothing", nothing, LEAST_NOTHING),
        (f"the best that writes, {best.name}", best, LEAST_WRITING),
    ):
        times = ratio(service, peer)
        text = f"at least {least} × the requests/s of {name}"
        what = "requestUpload over HTTP"
        report.goals.append(Goal(text, f"{times:.2f} ×", times >= least, what))
    return report


if __name__ == "__main__":
    main(request_upload)
