"""Warm requests through the Lambda handler, beside floors written by hand.

    python -m benchmarks.warm_request [--json] [--small]

The second table shows which layers take the service's time.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks import servers
from benchmarks.cold_start import event
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import (
    COMPLETE_UPLOAD,
    LIST_UPLOADS,
    REQUEST_UPLOAD,
    SignedIn,
    file,
    graphql,
    record_uploads,
    sign_up,
)
from benchmarks.warm_calls import Json, Measured, Plan, Row
from gql_api.domain.uploads import Upload
from local.gateway import Gateway

CALLS, SMALL_CALLS = 100, 50
ROUNDS, SMALL_ROUNDS = 15, 5
PAGE = 20
REQUEST, COMPLETE, LIST = "requestUpload", "completeUpload", f"uploads(first: {PAGE})"
GOALS = {REQUEST: 1.6, COMPLETE: 1.5, LIST: 2.0}


async def warm_request(options: Options) -> Sequence[Report]:
    """Measure each kind of request and its floor, in alternating rounds, and profile the layers."""
    calls, rounds = (SMALL_CALLS, SMALL_ROUNDS) if options.small else (CALLS, ROUNDS)
    with servers.on_other_cores():
        async with servers.mongod() as url, servers.bucket() as gateway:
            environment = servers.settings(url, "bench", **servers.storage_settings(gateway))
            [user] = await sign_up(environment, 1)
            uploads = await record_uploads(environment, [user], calls)
            await send_objects(gateway, uploads)
            sent = [upload.id for upload in uploads]
            plan = Plan(rounds=rounds, rows=rows_of(user, sent, calls))
            measured = await run(plan, environment)
    return [_ratios(measured), _layers(measured)]


def _ratios(measured: Mapping[str, Measured]) -> Report:
    report = Report("warm_request", "Warm requests through the Lambda handler")
    for name, it in measured.items():
        ratio = median(a / b for a, b in zip(it["service_ms"], it["floor_ms"], strict=True))
        report.rows.append(
            {
                "request": name,
                "service, CPU ms": median(it["service_ms"]),
                "floor, CPU ms": median(it["floor_ms"]),
                "service is": f"{ratio:.2f} ×",
            }
        )
        most = GOALS[name]
        report.goals.append(
            Goal(
                f"at most {most} × the CPU time of a handler by hand",
                f"{ratio:.2f} ×",
                ratio <= most,
                f"warm {name}, Lambda handler",
            )
        )
    return report


def _layers(measured: Mapping[str, Measured]) -> Report:
    title, command = "The layers of a warm request, CPU ms", "make bench-warm-request"
    report = Report("warm_layers", title, command=command)
    layers: dict[str, Json] = {}
    for name, it in measured.items():
        for layer, milliseconds in it["layers_ms"].items():
            layers.setdefault(layer, {"layer": layer})[name] = milliseconds
    report.rows += layers.values()
    report.notes.append("From cProfile, which overstates small functions.")
    return report


async def send_objects(gateway: Gateway, uploads: Sequence[Upload]) -> None:
    """Put the objects of the uploads into the bucket."""
    s3 = gateway.client()
    try:
        for upload in uploads:
            await asyncio.to_thread(
                s3.put_object,
                Bucket="media",
                Key=upload.key,
                Body=bytes(upload.size_bytes),
                ContentType=upload.content_type,
            )
    finally:
        s3.close()


def rows_of(user: SignedIn, sent: Sequence[str], calls: int) -> list[Row]:
    """Return the kinds of requests. The objects of the uploads `sent` are in the bucket."""

    def of_service(query: str, variables: Json) -> Json:
        return event("/graphql", user, graphql(query, variables).decode())

    def of_floor(body: Json, **query: str) -> Json:
        return {**event("/uploads", user, json.dumps(body)), "queryStringParameters": query}

    numbers = range(calls)
    return [
        Row(
            name=REQUEST,
            service=[of_service(REQUEST_UPLOAD, {"input": file(n)}) for n in numbers],
            floor=[of_floor(file(n)) for n in numbers],
            handler="request_upload",
            reset=[],
        ),
        Row(
            name=COMPLETE,
            service=[of_service(COMPLETE_UPLOAD, {"id": upload_id}) for upload_id in sent],
            floor=[of_floor({"id": upload_id}) for upload_id in sent],
            handler="complete_upload",
            reset=list(sent),
        ),
        Row(
            name=LIST,
            service=[of_service(LIST_UPLOADS, {"first": PAGE})] * calls,
            floor=[of_floor({}, first=str(PAGE))] * calls,
            handler="list_uploads",
            reset=[],
        ),
    ]


async def run(plan: Plan, environment: dict[str, str]) -> dict[str, Measured]:
    """Measure in a process of its own, as Lambda does, on the core of the measured server."""
    process = await asyncio.create_subprocess_exec(
        *("taskset", "--cpu-list", str(servers.SERVER_CORE)),
        *(sys.executable, "-m", "benchmarks.warm_calls"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=servers.ROOT,
        env={"PATH": os.environ["PATH"], **environment},
    )
    output, _ = await process.communicate(json.dumps(plan).encode())
    assert process.returncode == 0, f"The measuring process ended with {process.returncode}."
    measured: dict[str, Measured] = json.loads(output)
    return measured


if __name__ == "__main__":
    main(warm_request)
