"""uploads(first: 20) over HTTP, with one core for the server.

python -m benchmarks.list_uploads [--json] [--small]
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import load, servers
from benchmarks.contender import CONNECTIONS, Contender, alternate, ratio
from benchmarks.report import Goal, Options, Report, main
from benchmarks.servers import App
from benchmarks.users import LIST_UPLOADS, SignedIn, graphql, record_uploads, sign_up

USERS = 64
UPLOADS = 40  # Of each user: two pages.
PAGE = 20
ROUND_SECONDS = 6.0
ROUNDS = 5
MOST = 1.0  # In CPU time per request.


async def list_uploads(options: Options) -> Report:
    """Measure requests/s and CPU of the service and of a REST peer, in alternating rounds."""
    with servers.on_other_cores():
        async with servers.mongod() as url:
            environment = servers.settings(url, "bench")
            users = await sign_up(environment, USERS)
            await record_uploads(environment, users, UPLOADS)
            async with (
                servers.app("benchmarks.service:app", environment) as service,
                servers.app("benchmarks.peers.rest_list:app", environment) as peer,
            ):
                contenders = [_service(service, users), _peer(peer, users)]
                rounds = options.rounds(ROUNDS)
                await alternate(contenders, rounds, options.seconds(ROUND_SECONDS))
    return _report(contenders)


def _service(app: App, users: Sequence[SignedIn]) -> Contender:
    body = graphql(LIST_UPLOADS, {"first": PAGE})
    requests = [load.http_request("api.test", "/graphql", user.headers, body) for user in users]
    expected = b'"hasNextPage":true'
    return Contender("service", app, lambda number: requests[number % USERS], expected)


def _peer(app: App, users: Sequence[SignedIn]) -> Contender:
    path = f"/uploads?first={PAGE}"
    requests = [load.http_request("api.test", path, user.headers) for user in users]
    name, expected = "REST, FastAPI and AsyncMongoClient", b'"hasNextPage":true'
    return Contender(name, app, lambda number: requests[number % USERS], expected)


def _report(contenders: Sequence[Contender]) -> Report:
    title = f"uploads(first: {PAGE}) over HTTP: {CONNECTIONS} connections, one core"
    report = Report("list_uploads", title)
    for contender in contenders:
        times = 1 / ratio(contenders[0], contender)
        report.rows.append({**contender.row(), "service's CPU is": f"{times:.2f} ×"})
    report.goals.append(
        Goal(
            f"at most {MOST} × the CPU time of FastAPI and AsyncMongoClient",
            f"{times:.2f} ×",
            times <= MOST,
            f"uploads(first: {PAGE}) over HTTP",
        )
    )
    return report


if __name__ == "__main__":
    main(list_uploads)
