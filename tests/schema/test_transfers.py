"""upload.transfer: the parts, and which of them the bucket has received."""

from __future__ import annotations

import base64
import hashlib

import httpx
import pytest

from tests.api import Api, Json, new_user, send

MIB = 1024 * 1024
PARTS = """
query ($id: ID!, $select: [PartInput!]) {
  upload(id: $id) { transfer { parts(select: $select) { number } } }
}"""

pytestmark = pytest.mark.settings(SINGLE_PART_MAX_BYTES=str(5 * MIB))


async def _requested(client: httpx.AsyncClient, size: int) -> tuple[Api, Json]:
    ada = await new_user(client)
    return ada, (await ada.request_upload(size))["upload"]


async def test_selected_parts_in_the_order_of_the_selection(client: httpx.AsyncClient) -> None:
    ada, upload = await _requested(client, 100 * MIB)
    parts = await ada.parts(upload["id"], [{"number": 5}, {"number": 2}])
    assert [part["number"] for part in parts] == [5, 2]
    size = upload["transfer"]["partSize"]
    assert [part["offset"] for part in parts] == [4 * size, size]
    assert await ada.parts(upload["id"], []) == []


async def test_the_first_hundred_unless_selected(client: httpx.AsyncClient) -> None:
    ada, upload = await _requested(client, 5 * 1024 * MIB)
    assert upload["transfer"]["partCount"] > 100
    parts = await ada.parts(upload["id"])
    assert [part["number"] for part in parts] == list(range(1, 101))
    with_null = await ada.parts(upload["id"], None)
    assert [part["number"] for part in with_null] == list(range(1, 101))


async def test_a_process_that_only_knows_the_id_resumes(client: httpx.AsyncClient) -> None:
    ada, upload = await _requested(client, 20 * MIB)
    first, second = upload["transfer"]["parts"]
    assert (await ada.upload(upload["id"]) or {})["transfer"]["received"] == []
    await send(first, bytes(first["size"]))
    found = await Api(client, ada.token).upload(upload["id"])
    assert found is not None
    assert found["transfer"]["received"] == [{"number": 1, "size": first["size"]}]
    [rest] = await ada.parts(upload["id"], [{"number": 2}])
    await send(rest, bytes(second["size"]))
    assert (await ada.complete_upload(upload["id"]))["status"] == "STORED"


async def test_a_single_part_is_never_received_by_itself(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = await ada.request_and_send(b"hello")
    found = await ada.upload(upload["id"])
    assert found is not None
    assert found["transfer"]["received"] == []


async def test_a_checksum_is_signed_into_the_request(client: httpx.AsyncClient) -> None:
    ada, upload = await _requested(client, 5)
    digest = base64.b64encode(hashlib.sha256(b"hello").digest()).decode()
    [part] = await ada.parts(upload["id"], [{"number": 1, "checksum": digest}])
    headers = {header["name"].lower(): header["value"] for header in part["headers"]}
    assert headers["x-amz-checksum-sha256"] == digest
    assert (await send(part, b"hello")).status_code == 200


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ([{"number": 0}], "parts of this upload are 1 to 7"),
        ([{"number": 8}], "1 to 7"),
        ([{"number": 1}] * 1001, "1000"),
        ([{"number": 1, "checksum": "x"}], "SHA-256"),
    ],
)
async def test_what_can_not_be_signed(
    client: httpx.AsyncClient, select: list[Json], expected: str
) -> None:
    ada, upload = await _requested(client, 100 * MIB)
    assert upload["transfer"]["partCount"] == 7
    code, message = await ada.error(PARTS, id=upload["id"], select=select)
    assert code == "BAD_USER_INPUT"
    assert expected in message


async def test_a_settled_upload_has_no_transfer(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello")
    assert (await ada.upload(stored["id"]) or {})["transfer"] is None


async def test_sizes_beyond_two_gibibytes_are_read_back(client: httpx.AsyncClient) -> None:
    """MongoDB returns numbers of 2^31 or more as a different type."""
    ada, upload = await _requested(client, 5 * 1024 * MIB)
    again = await Api(client, ada.token).upload(upload["id"])
    assert again is not None
    assert (again["size"], again["transfer"]["partSize"]) == (
        5 * 1024 * MIB,
        upload["transfer"]["partSize"],
    )
    answer = await ada.data("{ viewer { usage { bytes } } uploads { nodes { size } } }")
    assert answer["viewer"]["usage"]["bytes"] == 5 * 1024 * MIB
    assert answer["uploads"]["nodes"] == [{"size": 5 * 1024 * MIB}]
