"""Which indexes MongoDB uses for list queries, and how many keys it examines."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.listing import (
    end_projection,
    end_query,
    filter_query,
    order_hint,
    page_query,
    search_hint,
)
from gql_api.domain.listing import Filter, Order, OrderField, PageRequest, checked_filter, position
from gql_api.domain.uploads import Upload, UploadStatus
from tests.adapters.mongo.test_listing import ORDERS, OTHER, all_filters, expected, some_uploads
from tests.upload_records import (
    OWNER,
    Stores,
    an_upload,
    insert_records,
)

ORDER_INDEX = {
    OrderField.FILENAME: "owner_1_filename_folded_1__id_1",
    OrderField.SIZE: "owner_1_size_1__id_1_filename_folded_1_status_1",
}


def stages(plan: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all stages of the winning plan, at any depth."""
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield plan
        for name, value in plan.items():
            if name != "rejectedPlans":
                yield from stages(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from stages(value)


async def explain_page(
    database: Database,
    request: PageRequest,
    *,
    verbosity: str = "queryPlanner",
    hint: str | None = None,
    limit: int | None = None,
) -> tuple[list[Mapping[str, Any]], int]:
    """Return the stages that find the page and the number of keys examined, if available."""
    query, sort = page_query(OWNER, request)
    command: dict[str, Any] = {"find": "uploads", "filter": query, "sort": dict(sort)}
    command["limit"] = limit or request.limit + 1
    if used := hint or search_hint(request.filter, request.order):
        command["hint"] = used
    plan = await database.command("explain", command, verbosity=verbosity)
    examined = plan.get("executionStats", {}).get("totalKeysExamined", -1)
    return list(stages(plan["queryPlanner"]["winningPlan"])), examined


def reads_by_owner(plan: list[Mapping[str, Any]]) -> bool:
    """Return whether the plan reads only index ranges within the owner's entries."""
    reads = [stage for stage in plan if stage["stage"].endswith("SCAN")]
    return bool(reads) and all(owner_in_bounds(stage) == OWNER for stage in reads)


def owner_in_bounds(stage: Mapping[str, Any]) -> str | None:
    """Return the only owner whose entries a stage reads."""
    bounds = stage.get("indexBounds", {})
    if stage["stage"] == "COUNT_SCAN":
        owners = {bounds[end].get("owner") for end in ("startKey", "endKey")}
        return owners.pop() if len(owners) == 1 else None
    found = re.fullmatch(r'\["(.+)", "\1"\]', "".join(bounds.get("owner", ())))
    return found[1] if found else None


def page_requests(
    filter: Filter, order: Order, rows: list[Upload], chance: random.Random
) -> Iterator[PageRequest]:
    """Yield every kind of page request, at any position in the list."""
    places = sorted(chance.sample(range(len(rows)), 2))
    after, before = (position(rows[place], order.field) for place in places)
    page = PageRequest(filter, order, 20)
    yield page
    yield page._replace(after=after)
    yield page._replace(before=before, backward=True)
    yield page._replace(after=after, before=before)


@pytest.mark.parametrize("order", ORDERS)
async def test_every_query_is_served_by_an_index(database: Database, order: Order) -> None:
    """No query scans the collection, and no query by creation time needs a sort stage.

    For other sort orders, MongoDB may find all matching rows and sort them if there are few. It
    tries both plans in parallel, and this one can finish before the plan that reads rows in order
    has found 101. In that case, it must not cost much more than reading the rows in order.
    """
    chance = random.Random(20300131)
    uploads = some_uploads(2500, OWNER, chance) + some_uploads(1000, OTHER, chance)
    await insert_records(database, uploads)
    rows = expected(uploads, [], order)
    sorted_pages = 0
    for filter, _ in all_filters():
        for request in page_requests(filter, order, rows, chance):
            plan, _ = await explain_page(database, request)
            if not reads_by_owner(plan):
                # The range of ids is empty, so any index is good enough.
                plan, examined = await explain_page(database, request, verbosity="executionStats")
                assert examined == 0, (request, plan)
            if any(stage["stage"] == "SORT" for stage in plan):
                sorted_pages += 1
                assert filter != Filter(), request
                await assert_sorting_pays(database, request)
    # If this fails, sorting was either not tested or is no longer a special case.
    assert bool(sorted_pages) == (order.field in ORDER_INDEX)


@pytest.mark.parametrize("status", [None, [UploadStatus.STORED]])
async def test_no_query_walks_by_other_owners(
    database: Database, status: list[UploadStatus] | None
) -> None:
    """This also holds if all uploads in the range belong to the owner.

    In that case, the index on ids alone is equally fast. MongoDB would cache that plan and reuse it
    for owners whose records are scattered among a million records of other owners.
    """
    uploads = [an_upload(status=UploadStatus.STORED) for _ in range(300)]
    await insert_records(database, uploads)
    filter = checked_filter(status=status)
    for descending in (True, False):
        order = Order(OrderField.CREATED_AT, descending)
        at = position(uploads[150], order.field)
        for request in (
            PageRequest(filter, order, 20, after=at),
            PageRequest(filter, order, 20, before=at, backward=True),
        ):
            plan, _ = await explain_page(database, request)
            assert reads_by_owner(plan), plan


async def assert_sorting_pays(database: Database, request: PageRequest) -> None:
    hint = ORDER_INDEX[request.order.field]
    _, examined = await explain_page(database, request, verbosity="executionStats")
    in_order, most = await explain_page(
        database, request, verbosity="executionStats", hint=hint, limit=101
    )
    assert all(stage["stage"] != "SORT" for stage in in_order)
    assert examined <= 6 * most, (request, examined, most)


async def test_every_count_is_served_by_an_index(database: Database) -> None:
    chance = random.Random(20300131)
    uploads = some_uploads(500, OWNER, chance) + some_uploads(500, OTHER, chance)
    await insert_records(database, uploads)
    for filter, _ in all_filters():
        pipeline = [
            {"$match": filter_query(OWNER, filter)},
            {"$group": {"_id": 1, "n": {"$sum": 1}}},
        ]
        command: dict[str, Any] = {"aggregate": "uploads", "pipeline": pipeline, "cursor": {}}
        if hint := search_hint(filter, Order()):
            command["hint"] = hint
        plan = await database.command("explain", command, verbosity="queryPlanner")
        assert reads_by_owner(list(stages(plan))), (filter, plan)


@pytest.mark.parametrize("order", ORDERS)
async def test_a_deep_page_among_equal_rows_is_as_cheap_as_the_first(
    database: Database, order: Order
) -> None:
    uploads = [an_upload(status=UploadStatus.STORED) for _ in range(2000)]
    await insert_records(database, uploads)
    first, at = (position(uploads[n], order.field) for n in (0, 1000))
    for filter in (Filter(), Filter(status=(UploadStatus.STORED,))):
        for request in (
            PageRequest(filter, order, 20, after=at),
            PageRequest(filter, order, 20, before=at, backward=True),
            PageRequest(filter, order, 0, before=at, backward=True),
            PageRequest(filter, order, 20, after=first, before=at),
        ):
            _, examined = await explain_page(database, request, verbosity="executionStats")
            assert examined <= request.limit + 5


async def test_the_trash_is_read_from_its_own_range(database: Database) -> None:
    stored = [an_upload(status=UploadStatus.STORED) for _ in range(1000)]
    await insert_records(database, [*stored, an_upload(status=UploadStatus.TRASHED)])
    order = Order(OrderField.CREATED_AT)
    request = PageRequest(Filter(trashed=True), order, 20)
    plan, examined = await explain_page(database, request, verbosity="executionStats")
    assert reads_by_owner(plan)
    assert examined <= 2
    request = PageRequest(checked_filter(status=[UploadStatus.PENDING], trashed=True), order, 20)
    _, examined = await explain_page(database, request, verbosity="executionStats")
    assert examined == 0


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("status", [None, [UploadStatus.STORED]])
async def test_a_search_that_finds_nothing_reads_names_in_an_index_once(
    database: Database, order: Order, status: list[UploadStatus] | None
) -> None:
    """No record is read. No other plan is tried, because each would read as many entries."""
    uploads = [an_upload(status=UploadStatus.STORED) for _ in range(500)]
    await insert_records(database, uploads)
    filter = checked_filter(search="nowhere", status=status)
    for limit in (0, 20):
        query, sort = page_query(OWNER, PageRequest(filter, order, limit))
        command = {
            **{"find": "uploads", "filter": query, "sort": dict(sort), "limit": limit + 1},
            "hint": search_hint(filter, order),
        }
        plan = await database.command("explain", command, verbosity="executionStats")
        assert plan["queryPlanner"]["rejectedPlans"] == []
        assert plan["executionStats"]["totalDocsExamined"] == 0
        assert plan["executionStats"]["totalKeysExamined"] <= 501
    stores = Stores(database)
    page = await stores.listing.page(OWNER, PageRequest(filter, order, 20))
    assert (list(page.uploads), page.more, await stores.listing.count(OWNER, filter)) == (
        [],
        False,
        0,
    )


@pytest.mark.parametrize("order", ORDERS)
async def test_where_a_search_stops_is_found_in_the_index(database: Database, order: Order) -> None:
    """No record is read, and no more keys than the search may look at."""
    uploads = [an_upload(status=UploadStatus.STORED) for _ in range(300)]
    await insert_records(database, uploads)
    filter = checked_filter(search="nowhere", tags=["a"], status=[UploadStatus.STORED])
    at = position(uploads[150], order.field)
    for backward in (False, True):
        for request in (
            PageRequest(filter, order, 20, backward),
            PageRequest(filter, order, 20, backward, after=at),
            PageRequest(filter, order, 20, backward, before=at),
        ):
            query, sort = end_query(OWNER, request)
            command = {
                **{"find": "uploads", "filter": query, "sort": dict(sort)},
                **{"skip": 49, "limit": 2, "projection": end_projection(order.field)},
                "hint": order_hint(order.field),
            }
            plan = await database.command("explain", command, verbosity="executionStats")
            assert all(stage["stage"] != "SORT" for stage in stages(plan["queryPlanner"]))
            assert plan["executionStats"]["totalDocsExamined"] == 0, (request, plan)
            assert plan["executionStats"]["totalKeysExamined"] <= 55
