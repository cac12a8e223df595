"""To anyone but the owner, an upload is indistinguishable from one that does not exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema, get_named_type

from gql_api.domain.ids import new_id
from tests.api import Api, new_user, send
from tests.clock import SettableClock
from tests.selections import PART, ROW, TRANSFER, failures

DATA = b"the bytes of a picture"
SCHEMA = Path(__file__).parents[2] / "schema.graphql"

UPLOAD = f"""
query ($id: ID!) {{ upload(id: $id) {{
  ...Row ...Sent transfer {{ received {{ number size }} }} download {{ url }}
}} }} {ROW} {TRANSFER} {PART}
"""


def mutation(field: str, success: str) -> str:
    """Return a mutation that takes an id and selects every possible result."""
    return (
        f"mutation ($id: ID!) {{ {field}(id: $id) {{ {failures(field)} {success} }} }} "
        f"{ROW if 'Row' in failures(field) + success else ''}"
    )


UPDATE = f"""
mutation ($id: ID!) {{ updateUpload(input: {{id: $id, filename: "mine.png", tags: ["mine"]}}) {{
  {failures("updateUpload")} ...Row
}} }} {ROW}
"""
OPERATIONS = {
    "upload": UPLOAD,
    "completeUpload": mutation("completeUpload", "...Row"),
    "cancelUpload": mutation("cancelUpload", "...Row"),
    "updateUpload": UPDATE,
    "deleteUpload": mutation("deleteUpload", "... on UploadDeleted { id }"),
    "updateUploads": UPDATE.replace("updateUpload", "updateUploads"),
    "completeUploads": mutation("completeUploads", "...Row").replace("(id: $id)", "(ids: [$id])"),
    "trashUploads": mutation("trashUploads", "...Row").replace("(id: $id)", "(ids: [$id])"),
    "restoreUploads": mutation("restoreUploads", "...Row").replace("(id: $id)", "(ids: [$id])"),
    "deleteUploads": mutation("deleteUploads", "").replace("(id: $id)", "(ids: [$id])"),
    "revokeApiKey": mutation("revokeApiKey", "... on ApiKeyRevoked { id }"),
    "endSession": "mutation ($id: ID!) { endSession(id: $id) { sessionsEnded } }",
}


def fields_with_id() -> set[str]:
    """Return the fields of Query and Mutation that take an id, as an argument or in an input."""
    schema = build_schema(SCHEMA.read_text())

    def takes_id(name: str, argument: Any) -> bool:
        kind = get_named_type(argument.type)
        return name in ("id", "ids") or (
            isinstance(kind, GraphQLInputObjectType) and "id" in kind.fields
        )

    return {
        name
        for root in (schema.query_type, schema.mutation_type)
        if isinstance(root, GraphQLObjectType)
        for name, field in root.fields.items()
        if any(takes_id(argument, it) for argument, it in field.args.items())
    }


def test_no_operation_with_an_id_is_left_out() -> None:
    assert fields_with_id() == OPERATIONS.keys()


@pytest.fixture
async def stranger(http: httpx.AsyncClient) -> Api:
    return await new_user(http)


async def in_each_state(api: Api) -> dict[str, str]:
    """Create an upload in each state that a client can cause; return their ids by state."""
    pending = await api.request_and_send(DATA)
    cancelled = (await api.request_upload(5))["upload"]
    await api.cancel_upload(cancelled["id"])
    deleted = await api.store(DATA)
    await api.delete_upload(deleted["id"])
    [trashed] = await api.trash_uploads([(await api.store(DATA))["id"]])
    multipart = (await api.request_upload(20_000_000))["upload"]
    rejected = (await api.request_upload(5, checksum={"value": "A" * 43 + "="}))["upload"]
    assert (await send(rejected["transfer"]["parts"][0], b"12345")).status_code == 200
    assert (await api.complete_upload(rejected["id"]))["__typename"] == "UploadRejected"
    return {
        "PENDING": pending["id"],
        "PENDING multipart": multipart["id"],
        "STORED": (await api.store(DATA))["id"],
        "trashed": trashed["id"],
        "CANCELLED": cancelled["id"],
        "REJECTED": rejected["id"],
        "deleted": deleted["id"],
    }


async def answer(api: Api, operation: str, id: str) -> tuple[int, str]:
    """Return the status code and the body of the response."""
    response = await api.post(OPERATIONS[operation], id=id)
    return response.status_code, response.text


async def everything(api: Api) -> list[str]:
    """Return all that the owner can read; signed URLs repeat, as the test clock stands still."""
    rows = (await api.uploads(first=100))["nodes"]
    return [(await answer(api, "upload", row["id"]))[1] for row in rows]


async def test_another_users_ids_are_answered_as_ids_of_nothing(
    http: httpx.AsyncClient, stranger: Api, clock: SettableClock
) -> None:
    owner = await new_user(http)
    ids = await in_each_state(owner)
    ids["API key"] = (await owner.create_api_key("tests"))["apiKey"]["id"]
    sessions = await owner.data("{ viewer { sessions { id } } }")
    ids["session"] = sessions["viewer"]["sessions"][0]["id"]
    before = await everything(owner)
    assert len(before) == 5
    for operation in OPERATIONS:
        nothing = await answer(stranger, operation, new_id(clock()))
        assert nothing[0] == 200
        for state, id in ids.items():
            assert await answer(stranger, operation, id) == nothing, (operation, state)
    assert await everything(owner) == before
    viewer = await owner.data("{ viewer { apiKeys { id } } }")
    assert len(viewer["viewer"]["apiKeys"]) == 1


async def test_anonymous_requests_get_the_same_response_for_every_id(
    http: httpx.AsyncClient, api: Api, clock: SettableClock
) -> None:
    id = (await api.store(DATA))["id"]
    nobody = Api(http)
    for operation in OPERATIONS:
        status, body = await answer(nobody, operation, id)
        assert (status, body) == await answer(nobody, operation, new_id(clock()))
        assert "UNAUTHENTICATED" in body


async def test_a_list_shows_nothing_of_others(api: Api, stranger: Api) -> None:
    await api.store(DATA, filename="secret.jpg", tags=["secret"])
    page = await api.uploads(first=1)
    cursor = page["pageInfo"]["endCursor"]
    empty = await stranger.uploads()
    assert (empty["totalCount"], empty["nodes"]) == (0, [])
    for arguments in (
        {"filter": {"search": "secret"}},
        {"filter": {"tags": ["secret"]}},
        {"filter": {"status": ["STORED"]}},
        {"last": 5, "before": cursor},
        {"first": 5, "after": cursor},
    ):
        found = await stranger.uploads(**arguments)
        assert (found["totalCount"], found["nodes"]) == (0, [])


async def test_a_client_token_is_its_users_own(api: Api, stranger: Api) -> None:
    first = await api.request_upload(5, clientToken="same")
    other = await stranger.request_upload(6, clientToken="same")
    assert other["__typename"] == "UploadTicket"
    assert (other["created"], other["upload"]["id"] != first["upload"]["id"]) == (True, True)
