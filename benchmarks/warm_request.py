"""Row 5: a warm requestUpload through the Lambda handler, and the share of each layer.

python -m benchmarks.warm_request [--json] [--small]
"""

from __future__ import annotations

import asyncio
import cProfile
import os
import pstats
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks import servers
from benchmarks.cold_start import event
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import REQUEST_UPLOAD, file, graphql, sign_up

CALLS = 300
ROUNDS = 7
GOAL_MS = 2.0

# The first match in a file's path decides. A built-in function counts towards its caller.
LAYERS = {
    "/mangum/": "Mangum",
    "/starlette/": "Starlette",
    "/cross_web/": "Strawberry",
    "/strawberry/": "Strawberry",
    "/graphql/": "graphql-core",
    "/gql_api/schema/": "schema",
    "/gql_api/services/": "services and domain",
    "/gql_api/domain/": "services and domain",
    "/gql_api/adapters/": "adapters",
    "/gql_api/": "app",
    "/pymongo/": "PyMongo and BSON",
    "/bson/": "PyMongo and BSON",
    "/jose/": "python-jose",
    "/asyncio/": "asyncio",
}


async def warm_request(options: Options) -> Report:
    """Measure CPU milliseconds per request, and profile the share of each layer."""
    with servers.on_other_cores():
        async with servers.mongod() as url:
            environment = servers.settings(url, "bench")
            [user] = await sign_up(environment, 1)
            body = graphql(REQUEST_UPLOAD, {"input": file(1)}).decode()
            request = event("/graphql", user, body)
            return await asyncio.to_thread(_measure, environment, request, options)


def _measure(environment: dict[str, str], request: dict[str, Any], options: Options) -> Report:
    """Measure in a thread, because the handler runs its own event loop."""
    os.environ.update(environment)
    os.sched_setaffinity(0, {servers.SERVER_CORE})
    from gql_api.lambda_handlers import api

    def call() -> None:
        answer = api(request, None)  # type: ignore[arg-type]
        assert '"UploadTicket"' in answer["body"], answer

    for _ in range(50):
        call()
    milliseconds = [_cpu_ms(call) for _ in range(options.rounds(ROUNDS))]
    report = Report("warm_request", "5. A warm requestUpload through the Lambda handler")
    whole = median(milliseconds)
    for layer, share in _shares(call).items():
        report.rows.append({"layer": layer, "share %": share * 100, "CPU ms": share * whole})
    report.rows.append({"layer": "all", "share %": 100.0, "CPU ms": whole})
    report.goals.append(Goal(f"below {GOAL_MS} ms of CPU", f"{whole:.2f} ms", whole < GOAL_MS))
    report.notes.append("Shares are from cProfile, which overstates small functions.")
    return report


def _cpu_ms(call: Callable[[], None]) -> float:
    began = time.thread_time()
    for _ in range(CALLS):
        call()
    return (time.thread_time() - began) * 1000 / CALLS


def _shares(call: Callable[[], None]) -> dict[str, float]:
    """Return the share of CPU time of each layer, largest first."""
    profile = cProfile.Profile(time.thread_time)
    profile.enable()
    for _ in range(CALLS):
        call()
    profile.disable()
    layers: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if function[0] != "~":
            layers[_layer(function[0])] += own
        for caller, (_, _, part, _) in callers.items() if function[0] == "~" else ():
            layers[_layer(caller[0])] += part
    whole = sum(layers.values())
    by_size = sorted(layers.items(), key=lambda item: -item[1])
    return {layer: seconds / whole for layer, seconds in by_size}


def _layer(path: str) -> str:
    return next((name for part, name in LAYERS.items() if part in path), "standard library")


if __name__ == "__main__":
    main(warm_request)
