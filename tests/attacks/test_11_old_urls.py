"""Replacing the bytes of a STORED upload by its old URLs, on a store that ignores If-None-Match."""

from __future__ import annotations

import asyncio
from datetime import datetime

import httpx
import pytest

from gql_api.container import Container
from gql_api.domain.policy import ARRIVAL_SECONDS
from gql_api.domain.uploads import Upload
from local.gateway import Gateway
from tests.api import Api, Json, new_user, send
from tests.clock import SettableClock
from tests.services.world import sha256
from tests.upload_records import Stores

DATA, OTHER = b"the first bytes", b"quite different"
# The sweep looks again after more than an hour.
pytestmark = pytest.mark.settings(ACCESS_TTL_SECONDS="86400")
EVERY_UPLOAD_IN_PARTS = pytest.mark.settings(SINGLE_PART_MAX_BYTES="0")


async def sent(api: Api, data: bytes, **fields: object) -> tuple[str, list[Json]]:
    """Send and complete an upload; return its id, and the URLs, which are still valid."""
    upload = await api.request_and_send(data, **fields)
    assert (await api.complete_upload(upload["id"]))["status"] == "STORED"
    return upload["id"], upload["transfer"]["parts"]


async def record(container: Container, id: str) -> Upload:
    row = await container.database["uploads"].find_one({"_id": id})
    assert row is not None
    found = await Stores(container.database).uploads.find_any(row["owner"], id)
    assert found is not None
    return found


async def in_bucket(container: Container, key: str) -> tuple[str, bytes] | None:
    """Return the ETag and the bytes of the object."""
    facts = await container.bucket.head(key)
    content = await container.bucket.read_small(key, 1000)
    return None if facts is None or content is None else (facts.etag, content)


async def event_of(container: Container, upload: Upload) -> None:
    """Have the service handle the event of the object as it is now."""
    facts = await container.bucket.head(upload.key)
    assert facts is not None
    await container.settling.settle_object(upload.name, upload.key, facts.etag.strip('"'))


async def swept(container: Container, clock: SettableClock) -> None:
    clock.advance(seconds=container.settings.uploads.url_ttl_seconds + ARRIVAL_SECONDS + 1)
    assert (await container.maintenance.sweep()).failures == 0


@pytest.mark.parametrize("heard", [True, False], ids=["event", "sweep"])
async def test_the_record_says_what_the_bucket_has(
    client: httpx.AsyncClient, container: Container, clock: SettableClock, heard: bool
) -> None:
    ada = await new_user(client)
    await container.deployment.adopt()
    id, [url] = await sent(ada, DATA)
    before = await record(container, id)
    clock.advance(seconds=60)
    assert (await send(url, OTHER)).status_code == 200
    await (event_of(container, before) if heard else swept(container, clock))
    after = await record(container, id)
    assert await in_bucket(container, after.key) == (after.etag, OTHER)
    assert after.etag != before.etag
    assert after.stored_at == clock()
    shown = await ada.upload(id)
    assert shown is not None
    assert (shown["status"], shown["checksum"]) == ("STORED", None)
    assert datetime.fromisoformat(shown["storedAt"]) == after.stored_at


@pytest.mark.parametrize("heard", [True, False], ids=["event", "sweep"])
async def test_a_declared_checksum_is_never_that_of_other_bytes(
    client: httpx.AsyncClient, container: Container, clock: SettableClock, heard: bool
) -> None:
    ada = await new_user(client)
    await container.deployment.adopt()
    checksum = {"algorithm": "SHA256", "value": sha256(DATA)}
    id, [url] = await sent(ada, DATA, checksum=checksum)
    before = await record(container, id)
    assert (await send(url, OTHER)).status_code == 200
    await (event_of(container, before) if heard else swept(container, clock))
    shown = await ada.upload(id)
    assert shown is not None
    assert shown["status"] == "REJECTED"
    assert sha256(OTHER) in shown["statusReason"]
    assert await in_bucket(container, before.key) is None


async def test_of_two_events_the_later_look_counts(
    client: httpx.AsyncClient, container: Container
) -> None:
    """An event that looked before the last overwrite must not record what it saw."""
    ada = await new_user(client)
    id, [url] = await sent(ada, DATA)
    stored = await record(container, id)
    await send(url, OTHER)
    looked = await container.bucket.head(stored.key)
    assert looked is not None
    await send(url, DATA.swapcase())
    await asyncio.gather(*(event_of(container, stored) for _ in range(4)))
    store = Stores(container.database).uploads
    assert await store.note_replaced(stored, etag=looked.etag, at=stored.created_at) is None
    after = await record(container, id)
    assert await in_bucket(container, after.key) == (after.etag, DATA.swapcase())


@EVERY_UPLOAD_IN_PARTS
@pytest.mark.parametrize("data", [b"", b"1", DATA], ids=["empty", "one byte", "small"])
@pytest.mark.parametrize("with_checksum", [False, True], ids=["plain", "checksum"])
async def test_urls_die_when_the_upload_is_stored(
    client: httpx.AsyncClient, container: Container, data: bytes, with_checksum: bool
) -> None:
    ada = await new_user(client)
    fields = {"checksum": {"algorithm": "SHA256", "value": sha256(data)}} if with_checksum else {}
    id, urls = await sent(ada, data, **fields)
    before = await record(container, id)
    for url in urls:
        assert (await send(url, data.swapcase())).status_code == 404
    assert await in_bucket(container, before.key) == (before.etag, data)
    assert await record(container, id) == before
    assert before.check_at is None
    download = await ada.download(id)
    assert download is not None
    assert (await send(download)).content == data


@EVERY_UPLOAD_IN_PARTS
async def test_urls_that_were_not_used_die_too(
    client: httpx.AsyncClient, container: Container, gateway: Gateway
) -> None:
    ada = await new_user(client)
    upload = await ada.request_and_send(DATA)
    unused = [part for _ in range(2) for part in await ada.parts(upload["id"])]
    assert (await ada.complete_upload(upload["id"]))["status"] == "STORED"
    before = await record(container, upload["id"])
    assert {(await send(url, OTHER)).status_code for url in unused} == {404}
    assert await in_bucket(container, before.key) == (before.etag, DATA)
    pending = await ada.request_and_send(DATA)
    await ada.cancel_upload(pending["id"])
    assert (await send(pending["transfer"]["parts"][0], OTHER)).status_code == 404


@EVERY_UPLOAD_IN_PARTS
async def test_clients_see_no_other_difference(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    limits = await ada.data("{ uploadLimits { singlePartMaxBytes } }")
    assert limits["uploadLimits"]["singlePartMaxBytes"] == 0
    results = await ada.request_uploads(
        [{"filename": "a", "contentType": "a/b", "size": size} for size in (0, 1, 17 * 2**20)]
    )
    transfers = [result["upload"]["transfer"] for result in results]
    assert [transfer["partCount"] for transfer in transfers] == [1, 1, 2]
    assert [[part["size"] for part in it["parts"]] for it in transfers[:2]] == [[0], [1]]


@EVERY_UPLOAD_IN_PARTS
async def test_the_batches_of_clients_stay_within_the_storage_budget(
    client: httpx.AsyncClient,
) -> None:
    """The SDK requests 250 files at once and completes 100."""
    ada = await new_user(client)
    file = {"filename": "a", "contentType": "a/b", "size": 1}
    uploads = [result["upload"] for result in await ada.request_uploads([file] * 250)]
    urls = [part for upload in uploads for part in upload["transfer"]["parts"]]
    assert len(urls) == 250
    answers = await asyncio.gather(*(send(url, b"1") for url in urls[:100]))
    assert {answer.status_code for answer in answers} == {200}
    completed = await ada.complete_uploads([upload["id"] for upload in uploads[:100]])
    assert [result.get("status") for result in completed] == ["STORED"] * 100
