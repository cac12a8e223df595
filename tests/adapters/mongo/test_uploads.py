from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import Any

import pymongo
import pytest
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.monitoring import CommandListener, CommandStartedEvent

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import to_document, to_upload
from gql_api.domain.ids import new_id
from gql_api.domain.listing import Filter
from gql_api.domain.media import Media, RenditionName
from gql_api.domain.processing import (
    TO_PROCESS,
    Processing,
    ProcessingStatus,
    StoredRendition,
)
from gql_api.domain.upload_store import Inserted
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, UploadName, UploadStatus
from gql_api.settings import Settings
from tests.upload_records import (
    NOW,
    OWNER,
    Stores,
    an_upload,
    insert_owner,
    usage_of,
)

SHA256 = base64.b64encode(bytes(32)).decode()
CRC64NVME = Checksum(ChecksumAlgorithm.CRC64NVME, "rosUhgp5mIg=")
LATER = NOW + timedelta(hours=1)
MEDIA = Media(
    width=4000,
    height=3000,
    duration_seconds=1.5,
    frame_rate=29.97,
    video_codec="h264",
    audio_codec="aac",
    pages=3,
    thumbhash="3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    captured_at=NOW - timedelta(days=400),
    camera="Phone",
    has_location=True,
)


class Commands(CommandListener):
    """Records the commands that are sent, except logins, whose content the driver hides."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command:
            self.sent.append(event.command)

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


@pytest.fixture
async def stores(database: Database) -> Stores:
    await insert_owner(database)
    return Stores(database)


def created(outcomes: Any) -> list[Upload]:
    return [outcome.created for outcome in outcomes if outcome.created]


async def insert_one(stores: Stores, upload: Upload, quota_bytes: int | None = None) -> Inserted:
    [outcome] = await stores.insertions.insert(upload.owner_id, [upload], quota_bytes)
    return outcome


# ------------------------------------------------------------------ insert and find


async def test_what_is_recorded_comes_back_the_same(stores: Stores) -> None:
    full = an_upload(
        filename="写真 🌊.jpg",
        content_type="text/plain; charset=utf-8",
        size_bytes=10**9,
        checksum=Checksum(ChecksumAlgorithm.SHA256, SHA256),
        tags=("a", "b"),
        client_token="t",
    )._replace(
        status_reason="why",
        stored_at=LATER,
        multipart_id="m",
        part_checksums=True,
        etag='"e"',
        processing=Processing(
            ProcessingStatus.FAILED,
            "Why.",
            '"e"',
            MEDIA,
            (StoredRendition(RenditionName.PREVIEW, 1600, 1200, 8 * 2**20),),
        ),
    )
    bare = an_upload(size_bytes=0)._replace(check_at=None)
    other = full._replace(id=new_id(NOW), client_token="u", checksum=CRC64NVME)
    other = other._replace(processing=TO_PROCESS)
    assert full.plan.multipart
    assert list(await stores.insertions.insert(OWNER, [full, bare, other], None)) == [
        Inserted(created=full),
        Inserted(created=bare),
        Inserted(created=other),
    ]
    assert await stores.uploads.find_several(OWNER, [bare.id, "\ud800", full.id, new_id(NOW)]) == {
        full.id: full,
        bare.id: bare,
    }
    for upload in (full, bare, other):
        assert await stores.uploads.find(OWNER, upload.id) == upload
        assert await stores.uploads.find_any(*upload.name) == upload
    assert await stores.uploads.find_many(
        [bare.name, full.name, UploadName(OWNER, new_id(NOW))]
    ) == {
        full.name: full,
        bare.name: bare,
    }


async def test_another_owner_finds_nothing(stores: Stores) -> None:
    upload = an_upload()
    await insert_one(stores, upload)
    stranger = new_id(NOW)
    assert await stores.uploads.find(stranger, upload.id) is None
    assert await stores.uploads.update_details(stranger, upload.id, "x", ["y"]) is None
    assert await stores.listing.count(stranger, Filter()) == 0
    assert await stores.uploads.find(OWNER, upload.id) == upload


async def test_no_drafts_are_no_work(stores: Stores) -> None:
    assert list(await stores.insertions.insert(OWNER, [], 0)) == []


async def test_what_fits_into_the_quota_is_decided_in_order(
    stores: Stores, database: Database
) -> None:
    drafts = [an_upload(size_bytes=size) for size in (600, 500, 300, 0, 101, 100)]
    outcomes = await stores.insertions.insert(OWNER, drafts, 1000)
    assert created(outcomes) == [drafts[0], drafts[2], drafts[3], drafts[5]]
    assert [outcomes[1].available_bytes, outcomes[4].available_bytes] == [0, 0]
    assert await usage_of(database) == (1000, 4)
    assert await insert_one(stores, an_upload(size_bytes=1), 1000) == Inserted(available_bytes=0)
    assert await insert_one(stores, an_upload(size_bytes=1), 1007) != Inserted(available_bytes=0)
    assert await insert_one(stores, an_upload(size_bytes=7), 1007) == Inserted(available_bytes=6)
    assert await usage_of(database) == (1001, 5)
    assert await stores.listing.count(OWNER, Filter()) == 5


async def test_without_a_quota_everything_fits(stores: Stores, database: Database) -> None:
    drafts = [an_upload(size_bytes=2**42) for _ in range(3)]
    assert created(await stores.insertions.insert(OWNER, drafts, None)) == drafts
    assert await usage_of(database) == (3 * 2**42, 3)


async def test_empty_files_are_booked_even_above_the_quota(
    stores: Stores, database: Database
) -> None:
    """The operator has lowered the quota. An empty file needs no quota, but it is counted."""
    await insert_one(stores, an_upload(size_bytes=1000), None)
    empty = an_upload(size_bytes=0)
    outcomes = await stores.insertions.insert(OWNER, [empty, an_upload(size_bytes=1)], 500)
    assert outcomes == [Inserted(created=empty), Inserted(available_bytes=0)]
    assert await usage_of(database) == (1000, 2)


async def test_the_quota_holds_at_its_edge(stores: Stores, database: Database) -> None:
    """Of 50 concurrent requests, 30 fit into the quota."""
    drafts = [an_upload(size_bytes=100) for _ in range(50)]
    outcomes = await asyncio.gather(*(insert_one(stores, draft, 3099) for draft in drafts))
    assert len(created(outcomes)) == 30
    assert {o.available_bytes for o in outcomes if not o.created} == {99}
    assert await usage_of(database) == (3000, 30)
    assert await stores.listing.count(OWNER, Filter()) == 30


async def test_500_files_are_one_insert(settings: Settings, stores: Stores) -> None:
    commands = Commands()
    client: pymongo.AsyncMongoClient[dict[str, Any]] = pymongo.AsyncMongoClient(
        settings.db_url, event_listeners=[commands], tz_aware=True
    )
    try:
        listened = Stores(client[settings.db_name]).insertions
        drafts = [an_upload(client_token=str(n)) for n in range(500)]
        assert created(await listened.insert(OWNER, drafts, 10**9)) == drafts
        names = [next(iter(command)) for command in commands.sent]
        assert names == ["update", "insert", "commitTransaction"]
        assert len(commands.sent[1]["documents"]) == 500
    finally:
        await client.close()
    assert await stores.listing.count(OWNER, Filter()) == 500


async def test_an_error_books_nothing(stores: Stores, database: Database) -> None:
    """The id already exists. The insertion must fail, not retry forever."""
    upload = an_upload()
    await insert_one(stores, upload)
    with pytest.raises((BulkWriteError, DuplicateKeyError)):
        await stores.insertions.insert(OWNER, [an_upload(), upload], None)
    assert await usage_of(database) == (1000, 1)
    assert await stores.listing.count(OWNER, Filter()) == 1


# ------------------------------------------------------------------ client tokens


async def test_a_repeated_token_finds_the_earlier_upload(
    stores: Stores, database: Database
) -> None:
    first = an_upload(client_token="t")
    await insert_one(stores, first)
    other = an_upload(client_token="t", size_bytes=5, filename="another.txt")
    assert await insert_one(stores, other) == Inserted(existing=first)
    new = an_upload(client_token="u")
    none = an_upload()
    assert await stores.insertions.insert(OWNER, [other, new, none], 3000) == [
        Inserted(existing=first),
        Inserted(created=new),
        Inserted(created=none),
    ]
    assert await usage_of(database) == (3000, 3)


async def test_a_repeated_token_is_found_when_the_quota_is_full(stores: Stores) -> None:
    first = an_upload(client_token="t")
    await insert_one(stores, first, 1000)
    assert await insert_one(stores, an_upload(client_token="t"), 1000) == Inserted(existing=first)
    drafts = [an_upload(client_token=t, size_bytes=n) for t, n in (("t", 1000), ("u", 1), ("v", 0))]
    assert await stores.insertions.insert(OWNER, drafts, 1000) == [
        Inserted(existing=first),
        Inserted(available_bytes=0),
        Inserted(created=drafts[2]),
    ]


async def test_one_token_at_the_same_time_at_the_edge_of_the_quota(
    stores: Stores, database: Database
) -> None:
    drafts = [an_upload(client_token="t") for _ in range(20)]
    outcomes = await asyncio.gather(*(insert_one(stores, draft, 1000) for draft in drafts))
    [winner] = created(outcomes)
    assert [o.existing for o in outcomes if not o.created] == [winner] * 19
    assert await usage_of(database) == (1000, 1)


async def test_a_token_repeated_within_a_batch(stores: Stores, database: Database) -> None:
    drafts = [an_upload(client_token=token) for token in ("a", "b", "a", "a")]
    assert await stores.insertions.insert(OWNER, drafts, None) == [
        Inserted(created=drafts[0]),
        Inserted(created=drafts[1]),
        Inserted(existing=drafts[0]),
        Inserted(existing=drafts[0]),
    ]
    assert await usage_of(database) == (2000, 2)


async def test_a_token_repeated_within_a_batch_that_does_not_fit(stores: Stores) -> None:
    drafts = [an_upload(client_token="a") for _ in range(2)]
    assert await stores.insertions.insert(OWNER, drafts, 10) == [Inserted(available_bytes=10)] * 2


async def test_one_token_at_the_same_time_makes_one_upload(
    stores: Stores, database: Database
) -> None:
    drafts = [an_upload(client_token="t") for _ in range(20)]
    outcomes = await asyncio.gather(*(insert_one(stores, draft, 10**6) for draft in drafts))
    [winner] = created(outcomes)
    assert [o.existing for o in outcomes if not o.created] == [winner] * 19
    assert await usage_of(database) == (1000, 1)


async def test_tokens_are_each_owners_own(stores: Stores, database: Database) -> None:
    other_owner = new_id(NOW)
    await insert_owner(database, other_owner)
    await insert_one(stores, an_upload(client_token="t"))
    upload = an_upload(other_owner, client_token="t")
    assert await insert_one(stores, upload) == Inserted(created=upload)


async def test_the_token_of_a_deleted_upload_is_free(stores: Stores) -> None:
    upload = an_upload(client_token="t")
    await insert_one(stores, upload)
    deleted = await stores.uploads.transition(upload, UploadStatus.DELETED, at=LATER)
    assert deleted is not None
    assert deleted.client_token is None
    again = an_upload(client_token="t")
    assert await insert_one(stores, again) == Inserted(created=again)


# ------------------------------------------------------------------ what was derived


def processings() -> list[Processing]:
    """Return one value of each form."""
    pictures = (
        StoredRendition(RenditionName.THUMBNAIL, 320, 240, 1),
        StoredRendition(RenditionName.PREVIEW, 1600, 1200, 8 * 2**20),
    )
    done = Processing(ProcessingStatus.DONE, None, '"e"', MEDIA, pictures)
    return [
        Processing(),
        TO_PROCESS,
        done,
        done.again(),
        done.failed("Why."),
        Processing(ProcessingStatus.DONE, None, '"e"', Media(), ()),
        Processing(ProcessingStatus.FAILED, "Why.", '"e"'),
    ]


@pytest.mark.parametrize("processing", processings(), ids=str)
async def test_each_form_of_processing_comes_back_the_same(
    stores: Stores, processing: Processing
) -> None:
    upload = an_upload()._replace(processing=processing)
    await insert_one(stores, upload)
    found = await stores.uploads.find(OWNER, upload.id)
    assert found is not None
    assert found.processing == processing


async def test_each_fact_is_stored_by_itself(stores: Stores) -> None:
    """A fact of another type, or at the place of another one, would be noticed here."""
    for name, value in MEDIA._asdict().items():
        media = Media(**{name: value})
        upload = an_upload()._replace(processing=TO_PROCESS._replace(media=media))
        await insert_one(stores, upload)
        found = await stores.uploads.find(OWNER, upload.id)
        assert found is not None
        assert found.processing.media == media
        assert type(getattr(found.processing.media, name)) is type(value)


async def test_the_time_of_a_picture_is_kept_in_milliseconds(stores: Stores) -> None:
    at = NOW.replace(microsecond=123_999)
    upload = an_upload()._replace(processing=TO_PROCESS._replace(media=Media(captured_at=at)))
    await insert_one(stores, upload)
    found = await stores.uploads.find(OWNER, upload.id)
    assert found is not None
    assert found.processing.media == Media(captured_at=at.replace(microsecond=123_000))


def test_what_only_a_newer_release_derives_is_ignored() -> None:
    """A release that is rolled back leaves such records behind."""
    upload = an_upload()._replace(processing=processings()[2])
    document = to_document(upload)
    document["media"] |= {"channels": 2, "lens": {"name": "f/1.8"}}
    document["renditions"].insert(0, {"name": "STRIP", "width": 9, "height": 9, "size": 9})
    assert to_upload(document) == upload
