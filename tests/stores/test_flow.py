"""The main flow over the API on each S3 server: what is sent arrives, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from gql_api.container import Container
from gql_api.services.orphans import ORPHAN_AGE
from tests.api import Api, Json, new_user, send, send_all
from tests.clock import SettableClock
from tests.services.world import sha256
from tests.stores.store import BUCKET, Store
from tests.stores.store import client as client_of

SMALL = b"the bytes of a picture"
LARGE = bytes(range(250)) * 10  # Three parts.


@pytest.fixture
async def api(client: httpx.AsyncClient, small_parts: None) -> Api:
    """A user who has just signed up."""
    return await new_user(client)


def declared(data: bytes) -> Json:
    return {"checksum": {"algorithm": "SHA256", "value": sha256(data)}}


@pytest.mark.parametrize("with_checksum", [False, True], ids=["plain", "checksum"])
@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["single", "multipart"])
async def test_a_file_is_stored_downloaded_and_deleted(
    api: Api, data: bytes, with_checksum: bool
) -> None:
    upload = await api.store(data, **(declared(data) if with_checksum else {}))
    assert (upload["status"], upload["size"]) == ("STORED", len(data))
    request = await api.download(upload["id"])
    assert request is not None
    response = await send(request)
    assert (response.content, response.headers["content-type"]) == (data, "image/jpeg")
    assert (await api.delete_upload(upload["id"]))["__typename"] == "UploadDeleted"
    assert (await send(request)).status_code == 404


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["single", "multipart"])
async def test_other_bytes_than_the_checksum_declares_are_not_stored(api: Api, data: bytes) -> None:
    """Either the store refuses them, or the service notices when it settles."""
    ticket = await api.request_upload(len(data), **declared(data.swapcase()))
    upload = ticket["upload"]
    sent = await send_all(upload["transfer"]["parts"], data)
    completed = await api.complete_upload(upload["id"])
    if sent[0].status_code == 400:
        assert completed["__typename"] == "UploadIncomplete"
    else:
        assert completed["__typename"] == "UploadRejected"
        assert sha256(data) in completed["upload"]["statusReason"]
    assert (await api.upload(upload["id"]) or {})["status"] != "STORED"


async def test_parts_with_checksums_of_their_own_are_stored(api: Api) -> None:
    query = """mutation ($input: RequestUploadInput!) {
      requestUpload(input: $input) { ... on UploadTicket { upload { id } } } }"""
    fields = {"filename": "a.jpg", "contentType": "image/jpeg", "size": len(LARGE)}
    id = (await api.data(query, input=fields))["requestUpload"]["upload"]["id"]
    parts = [
        {"number": number, "checksum": sha256(LARGE[start : start + 1000])}
        for number, start in enumerate(range(0, len(LARGE), 1000), 1)
    ]
    answers = await send_all(await api.parts(id, parts), LARGE)
    assert {answer.status_code for answer in answers} == {200}
    assert (await api.complete_upload(id))["status"] == "STORED"


async def test_the_sweep_stores_what_arrived_and_clears_what_did_not(
    api: Api, container: Container, clock: SettableClock, store: Store, key_prefix: str
) -> None:
    """Nobody completes these uploads. One arrived, of one a part is missing, one was never sent."""
    arrived = await api.request_and_send(LARGE)
    partial = (await api.request_upload(len(LARGE)))["upload"]
    await send_all(partial["transfer"]["parts"][:2], LARGE)
    clock.advance(seconds=container.settings.uploads.pending_ttl_seconds + 1)
    report = await container.maintenance.sweep()
    assert (report.stored, report.expired, report.failures) == (1, 1, 0)
    clock.advance(seconds=(2 * ORPHAN_AGE + timedelta(days=1)).total_seconds())
    assert (await container.maintenance.sweep()).failures == 0
    s3 = client_of(store)
    keys = [it["Key"] for it in s3.list_objects_v2(Bucket=BUCKET, Prefix=key_prefix)["Contents"]]
    assert [key.rpartition("/")[2] for key in keys] == [arrived["id"]]
    pending = s3.list_multipart_uploads(Bucket=BUCKET)
    assert key_prefix not in str(pending.get("Uploads"))
    s3.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cache-control", "public, max-age=31536000"),
        ("content-disposition", "inline"),
        ("content-encoding", "gzip"),
        ("content-language", "xx"),
    ],
)
async def test_headers_that_are_not_signed_change_no_download(
    api: Api, name: str, value: str
) -> None:
    upload = (await api.request_upload(len(SMALL)))["upload"]
    [part] = upload["transfer"]["parts"]
    extra = {"name": name, "value": value}
    await send({**part, "headers": [*part["headers"], extra]}, SMALL)
    result = await api.complete_upload(upload["id"])
    if result["__typename"] == "UploadRejected":
        assert name == "content-encoding"
        return
    request = await api.download(upload["id"], disposition="ATTACHMENT")
    assert request is not None
    response = await send(request)
    assert response.content == SMALL
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-disposition"].startswith("attachment;")
