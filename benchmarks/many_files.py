"""requestUploads with 500 files, selecting ids and URLs.

python -m benchmarks.many_files [--json] [--small]
"""

from __future__ import annotations

from itertools import count
from statistics import median

from benchmarks import load, servers
from benchmarks.contender import Contender
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import file, graphql, sign_up

FILES = 500
GOAL_PER_SECOND = 10_000
ROUND_SECONDS = 6.0
ROUNDS = 3
QUERY = """
mutation RequestUploads($input: [RequestUploadInput!]!) {
  requestUploads(input: $input) {
    ... on UploadTicket { upload { id transfer { parts { url } } } }
    ... on UserError { code message }
  }
}
"""


async def many_files(options: Options) -> Report:
    """Measure files per second of wall-clock time and of the server's CPU time."""
    with servers.on_other_cores():
        async with servers.mongod() as url:
            environment = servers.settings(url, "bench")
            [user] = await sign_up(environment, 1)
            numbers = count()

            def make_request(_connection: int) -> bytes:
                files = [file(next(numbers)) for _ in range(FILES)]
                body = graphql(QUERY, {"input": files})
                return load.http_request("api.test", "/graphql", user.headers, body)

            async with servers.app("benchmarks.service:app", environment) as app:
                contender = Contender("service", app, make_request, b'"url":"https://')
                for _ in range(options.rounds(ROUNDS) + 1):
                    await contender.round(options.seconds(ROUND_SECONDS), connections=2)
    return _report(contender)


def _report(contender: Contender) -> Report:
    report = Report("many_files", f"requestUploads with {FILES} files, one core")
    # The first round warms up.
    by_clock = median(contender.per_second[1:]) * FILES
    by_cpu = FILES * 1000 / median(contender.cpu_ms[1:])
    report.rows.append(
        {
            "server": contender.name,
            "files/s": by_clock,
            "files/s of CPU": by_cpu,
            "CPU µs/file": 1e6 / by_cpu,
            "p50 ms/call": median(contender.p50_ms[1:]),
            "errors": contender.errors,
        }
    )
    report.goals.append(
        Goal(
            f"{GOAL_PER_SECOND:,} files per second and core",
            f"{by_cpu:,.0f}",
            by_cpu >= GOAL_PER_SECOND,
        )
    )
    return report


if __name__ == "__main__":
    main(many_files)
