"""Query.changes: every change of the viewer's uploads, and nothing of others'."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api import Api, Json, new_user

CHANGES = """
query ($after: String, $first: Int) {
  changes(after: $after, first: $first) {
    nodes { id version changedAt upload { id version filename status trashedAt } }
    endCursor hasNextPage
  }
}
"""


async def changes(user: Api, **arguments: Any) -> Json:
    answer: Json = (await user.data(CHANGES, **arguments))["changes"]
    return answer


async def all_changes(user: Api, after: str | None, first: int) -> list[Json]:
    found: list[Json] = []
    while True:
        page = await changes(user, after=after, first=first)
        found += page["nodes"]
        after = page["endCursor"]
        if not page["hasNextPage"]:
            return found


async def test_who_never_had_an_upload_has_no_cursor(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    nothing: Json = {"nodes": [], "endCursor": None, "hasNextPage": False}
    assert await changes(ada) == nothing
    assert await changes(ada, first=0) == nothing


async def test_each_change_is_listed_with_its_version(client: httpx.AsyncClient) -> None:
    ada, bob = await new_user(client), await new_user(client)
    first, second = await ada.store(b"first"), await ada.store(b"second")
    await bob.store(b"of another user")
    cursor = (await changes(ada))["endCursor"]
    await ada.update_upload(first["id"], filename="new.txt")
    await ada.trash_uploads([first["id"]])
    nodes = (await changes(ada, after=cursor))["nodes"]
    assert [(it["id"], it["version"]) for it in nodes] == [(second["id"], 2), (first["id"], 4)]
    upload = nodes[1]["upload"]
    assert (upload["filename"], upload["status"], upload["version"]) == ("new.txt", "STORED", 4)
    assert upload["trashedAt"] == nodes[1]["changedAt"]
    await ada.restore_uploads([first["id"]])
    await ada.delete_uploads([second["id"]])
    nodes = (await changes(ada, after=cursor))["nodes"]
    assert [(it["id"], it["version"]) for it in nodes] == [(first["id"], 5), (second["id"], 3)]
    assert nodes[1]["upload"] is None


@pytest.mark.parametrize("first", [1, 2, 100])
async def test_pages_list_all_uploads_in_any_state(client: httpx.AsyncClient, first: int) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello")
    pending = (await ada.request_upload(5))["upload"]
    cancelled = (await ada.request_upload(5))["upload"]
    await ada.cancel_upload(cancelled["id"])
    found = await all_changes(ada, None, first)
    assert [(it["id"], it["upload"]["status"], it["version"]) for it in found] == [
        (stored["id"], "STORED", 2),
        (pending["id"], "PENDING", 1),
        (cancelled["id"], "CANCELLED", 2),
    ]


async def test_a_cursor_of_another_list_is_refused(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    await ada.store(b"hello")
    of_uploads = (await ada.uploads())["pageInfo"]["endCursor"]
    for after in (of_uploads, "x", ""):
        assert (await ada.error(CHANGES, after=after))[0] == "BAD_USER_INPUT"
    of_changes = (await changes(ada))["endCursor"]
    query = "query ($after: String) { uploads(after: $after) { nodes { id } } }"
    assert (await ada.error(query, after=of_changes))[0] == "BAD_USER_INPUT"


async def test_a_cursor_of_another_user_shows_nothing_of_theirs(client: httpx.AsyncClient) -> None:
    ada, bob = await new_user(client), await new_user(client)
    await ada.store(b"hello")
    cursor = (await changes(ada))["endCursor"]
    assert (await changes(bob, after=cursor))["nodes"] == []


@pytest.mark.parametrize("first", [-1, 101])
async def test_sizes_out_of_range_are_refused(client: httpx.AsyncClient, first: int) -> None:
    ada = await new_user(client)
    assert (await ada.error(CHANGES, first=first))[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("scope", "code"), [("ALL", None), ("READ", None), ("UPLOAD", "FORBIDDEN")]
)
async def test_keys_for_uploading_may_not_read_it(
    client: httpx.AsyncClient, scope: str, code: str | None
) -> None:
    ada = await new_user(client)
    await ada.store(b"hello")
    created = await ada.data(
        'mutation ($scope: ApiKeyScope!) { createApiKey(input: {name: "k", scope: $scope}) '
        "{ ... on ApiKeyCreated { token } } }",
        scope=scope,
    )
    key = ada.with_token(created["createApiKey"]["token"])
    if code is None:
        assert len((await changes(key))["nodes"]) == 1
    else:
        assert (await key.error(CHANGES))[0] == code


async def test_nobody_is_unauthenticated(client: httpx.AsyncClient) -> None:
    assert (await Api(client).error(CHANGES))[0] == "UNAUTHENTICATED"
