"""Requests while `admin prepare` builds an index over a million records.

    python -m benchmarks.prepare [--json] [--small]

The embedded MongoDB shares the machine with the service. Earlier, each environment started the
build in its first request and aborted it after three seconds.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median, quantiles
from typing import Any

import httpx

from benchmarks import listing_data, servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import REQUEST_UPLOAD, SignedIn, file, graphql, sign_up
from gql_api.adapters.mongo.database import Database, connect
from gql_api.adapters.mongo.schema import INDEXES, MongoSchema

RECORDS, SMALL = 1_000_000, 50_000
SECONDS = 10.0
NEW = ("check_at", "owner_client_token")  # The indexes that the next release adds.


async def prepare(options: Options) -> Report:
    """Measure requests before, during and after the build, and count the builds."""
    count = SMALL if options.small else RECORDS
    async with servers.mongod() as url:
        environment = servers.settings(url, "prepare")
        (user,) = await sign_up(environment, 1)
        database = connect(f"{url}&timeoutMS=600000", "prepare")
        try:
            await listing_data.fill(database, user.id, count // 10, count - count // 10)
            for name in NEW:
                await database["uploads"].drop_index(name)
            async with servers.app("benchmarks.service:app", environment) as app:
                url = f"http://127.0.0.1:{app.port}"
                return await _measured(url, user, database, options.seconds(SECONDS))
        finally:
            await database.client.close()


async def _measured(url: str, user: SignedIn, database: Database, seconds: float) -> Report:
    report = Report("prepare", "Requests while two indexes are built over the records")
    told: list[str] = []
    async with httpx.AsyncClient(base_url=url, headers=user.headers, timeout=60) as client:
        before = await _requests(client, asyncio.create_task(asyncio.sleep(seconds)))
        began = time.monotonic()
        building = asyncio.create_task(MongoSchema(database, indexes=INDEXES).apply(0, told.append))
        during = await _requests(client, building)
        build_seconds = time.monotonic() - began
        after = await _requests(client, asyncio.create_task(asyncio.sleep(seconds)))
    for name, times in (("before", before), ("while building", during), ("after", after)):
        report.rows.append(
            {
                "when": name,
                "requests": len(times),
                "median ms": 1000 * median(times),
                "99th percentile ms": 1000 * quantiles(times, n=100)[98],
                "slowest ms": 1000 * max(times),
            }
        )
    names = await database["uploads"].index_information()
    records = await database["uploads"].estimated_document_count()
    built = set(NEW) <= set(names)
    report.goals = [
        Goal("both indexes exist after one build", f"{build_seconds:.0f} s", built),
        Goal("no request takes 3 s", f"{max(during):.2f} s", max(during) < 3),
    ]
    report.notes = [f"{records:,} records.", f"{len(told)} lines of progress, such as: {told[:1]}"]
    return report


async def _requests(client: httpx.AsyncClient, until: asyncio.Task[Any]) -> list[float]:
    """Request uploads one after another until the task is done; returns the seconds each took."""
    times: list[float] = []
    while not until.done():
        began = time.monotonic()
        response = await client.post(
            "/graphql",
            content=graphql(REQUEST_UPLOAD, {"input": file(len(times))}),
            headers={"Content-Type": "application/json"},
        )
        times.append(time.monotonic() - began)
        assert response.json()["data"]["requestUpload"]["__typename"] == "UploadTicket", response
    await until
    return times


if __name__ == "__main__":
    main(prepare)
