"""CPU time from the start of a process under awslambdaric to its first response.

python -m benchmarks.cold_start [--json] [--small]
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from statistics import median
from typing import Any, NamedTuple

import psutil

from benchmarks import servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import REQUEST_UPLOAD, SignedIn, file, graphql, sign_up
from local import ports
from local.server import Server
from tests.lambda_runtime.events import recorded
from tests.lambda_runtime.function import _lambda_variables
from tests.lambda_runtime.runtime_api import RuntimeApi

ROUNDS = 7
FLOOR = "bare Strawberry and PyMongo"
GOALS = {FLOOR: 1.3, "REST: FastAPI, boto3, Motor": 0.75}
SERVICE = "service: requestUpload"


async def cold_start(options: Options) -> Report:
    """Measure each handler until its first response, in alternating rounds."""
    with servers.on_other_cores():
        async with servers.mongod() as url:
            environment = servers.settings(url, "bench")
            [user] = await sign_up(environment, 1)
            body = graphql(REQUEST_UPLOAD, {"input": file(1)}).decode()
            handlers = {
                SERVICE: ("gql_api.lambda_handlers.api", event("/graphql", user, body)),
                FLOOR: (
                    "benchmarks.peers.floor.handler",
                    event("/graphql", user, "{}"),
                ),
                "REST: FastAPI, boto3, Motor": (
                    "benchmarks.peers.lambda_rest.handler",
                    event("/uploads", user, json.dumps(file(1))),
                ),
            }
            measured: dict[str, list[Start]] = {name: [] for name in handlers}
            # The first round is discarded: it writes bytecode and fills the page cache.
            for number in range(options.rounds(ROUNDS) + 1):
                for name, (handler, request) in handlers.items():
                    start = await first_answer(handler, request, environment)
                    measured[name] += [start] if number else []
    return _report(measured)


def event(path: str, user: SignedIn, body: str) -> dict[str, Any]:
    """Return the event that API Gateway sends for a POST request."""
    request = recorded("http")
    request["requestContext"]["http"].update(method="POST", path=path)
    headers = {"content-type": "application/json", **user.headers}
    headers["authorization"] = headers.pop("Authorization")
    return {**request, "rawPath": path, "rawQueryString": "", "headers": headers, "body": body}


class Start(NamedTuple):
    """The CPU time of a process until its first response, and the time that this took."""

    cpu_seconds: float
    seconds: float


async def first_answer(
    handler: str, request: dict[str, Any], environment: Mapping[str, str]
) -> Start:
    """Start a process, send it a request, which must succeed, and return what this took."""
    api = RuntimeApi()
    server = Server(api.app, ports.bound_socket(ports.free_port()))
    await server.start()
    outcome = api.invoke(request)
    of_lambda = _lambda_variables(server.url.removeprefix("http://"))
    of_lambda.pop("PYTHONDONTWRITEBYTECODE")
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *("taskset", "--cpu-list", str(servers.SERVER_CORE)),
            *(sys.executable, "-m", "awslambdaric", handler),
            env={**of_lambda, **environment},
            cwd=servers.ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            async with asyncio.timeout(60):
                answer = await outcome
            seconds = time.perf_counter() - began
            times = psutil.Process(process.pid).cpu_times()
        finally:
            process.kill()
            await process.wait()
            api.stop()
            await server.stop()
    assert answer["statusCode"] in (200, 201), answer
    assert '"errors"' not in answer["body"], answer
    return Start(times.user + times.system, seconds)


def _report(measured: Mapping[str, list[Start]]) -> Report:
    report = Report("cold_start", "Cold start under awslambdaric, to the first response")
    ours = measured[SERVICE]
    for name, starts in measured.items():
        pairs = zip(ours, starts, strict=True)
        ratio = median(a.cpu_seconds / b.cpu_seconds for a, b in pairs)
        report.rows.append(
            {
                "handler": name,
                "CPU s": median(start.cpu_seconds for start in starts),
                "seconds": median(start.seconds for start in starts),
                "service's CPU is": f"{ratio:.2f} ×",
            }
        )
        if name in GOALS:
            text = f"at most {GOALS[name]} × the CPU time of {name}"
            what = "cold start to the first response"
            report.goals.append(Goal(text, f"{ratio:.2f} ×", ratio <= GOALS[name], what))
    return report


if __name__ == "__main__":
    main(cold_start)
