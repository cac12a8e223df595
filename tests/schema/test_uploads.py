"""uploads: pages, filters, orders and cursors."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gql_api.adapters.mongo import listing
from gql_api.services.library import LibraryService
from tests.api import Api, Json, new_user
from tests.clock import SettableClock

UPLOADS = """
query ($first: Int, $after: String, $last: Int, $before: String, $filter: UploadFilter) {
  uploads(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount
  }
}"""


async def _requested(client: httpx.AsyncClient, clock: SettableClock, *files: Json) -> Api:
    ada = await new_user(client)
    for file in files:
        clock.advance(seconds=1)
        ticket = await ada.request_upload(**{"size": 1, **file})
        assert ticket["__typename"] == "UploadTicket"
    return ada


def _names(connection: Json) -> list[str]:
    return [node["filename"] for node in connection["nodes"]]


async def test_newest_first_unless_ordered_otherwise(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada = await _requested(
        client,
        clock,
        {"filename": "b", "size": 3},
        {"filename": "C", "size": 1},
        {"filename": "a", "size": 2},
    )
    assert _names(await ada.uploads()) == ["a", "C", "b"]
    assert _names(await ada.uploads(orderBy={})) == ["a", "C", "b"]
    for field, ascending in (
        ("CREATED_AT", ["b", "C", "a"]),
        ("FILENAME", ["a", "b", "C"]),
        ("SIZE", ["C", "a", "b"]),
    ):
        order = {"field": field, "direction": "ASC"}
        assert _names(await ada.uploads(orderBy=order)) == ascending
        order = {"field": field, "direction": "DESC"}
        assert _names(await ada.uploads(orderBy=order)) == ascending[::-1]


@pytest.mark.parametrize("field", ["CREATED_AT", "FILENAME", "SIZE"])
async def test_pages_there_and_back(
    client: httpx.AsyncClient, clock: SettableClock, field: str
) -> None:
    files = [{"filename": f"{number % 3}", "size": number % 2} for number in range(7)]
    ada = await _requested(client, clock, *files)
    order = {"field": field, "direction": "ASC"}
    everything = [edge["node"]["id"] for edge in (await ada.uploads(orderBy=order))["edges"]]

    forward: list[list[str]] = []
    page = await ada.uploads(first=3, orderBy=order)
    while True:
        forward.append([edge["node"]["id"] for edge in page["edges"]])
        assert page["pageInfo"]["hasPreviousPage"] is (len(forward) > 1)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert page["totalCount"] == 7
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await ada.uploads(first=3, after=page["pageInfo"]["endCursor"], orderBy=order)
    assert forward == [everything[:3], everything[3:6], everything[6:]]

    back = await ada.uploads(last=3, before=page["pageInfo"]["startCursor"], orderBy=order)
    assert [edge["node"]["id"] for edge in back["edges"]] == everything[3:6]
    assert back["pageInfo"]["hasNextPage"] is True
    assert back["pageInfo"]["hasPreviousPage"] is True
    start = await ada.uploads(last=3, before=back["pageInfo"]["startCursor"], orderBy=order)
    assert [edge["node"]["id"] for edge in start["edges"]] == everything[:3]
    assert start["pageInfo"]["hasPreviousPage"] is False


async def test_rows_that_are_added_meanwhile_shift_nothing(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada = await _requested(client, clock, *({"filename": name} for name in "abcd"))
    page = await ada.uploads(first=2)
    clock.advance(seconds=1)
    await ada.request_upload(1, filename="e")
    rest = await ada.uploads(first=2, after=page["pageInfo"]["endCursor"])
    assert _names(page) + _names(rest) == ["d", "c", "b", "a"]


async def test_an_empty_list(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert await ada.uploads() == {
        "totalCount": 0,
        "nodes": [],
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


async def test_only_ones_own(client: httpx.AsyncClient, clock: SettableClock) -> None:
    ada = await _requested(client, clock, {"filename": "a"})
    bob = await _requested(client, clock, {"filename": "b"})
    assert _names(await ada.uploads()) == ["a"]
    assert (await bob.uploads())["totalCount"] == 1


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({}, ["c.txt", "B.png", "a.png"]),
        ({"contentType": "image/*"}, ["B.png", "a.png"]),
        ({"contentType": "text/plain"}, ["c.txt"]),
        ({"contentType": "*/*"}, ["c.txt", "B.png", "a.png"]),
        ({"search": "b.P"}, ["B.png"]),
        ({"search": "."}, ["c.txt", "B.png", "a.png"]),
        ({"search": "absent"}, []),
        ({"tags": ["red"]}, ["B.png", "a.png"]),
        ({"tags": ["red", "blue"]}, ["B.png"]),
        ({"status": ["CANCELLED"]}, ["c.txt"]),
        ({"status": ["PENDING", "STORED"]}, ["B.png", "a.png"]),
        ({"status": ["CANCELLED"], "contentType": "image/*"}, []),
        ({"status": None, "contentType": None, "search": None, "tags": None}, None),
    ],
)
async def test_filters(
    client: httpx.AsyncClient, clock: SettableClock, conditions: Json, names: list[str] | None
) -> None:
    ada = await _requested(
        client,
        clock,
        {"filename": "a.png", "content_type": "image/png", "tags": ["red"]},
        {"filename": "B.png", "content_type": "image/png", "tags": ["red", "blue"]},
        {"filename": "c.txt", "content_type": "text/plain"},
    )
    await ada.cancel_upload((await ada.uploads(first=1))["nodes"][0]["id"])
    found = await ada.uploads(filter=conditions)
    assert _names(found) == (["c.txt", "B.png", "a.png"] if names is None else names)
    assert found["totalCount"] == len(found["nodes"])


async def test_times_bound_the_list_from_and_up_to(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada = await _requested(client, clock, *({"filename": name} for name in "abc"))
    times = [node["createdAt"] for node in (await ada.uploads())["nodes"]]
    since = await ada.uploads(filter={"createdAfter": times[1]})
    until = await ada.uploads(filter={"createdBefore": times[1]})
    assert (_names(since), _names(until)) == (["c", "b"], ["a"])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"first": 101}, "first must be between 0 and 100"),
        ({"first": -1}, "first must be"),
        ({"last": 101}, "last must be"),
        ({"first": 1, "last": 1}, "not both"),
        ({"after": "x"}, "after is not a cursor"),
        ({"before": ""}, "before is not a cursor"),
        ({"after": "\ud800"}, "after is not a cursor"),
        ({"filter": {"contentType": "image"}}, "filter.contentType"),
        ({"filter": {"search": "a\0"}}, "filter.search"),
        ({"filter": {"tags": ["\ud800"]}}, "filter.tags"),
    ],
)
async def test_what_can_not_be_listed(
    client: httpx.AsyncClient, arguments: dict[str, Any], expected: str
) -> None:
    ada = await new_user(client)
    code, message = await ada.error(UPLOADS, **arguments)
    assert code == "BAD_USER_INPUT"
    assert expected in message


async def test_a_cursor_belongs_to_its_order(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada = await _requested(client, clock, {"filename": "a"})
    cursor = (await ada.uploads())["pageInfo"]["endCursor"]
    query = "query ($c: String!) { uploads(after: $c, orderBy: {field: SIZE}) { totalCount } }"
    code, message = await ada.error(query, c=cursor)
    assert code == "BAD_USER_INPUT"
    assert "another order" in message


async def test_a_search_that_stops_goes_on_from_its_cursor(
    client: httpx.AsyncClient, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCH_STRETCHES", (1, 2))
    ada = await _requested(client, clock, *({"filename": name} for name in "abxcdefghx"))
    search = {"filter": {"search": "x"}}
    pages: list[tuple[list[str], bool, bool]] = []
    cursor = None
    while not pages or pages[-1][1]:
        page = await ada.uploads(first=5, after=cursor, **search)
        position = page["pageInfo"]
        pages.append((_names(page), position["hasNextPage"], position["hasPreviousPage"]))
        cursor = position["endCursor"]
    # Before the third and the fourth page, the search for earlier ones stops as well.
    assert pages == [
        (["x"], True, False),
        ([], True, True),
        (["x"], True, False),
        ([], False, True),
    ]
    page = await ada.uploads(last=5, **search)
    assert (_names(page), page["pageInfo"]["hasPreviousPage"]) == (["x"], True)
    page = await ada.uploads(last=5, before=page["pageInfo"]["startCursor"], **search)
    assert (_names(page), page["pageInfo"]["hasPreviousPage"]) == ([], True)


async def test_only_what_is_selected_is_looked_up(
    client: httpx.AsyncClient, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await _requested(client, clock, {"filename": "a"})
    calls: list[str] = []
    for name in ("page", "count", "more_behind"):
        monkeypatch.setattr(LibraryService, name, _recorded(calls, name))
    for selection, lookups in (
        ("totalCount", ["count"]),
        ("nodes { id } edges { cursor }", ["page"]),
        ("pageInfo { endCursor hasNextPage } nodes { id }", ["page"]),
        ("pageInfo { hasPreviousPage }", ["page", "more_behind"]),
        ("__typename", []),
    ):
        calls.clear()
        await ada.data(f"{{ uploads {{ {selection} }} }}")
        assert calls == lookups


def _recorded(calls: list[str], name: str) -> Any:
    method = getattr(LibraryService, name)

    async def record(self: LibraryService, *arguments: object) -> object:
        calls.append(name)
        return await method(self, *arguments)

    return record
