"""Another user's resources look as if they did not exist (OWASP ASVS 5.0, 8.2.2)."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from graphql import build_schema, get_named_type

from gql_api.domain.ids import new_id
from tests.api import ROW, Api, Json, failures, new_user
from tests.clock import SettableClock

# Every field that takes an id, with a query for it.
UPLOAD = "{ ...Row transfer { parts { url } received { number } } download { url } }"
BY_ID = {
    "upload": f"query ($id: ID!) {{ upload(id: $id) {UPLOAD} }}",
    "updateUpload": (
        'mutation ($id: ID!) { updateUpload(input: {id: $id, filename: "mine"}) { '
        f"{failures('updateUpload')} }} }}"
    ),
} | {
    name: f"mutation ($id: ID!) {{ {name}(id: $id) {{ {failures(name)} }} }}"
    for name in ("completeUpload", "cancelUpload", "deleteUpload", "revokeApiKey")
}
BY_ID |= {
    name: f"mutation ($id: ID!) {{ {name}(ids: [$id]) {{ {failures(name)} }} }}"
    for name in ("completeUploads", "trashUploads", "restoreUploads", "deleteUploads")
}
BY_ID["updateUploads"] = BY_ID["updateUpload"].replace("updateUpload", "updateUploads")
BY_ID["endSession"] = "mutation ($id: ID!) { endSession(id: $id) { sessionsEnded } }"
BY_ID = {name: f"{query} {ROW if '...Row' in query else ''}" for name, query in BY_ID.items()}


async def possessions(ada: Api) -> dict[str, Json | None]:
    """Create one resource of each kind; return the uploads by id, and None for the others."""
    key = (await ada.create_api_key("backup"))["apiKey"]
    (session,) = (await ada.data("{ viewer { sessions { id } } }"))["viewer"]["sessions"]
    ids = [
        (await ada.store(b"hello"))["id"],
        (await ada.request_upload(1))["upload"]["id"],
        (await ada.request_upload(40 * 2**20))["upload"]["id"],
        (await ada.cancel_upload((await ada.request_upload(1))["upload"]["id"]))["id"],
    ]
    return {id: await ada.upload(id) for id in ids} | {
        key["id"]: None,
        session["id"]: None,
    }


def test_every_field_that_takes_an_id_is_tried() -> None:
    schema = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text("utf-8"))
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    fields = schema.query_type.fields | schema.mutation_type.fields
    inputs = {
        name: {
            inner
            for argument in field.args.values()
            for inner in getattr(get_named_type(argument.type), "fields", ())
        }
        for name, field in fields.items()
        if "input" in field.args
    }
    taking = {name for name, field in fields.items() if {"id", "ids"} & field.args.keys()}
    taking |= {name for name, inner in inputs.items() if "id" in inner}
    assert taking == set(BY_ID)


@pytest.mark.parametrize("name", BY_ID)
async def test_what_is_anothers_is_as_if_it_were_not_there(
    client: httpx.AsyncClient, clock: SettableClock, name: str
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    owned = await possessions(ada)
    nothing = (await bob.post(BY_ID[name], id=new_id(clock()))).json()
    assert "errors" not in nothing
    for id in owned:
        assert (await bob.post(BY_ID[name], id=id)).json() == nothing
        code, _ = await Api(client).error(BY_ID[name], id=id)
        assert code == "UNAUTHENTICATED"
    for id, before in owned.items():
        if before is not None:
            after = await ada.upload(id)
            assert after is not None
            assert {**after, "transfer": None} == {**before, "transfer": None}
    assert len((await ada.data("{ viewer { apiKeys { id } } }"))["viewer"]["apiKeys"]) == 1


async def test_lists_hold_ones_own_only(client: httpx.AsyncClient) -> None:
    ada, bob = await new_user(client), await new_user(client)
    await possessions(ada)
    page = await ada.uploads()
    assert page["totalCount"] == 4
    cursor = page["pageInfo"]["endCursor"]
    for arguments in ({}, {"before": cursor, "last": 10}, {"filter": {"search": "photo"}}):
        assert (await bob.uploads(**arguments))["totalCount"] == 0
        assert (await bob.uploads(**arguments))["nodes"] == []
    query = "{ viewer { apiKeys { id } usage { bytes uploads } } }"
    assert (await bob.data(query))["viewer"] == {
        "apiKeys": [],
        "usage": {"bytes": 0, "uploads": 0},
    }
