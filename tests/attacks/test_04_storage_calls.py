"""One request that makes the service ask the storage again and again."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import Counter
from collections.abc import Sequence

import httpx
import pytest

from gql_api.container import Container
from gql_api.domain.storage_budget import REQUEST_CALLS
from gql_api.services.batches import BATCH_MAX
from tests.api import Api, Json, new_user, send_all
from tests.attacks.storage_calls import StorageCalls
from tests.services.world import small_plan

MULTIPART_BYTES = 3000
RECEIVED = "query Q($id: ID!) {%s} fragment R on Upload { transfer { received { number } } }"


@pytest.fixture
def calls(container: Container) -> StorageCalls:
    calls = StorageCalls()
    calls.watch(container)
    return calls


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Split files of more than 1000 bytes into parts of 1000."""
    monkeypatch.setattr("gql_api.domain.file_requests.plan_parts", small_plan)


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> Api:
    return await new_user(client)


async def requested(
    user: Api, count: int, size: int = MULTIPART_BYTES, **more: object
) -> list[str]:
    """Request uploads without asking for their parts; return the ids."""
    file = {"filename": "a.bin", "contentType": "application/octet-stream", "size": size, **more}
    data = await user.data(
        "mutation ($input: [RequestUploadInput!]!) { requestUploads(input: $input) "
        "{ ... on UploadTicket { upload { id } } } }",
        input=[file] * count,
    )
    return [ticket["upload"]["id"] for ticket in data["requestUploads"]]


async def sent(user: Api, ids: Sequence[str], data: bytes) -> None:
    for upload_id in ids:
        answers = await send_all(await user.parts(upload_id), data)
        assert {answer.status_code for answer in answers} == {200}


async def test_one_id_a_hundred_times_is_read_once(ada: Api, calls: StorageCalls) -> None:
    data = b"x" * 100_000
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    upload = await ada.request_and_send(data, checksum={"value": digest})

    results = await ada.complete_uploads([upload["id"]] * BATCH_MAX)

    assert [result["status"] for result in results] == ["STORED"] * BATCH_MAX
    assert Counter(calls)["GetObject"] == 1
    assert len(calls) == 2


async def test_answers_to_repeated_ids_keep_their_order(ada: Api) -> None:
    [one] = await requested(ada, 1, size=5)
    two = (await ada.request_and_send(b"hello"))["id"]

    results = await ada.complete_uploads([one, two, "x", one, two, "x"])

    names = ["UploadIncomplete", "Upload", "UploadNotFound"]
    assert [result["__typename"] for result in results] == names * 2


@pytest.mark.usefixtures("small_parts")
async def test_a_question_is_asked_once_in_one_request(ada: Api, calls: StorageCalls) -> None:
    [upload_id] = await requested(ada, 1)
    await sent(ada, [upload_id], b"x" * MULTIPART_BYTES)
    calls.clear()

    fields = " ".join(f"a{n}: upload(id: $id) {{ ...R }}" for n in range(45))
    data = await ada.data(RECEIVED % fields, id=upload_id)

    assert {len(upload["transfer"]["received"]) for upload in data.values()} == {3}
    assert calls == ["ListParts"]
    await ada.upload(upload_id)
    assert calls == ["ListParts"] * 2, "the next request asks again"


@pytest.mark.usefixtures("small_parts")
async def test_a_batch_of_multipart_files_fits(ada: Api, calls: StorageCalls) -> None:
    ids = await requested(ada, 5)
    await sent(ada, ids, b"x" * MULTIPART_BYTES)
    calls.clear()

    results = await ada.complete_uploads(ids)

    assert {result["status"] for result in results} == {"STORED"}
    assert len(calls) == 3 * len(ids)
    assert REQUEST_CALLS == 400 >= 3 * BATCH_MAX


@pytest.mark.usefixtures("small_parts")
async def test_a_request_stops_at_its_budget(
    ada: Api, calls: StorageCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first question about the parts of a large file creates its multipart upload."""
    await requested(ada, 30)
    monkeypatch.setattr("gql_api.http.app.REQUEST_CALLS", 20)

    query = "{ uploads(first: 100) { nodes { transfer { parts { number } } } } }"
    body = (await ada.post(query)).json()

    assert len(calls) == 20
    codes = {error["extensions"]["code"] for error in body["errors"]}
    assert codes == {"QUERY_TOO_COMPLEX"}
    assert "20 calls" in body["errors"][0]["message"]
    transfers = [node["transfer"] for node in body["data"]["uploads"]["nodes"]]
    assert sum(transfer is not None for transfer in transfers) == 20
    calls.clear()
    await ada.data(query.replace("100", "10"))
    assert len(calls) <= 10, "each request has its own budget"


async def assert_refused_before_the_first(
    ada: Api, calls: StorageCalls, mutation: str, ids: list[str], limit: int
) -> None:
    """All parts of the uploads are sent, and a call for all of them exceeds the limit."""
    await sent(ada, ids, b"x" * MULTIPART_BYTES)
    calls.clear()
    query = f"mutation ($ids: [ID!]!) {{ {mutation}(ids: $ids) {{ __typename }} }}"
    code, message = await ada.error(query, ids=ids)
    assert (code, list(calls)) == ("QUERY_TOO_COMPLEX", [])
    assert f"{limit} calls" in message


@pytest.mark.usefixtures("small_parts")
async def test_completions_that_cannot_fit_are_refused_before_the_first(
    ada: Api, calls: StorageCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await requested(ada, 8)
    monkeypatch.setattr("gql_api.http.app.REQUEST_CALLS", 20)
    await assert_refused_before_the_first(ada, calls, "completeUploads", ids, 20)
    repeated: list[Json] = await ada.complete_uploads(ids[:6] * 2)
    assert {result["status"] for result in repeated} == {"STORED"}


@pytest.mark.usefixtures("small_parts")
async def test_deletions_that_cannot_fit_are_refused_before_the_first(
    ada: Api, calls: StorageCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await requested(ada, 6)
    monkeypatch.setattr("gql_api.http.app.REQUEST_CALLS", 10)
    await assert_refused_before_the_first(ada, calls, "deleteUploads", ids, 10)
    results = await ada.delete_uploads(ids[:5] * 2)
    assert {result["__typename"] for result in results} == {"UploadDeleted"}
    assert Counter(calls) == {"AbortMultipartUpload": 5, "DeleteObject": 5}


@pytest.mark.usefixtures("small_parts")
async def test_many_fields_share_one_budget(
    ada: Api, calls: StorageCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each field alone fits. What was done before the budget was used up stays done."""
    ids = await requested(ada, 12)
    await sent(ada, ids, b"x" * MULTIPART_BYTES)
    monkeypatch.setattr("gql_api.http.app.REQUEST_CALLS", 20)
    calls.clear()

    fields = " ".join(
        f'a{n}: completeUpload(id: "{one}") {{ __typename }}' for n, one in enumerate(ids)
    )
    body = (await ada.post(f"mutation {{ {fields} }}")).json()

    assert body["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert len(calls) <= 20
    assert (await ada.uploads(filter={"status": ["STORED"]}))["totalCount"] == 6


async def test_events_and_the_sweep_have_no_budget(
    container: Container, ada: Api, calls: StorageCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.http.app.REQUEST_CALLS", 0)
    viewer = (await ada.data("{ viewer { id } }"))["viewer"]["id"]
    uploads = [await ada.request_and_send(b"hello") for _ in range(3)]
    prefix = container.settings.uploads.key_prefix
    records = [
        {
            "eventName": "s3:ObjectCreated:Put",
            "s3": {
                "bucket": {"name": container.settings.s3_bucket},
                "object": {"key": f"{prefix}/{viewer}/{upload['id']}"},
            },
        }
        for upload in uploads
    ]

    await asyncio.gather(container.storage_events.handle({"Records": records}))

    assert len(calls) >= len(uploads)
    assert (await ada.uploads(filter={"status": ["STORED"]}))["totalCount"] == 3
