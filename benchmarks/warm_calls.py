"""Calls Lambda handlers in this process and measures them; `warm_request` starts it.

It reads a `Plan` from its input and writes what it measured, by row, to its output.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, TypeAlias, TypedDict

Json: TypeAlias = dict[str, Any]
Call: TypeAlias = Callable[[Json], Json]

WARM_UP_CALLS = 30
SERVICE_ERRORS = ('"errors"', '"code"')

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
    "/asyncio/": "asyncio",
}


class Row(TypedDict):
    """A kind of request: the events for both handlers, which are sent in turn.

    `handler` names the floor. `reset` has the ids of uploads that are PENDING before each round.
    """

    name: str
    service: Sequence[Json]
    floor: Sequence[Json]
    handler: str
    reset: Sequence[str]


class Plan(TypedDict):
    """What to measure, and in how many rounds."""

    rounds: int
    rows: Sequence[Row]


class Measured(TypedDict):
    """Milliseconds of CPU time per call: by round, and those of the service by layer."""

    service_ms: list[float]
    floor_ms: list[float]
    layers_ms: dict[str, float]


def measure(row: Row, rounds: int) -> Measured:
    """Measure one kind of request and its floor, in alternating rounds."""
    # Imported late: building the floors at import reads the environment.
    from benchmarks.peers import lambda_floor
    from gql_api.lambda_handlers import api

    def service(event: Json) -> None:
        answer = api(event, None)  # type: ignore[arg-type]
        assert answer["statusCode"] == 200, answer
        assert not any(sign in answer["body"] for sign in SERVICE_ERRORS), answer

    def floor(event: Json) -> None:
        answer = handler(event, None)
        assert answer["statusCode"] in (200, 201), answer

    def reset() -> None:
        lambda_floor.uploads.update_many(
            {"_id": {"$in": row["reset"]}},
            {"$set": {"status": "PENDING"}, "$unset": {"stored_at": "", "etag": ""}},
        )

    handler = getattr(lambda_floor, row["handler"])
    for call, events in ((service, row["service"]), (floor, row["floor"])):
        reset()
        _cpu_ms(call, events[:WARM_UP_CALLS])
    service_ms, floor_ms = [], []
    for _ in range(rounds):
        reset()
        service_ms.append(_cpu_ms(service, row["service"]))
        reset()
        floor_ms.append(_cpu_ms(floor, row["floor"]))
    reset()
    layers_ms = _layers_ms(service, row["service"], median(service_ms))
    return Measured(service_ms=service_ms, floor_ms=floor_ms, layers_ms=layers_ms)


def _cpu_ms(call: Callable[[Json], None], events: Sequence[Json]) -> float:
    """Return the CPU milliseconds per call, of all threads."""
    began = time.process_time()
    for event in events:
        call(event)
    return (time.process_time() - began) * 1000 / len(events)


def _layers_ms(
    call: Callable[[Json], None], events: Sequence[Json], whole_ms: float
) -> dict[str, float]:
    """Return the milliseconds of each layer, largest first, of the whole."""
    threads = time.process_time() - time.thread_time()
    profile = cProfile.Profile(time.thread_time)
    profile.enable()
    for event in events:
        call(event)
    profile.disable()
    threads_ms = (time.process_time() - time.thread_time() - threads) * 1000 / len(events)
    layers: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if function[0] != "~":
            layers[_layer(function[0])] += own
        for caller, (_, _, part, _) in callers.items() if function[0] == "~" else ():
            layers[_layer(caller[0])] += part
    scale = (whole_ms - threads_ms) / sum(layers.values())
    scaled = {layer: seconds * scale for layer, seconds in layers.items()}
    scaled["other threads"] = threads_ms
    return {**dict(sorted(scaled.items(), key=lambda item: -item[1])), "all": whole_ms}


def _layer(path: str) -> str:
    return next((name for part, name in LAYERS.items() if part in path), "standard library")


if __name__ == "__main__":
    plan: Plan = json.load(sys.stdin)
    rows = {row["name"]: measure(row, plan["rounds"]) for row in plan["rows"]}
    json.dump(rows, sys.stdout)
