"""List uploads of a user with one of three million records.

    python -m benchmarks.listing [--json] [--small]

The records are created once and kept in build/bench-data; delete that folder to recreate them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TypeAlias

from pymongo import DESCENDING

from benchmarks import listing_data, load, servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import SignedIn, graphql, prepare_database
from gql_api.adapters.mongo.documents import to_upload
from gql_api.adapters.mongo.listing import SEARCH_STRETCHES
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.bootstrap import build
from gql_api.container import Container
from gql_api.domain.listing import OrderField, cursor
from gql_api.settings import read_settings

OWN, OTHERS = 1_000_000, 2_000_000
PAGE = 20
DEEP = 10_000
GOAL_MS = 10.0
GOAL_RATIO = 1.2
ROUND_SECONDS = 2.0
ROUNDS = 5  # Alternate between the first and the deep page, because their ratio is a goal.
FIRST, DEEP_PAGE = "first page", f"page {DEEP:,} by cursor"
COUNT = "totalCount, no filter"
NAME, PASSWORD = "listing", "correct horse battery"
Queries: TypeAlias = dict[str, tuple[str, dict[str, Any]]]
FILTERS: dict[str, dict[str, Any]] = {
    "status STORED": {"status": ["STORED"]},
    "status REJECTED or CANCELLED": {"status": ["REJECTED", "CANCELLED"]},
    "contentType image/*": {"contentType": "image/*"},
    "contentType application/pdf": {"contentType": "application/pdf"},
    "tag holiday": {"tags": ["holiday"]},
    "tag rare (1 in 10,000)": {"tags": ["rare"]},
    "two tags": {"tags": ["work", "draft"]},
    "search birthday (1 in 8)": {"search": "birthday"},
    "search without a match": {"search": "nowhere"},
    "created on one day": {
        "createdAfter": "2026-01-20T00:00:00Z",
        "createdBefore": "2026-01-21T00:00:00Z",
    },
}

# The fields that the web client's list selects.
ROWS = (
    "nodes { id filename contentType size status createdAt tags }"
    " pageInfo { endCursor hasNextPage }"
)
DOCUMENT = (
    "query Uploads($first: Int, $after: String, $last: Int, $filter: UploadFilter,"
    " $orderBy: UploadOrder) { uploads(first: $first, after: $after, last: $last,"
    " filter: $filter, orderBy: $orderBy) { %s } }"
)


async def listing(options: Options) -> Report:
    """Measure p50 and p99 of each kind of page over HTTP, with one client."""
    own, others = (OWN // 50, OTHERS // 50) if options.small else (OWN, OTHERS)
    directory = servers.ROOT / "build" / "bench-data" / str(own + others)
    with servers.on_other_cores():
        async with servers.mongod(directory) as url:
            environment = servers.settings(url, "listing")
            patient = servers.settings(f"{url}&timeoutMS=600000", "listing")
            user = await _data(patient, directory, own, others)
            container = build(read_settings(patient))
            try:
                queries = await _queries(container, user, min(DEEP, own // PAGE // 2))
            finally:
                await container.close()
            async with servers.app("benchmarks.service:app", environment) as app:
                seconds = options.seconds(ROUND_SECONDS)
                measured = {
                    name: await _measure(app, user, query, seconds)
                    for name, query in queries.items()
                }
                for name in (FIRST, DEEP_PAGE) * (options.rounds(ROUNDS) - 1):
                    again = await _measure(app, user, queries[name], seconds)
                    measured[name].latencies += again.latencies
                    measured[name].errors += again.errors
    return _report(measured, own, others)


async def _data(environment: dict[str, str], directory: Path, own: int, others: int) -> SignedIn:
    """Return a user with the records, which an earlier run may have created."""
    complete = directory / "complete"
    container = build(read_settings({**environment, "ACCESS_TTL_SECONDS": "86400"}))
    database = container.database
    try:
        if not complete.exists():
            print("Creating the records, once; this takes minutes …", file=sys.stderr)
            await database.client.drop_database(database.name)
            await container.accounts.sign_up(NAME, PASSWORD, None, None, "192.0.2.1")
        session = await container.accounts.login(NAME, PASSWORD, "192.0.2.1")
        owner_id = session.user.id
        if not complete.exists():
            await listing_data.fill(database, owner_id, own, others)
            complete.touch()
        # Building the indexes after the inserts takes half the time. Records from an earlier
        # version of the service may lack indexes, and the number of uploads in the user document.
        await prepare_database(container.database)
        # The embedded server limits a transaction to 5 s; a busy machine needs more for the sum.
        limit = {"setParameter": 1, "transactionLifetimeLimitSeconds": 60}
        await database.client.admin.command(limit)
        await MongoUsage(database).recompute([owner_id])
        return SignedIn(owner_id, session.access_token)
    finally:
        await container.close()


async def _queries(container: Container, user: SignedIn, deep: int) -> Queries:
    """Return the document and variables of each kind of page, by name."""
    pages: dict[str, dict[str, Any]] = {}
    for field in OrderField:
        order = {"field": field.value, "direction": "DESC"}
        name = field.value.lower().replace("_", " ")
        first = FIRST if field is OrderField.CREATED_AT else f"first page by {name}"
        pages[first] = {"first": PAGE, "orderBy": order}
        after = await _cursor(container, user, field, deep * PAGE)
        name = DEEP_PAGE if field is OrderField.CREATED_AT else f"page {DEEP:,} by {name}"
        pages[name] = {"first": PAGE, "after": after, "orderBy": order}
    pages["last page (backward)"] = {"last": PAGE}
    for name, filter in FILTERS.items():
        pages[f"filter: {name}"] = {"first": PAGE, "filter": filter}
    queries: Queries = {name: (DOCUMENT % ROWS, variables) for name, variables in pages.items()}
    queries[COUNT] = (DOCUMENT % "totalCount", {})
    for name, filter in FILTERS.items():
        queries[f"totalCount, {name}"] = (DOCUMENT % "totalCount", {"filter": filter})
    return queries


async def _cursor(container: Container, user: SignedIn, field: OrderField, rows: int) -> str:
    """Return the cursor of the row after `rows` others, found by skipping in the database."""
    name = {OrderField.FILENAME: "filename_folded", OrderField.SIZE: "size"}.get(field)
    sort = [(name, DESCENDING)] if name else []
    uploads = container.database["uploads"]
    # Project only the id, so that the index covers the query and skipped rows are not read.
    found = uploads.find({"owner": user.id}, {"_id": 1}).sort([*sort, ("_id", DESCENDING)])
    [row] = await found.skip(rows).limit(1).to_list()
    document = await uploads.find_one(row)
    assert document is not None
    return cursor(to_upload(document), field)


async def _measure(
    app: servers.App, user: SignedIn, query: tuple[str, dict[str, Any]], seconds: float
) -> load.Load:
    document, variables = query
    request = load.http_request("api.test", "/graphql", user.headers, graphql(document, variables))
    expected = b'{"data":{"uploads":{'
    await load.run(app.port, 1, 0.3, lambda _connection: request, expected=expected)
    return await load.run(app.port, 1, seconds, lambda _connection: request, expected=expected)


def _report(measured: dict[str, load.Load], own: int, others: int) -> Report:
    report = Report(
        "listing", f"Listing {own:,} records of one user among {own + others:,}, {PAGE} per page"
    )
    for name, outcome in measured.items():
        p50, p99 = outcome.percentile_ms(50), outcome.percentile_ms(99)
        report.rows.append({"what": name, "p50 ms": p50, "p99 ms": p99, "errors": outcome.errors})
        if name == COUNT or not name.startswith("totalCount"):
            report.goals.append(
                Goal(f"{name} under {GOAL_MS:g} ms at p50", f"{p50:.1f} ms", p50 < GOAL_MS)
            )
    report.notes.append(
        f"A search looks at up to {sum(SEARCH_STRETCHES):,} uploads per request; the next request "
        "continues from there."
    )
    if any(outcome.errors for outcome in measured.values()):
        report.notes.append("An error is a request that hit the service's time limit of 8 s.")
    ratio = measured[DEEP_PAGE].percentile_ms(50) / measured[FIRST].percentile_ms(50)
    report.goals.append(
        Goal(f"{DEEP_PAGE} at most {GOAL_RATIO} × the first", f"{ratio:.2f} ×", ratio <= GOAL_RATIO)
    )
    return report


if __name__ == "__main__":
    main(listing)
