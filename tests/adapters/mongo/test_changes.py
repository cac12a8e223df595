from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.ids import new_id
from gql_api.domain.listing import Filter, Order, PageRequest
from gql_api.domain.parts import MIB
from gql_api.domain.uploads import Upload, UploadStatus, may_become
from tests.upload_records import (
    NOW,
    OWNER,
    Stores,
    an_upload,
    insert_owner,
    insert_records,
    usage_of,
    visible_of,
)

PENDING, STORED, REJECTED, CANCELLED, EXPIRED, DELETED = UploadStatus
LATER = NOW + timedelta(hours=1)
TRANSITIONS = list(product(UploadStatus, UploadStatus))


@pytest.fixture
async def stores(database: Database) -> Stores:
    await insert_owner(database)
    return Stores(database)


async def stored_in(database: Database, status: UploadStatus, **changes: Any) -> Upload:
    """Record an upload with this status, counted in its owner's usage."""
    upload = an_upload(status=status, **changes)
    await insert_records(database, [upload])
    booked = {"visible.uploads": int(status.visible)}
    if status.counts:
        booked |= {"usage.bytes": upload.size_bytes, "usage.uploads": 1}
    await database["users"].update_one({"_id": upload.owner_id}, {"$inc": booked})
    return upload


def seen(uploads: int) -> dict[str, Any]:
    """Return the `visible` field for this number of visible uploads."""
    return {"uploads": uploads, "exact": True}


@pytest.mark.parametrize(("status", "to"), [pair for pair in TRANSITIONS if may_become(*pair)])
async def test_a_transition_moves_the_usage_with_it(
    stores: Stores, database: Database, status: UploadStatus, to: UploadStatus
) -> None:
    await stored_in(database, STORED, size_bytes=7)
    upload = await stored_in(database, status, size_bytes=1000)
    assert await usage_of(database) == ((1007, 2) if status.counts else (7, 1))
    changed = await stores.uploads.transition(
        upload, to, at=LATER, reason="why", etag='"e"', check_at=LATER
    )
    assert changed == replace(
        upload,
        status=to,
        status_reason="why",
        etag='"e"',
        check_at=LATER,
        stored_at=LATER if to is STORED else None,
    )
    assert await stores.uploads.find_any(*upload.name) == changed
    assert await usage_of(database) == ((1007, 2) if to.counts else (7, 1))
    assert await visible_of(database) == seen(1 if to is DELETED else 2)
    assert await stores.listing.count(OWNER, Filter()) == (1 if to is DELETED else 2)


@pytest.mark.parametrize(("status", "to"), [p for p in TRANSITIONS if not may_become(*p)])
async def test_other_transitions_are_mistakes(
    stores: Stores, database: Database, status: UploadStatus, to: UploadStatus
) -> None:
    upload = await stored_in(database, status)
    before = await usage_of(database)
    with pytest.raises(ValueError, match=f"from {status.value} to {to.value}"):
        await stores.uploads.transition(upload, to, at=LATER)
    assert await stores.uploads.find_any(*upload.name) == upload
    assert await usage_of(database) == before


async def test_when_it_was_stored_is_kept(stores: Stores) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    stored = await stores.uploads.transition(upload, STORED, at=LATER, etag='"e"')
    assert stored is not None
    rejected = await stores.uploads.transition(
        stored, REJECTED, at=LATER + timedelta(hours=1), reason="why"
    )
    assert rejected is not None
    assert (rejected.stored_at, rejected.etag, rejected.check_at) == (LATER, None, None)


@pytest.mark.parametrize(
    ("winner", "loser"), [(CANCELLED, STORED), (STORED, CANCELLED), (EXPIRED, DELETED)]
)
async def test_who_comes_late_changes_nothing(
    stores: Stores, database: Database, winner: UploadStatus, loser: UploadStatus
) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    won = await stores.uploads.transition(upload, winner, at=LATER)
    booked = await usage_of(database)
    assert await stores.uploads.transition(upload, loser, at=LATER, reason="late") is None
    await stores.uploads.note_check(upload, etag='"late"', check_at=NOW)
    assert await stores.uploads.find_any(*upload.name) == won
    assert await usage_of(database) == booked


@pytest.mark.parametrize("status", [STORED, CANCELLED])
async def test_record_and_books_change_together_or_not_at_all(
    stores: Stores, database: Database, monkeypatch: pytest.MonkeyPatch, status: UploadStatus
) -> None:
    upload = await stored_in(database, status)
    booked = await usage_of(database)
    release = MongoUsage.release

    async def crash(
        self: MongoUsage, session: AsyncClientSession, upload: Upload, to: UploadStatus
    ) -> None:
        await release(self, session, upload, to)
        raise RuntimeError("crash")

    monkeypatch.setattr(MongoUsage, "release", crash)
    with pytest.raises(RuntimeError, match="crash"):
        await stores.uploads.transition(upload, DELETED, at=LATER)
    assert await stores.uploads.find_any(*upload.name) == upload
    assert await usage_of(database) == booked
    assert await visible_of(database) == seen(1)


async def test_of_many_at_once_one_wins(stores: Stores, database: Database) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    targets = (CANCELLED, EXPIRED, REJECTED, DELETED) * 5
    outcomes = await asyncio.gather(
        *(stores.uploads.transition(upload, to, at=LATER) for to in targets)
    )
    [won] = filter(None, outcomes)
    assert await stores.uploads.find_any(*upload.name) == won
    assert await usage_of(database) == (0, 0)
    assert await visible_of(database) == seen(int(won.status.visible))


async def test_a_purged_upload_can_not_change(stores: Stores, database: Database) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    await stores.uploads.purge(upload)
    assert await stores.uploads.find(OWNER, upload.id) == upload, "only deleted uploads are purged"
    deleted = await stores.uploads.transition(upload, DELETED, at=LATER)
    assert deleted is not None
    await stores.uploads.purge(deleted)
    assert await stores.uploads.find_any(*upload.name) is None
    assert await visible_of(database) == seen(0)
    assert await stores.uploads.transition(upload, STORED, at=LATER) is None
    await stores.uploads.purge(deleted)


async def test_tombstones_are_seen_by_nobody(stores: Stores) -> None:
    upload, left = an_upload(), an_upload()
    await stores.insertions.insert(OWNER, [upload, left], None)
    deleted = await stores.uploads.transition(upload, DELETED, at=LATER)
    assert deleted is not None
    assert await stores.uploads.find(OWNER, upload.id) is None
    assert await stores.uploads.update_details(OWNER, upload.id, "x", None) is None
    assert await stores.uploads.update_details(OWNER, upload.id, None, None) is None
    for filter in (Filter(), Filter(search="photo"), Filter(content_type="image/*")):
        page = await stores.listing.page(OWNER, PageRequest(filter, Order(), 10))
        assert (list(page.uploads), page.more) == ([left], False)
        assert await stores.listing.count(OWNER, filter) == 1
    assert await stores.uploads.find_any(*upload.name) == deleted
    assert await stores.uploads.find_many([upload.name]) == {upload.name: deleted}


# ------------------------------------------------------------------ other changes


async def test_one_of_two_multipart_uploads_is_noted(stores: Stores) -> None:
    upload = an_upload(size_bytes=100 * MIB)
    await stores.insertions.insert(OWNER, [upload], None)
    outcomes = await asyncio.gather(
        *(stores.uploads.set_multipart(upload, f"m{n}", part_checksums=True) for n in range(10))
    )
    [noted] = filter(None, outcomes)
    assert await stores.uploads.find_any(*upload.name) == noted
    assert noted == replace(upload, multipart_id=noted.multipart_id, part_checksums=True)
    anew = await stores.uploads.set_multipart(noted, None, part_checksums=False)
    assert anew == upload
    assert await stores.uploads.set_multipart(noted, "m", part_checksums=False) is None


@pytest.mark.parametrize("status", [s for s in UploadStatus if s is not PENDING])
async def test_only_a_pending_upload_gets_a_multipart_upload(
    stores: Stores, database: Database, status: UploadStatus
) -> None:
    upload = await stored_in(database, status)
    assert await stores.uploads.set_multipart(upload, "m", part_checksums=False) is None
    assert await stores.uploads.find_any(*upload.name) == upload


async def test_details(stores: Stores) -> None:
    upload = an_upload(filename="Old", tags=("a",))
    await stores.insertions.insert(OWNER, [upload], None)
    renamed = replace(upload, filename="NEÜ")
    assert await stores.uploads.update_details(OWNER, upload.id, "NEÜ", None) == renamed
    assert await stores.listing.count(OWNER, Filter(search="neü")) == 1
    assert await stores.listing.count(OWNER, Filter(search="old")) == 0
    tagged = replace(renamed, tags=("b", "c"))
    assert await stores.uploads.update_details(OWNER, upload.id, None, ["b", "c"]) == tagged
    assert await stores.listing.count(OWNER, Filter(tags=("b",))) == 1
    assert await stores.uploads.update_details(OWNER, upload.id, None, None) == tagged
    bare = replace(tagged, tags=())
    assert await stores.uploads.update_details(OWNER, upload.id, None, []) == bare
    assert await stores.uploads.find(OWNER, upload.id) == bare
    assert await stores.uploads.update_details(OWNER, new_id(NOW), "x", None) is None


async def test_a_look_at_the_object_is_noted(stores: Stores) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    await stores.uploads.note_check(upload, etag='"e"', check_at=LATER)
    assert await stores.uploads.find_any(*upload.name) == replace(
        upload, etag='"e"', check_at=LATER
    )
    await stores.uploads.note_check(upload, etag=None, check_at=None)
    assert await stores.uploads.find_any(*upload.name) == replace(upload, etag=None, check_at=None)


async def test_the_longest_overdue_come_first(stores: Stores, database: Database) -> None:
    hours = (3, 1, None, 2, 4)
    uploads = [
        replace(an_upload(), check_at=None if n is None else NOW + timedelta(hours=n))
        for n in hours
    ]
    uploads[3] = replace(uploads[3], status=DELETED)
    await insert_records(database, uploads)
    due = await stores.uploads.due(NOW + timedelta(hours=3), 10)
    assert list(due) == [uploads[1], uploads[3], uploads[0]]
    assert list(await stores.uploads.due(NOW + timedelta(hours=3), 2)) == [uploads[1], uploads[3]]
    assert list(await stores.uploads.due(NOW, 10)) == []


async def test_changes_at_the_same_time_are_each_on_their_own_condition(
    stores: Stores, database: Database
) -> None:
    uploads = [await stored_in(database, PENDING) for _ in range(20)]
    gone = await stored_in(database, PENDING)
    cancelled = await stores.uploads.transition(gone, CANCELLED, at=LATER)

    def change(upload: Upload) -> Awaitable[Upload | None]:
        return stores.uploads.transition(upload, STORED, at=LATER, etag=f'"{upload.id}"')

    changed = await asyncio.gather(*map(change, (*uploads, gone)))
    assert changed == [
        *(
            replace(it, status=STORED, stored_at=LATER, etag=f'"{it.id}"', check_at=None)
            for it in uploads
        ),
        None,
    ]
    assert await stores.uploads.find_any(*gone.name) == cancelled


async def test_of_two_different_changes_at_the_same_time_one_is_made(
    stores: Stores, database: Database
) -> None:
    others = [await stored_in(database, PENDING) for _ in range(5)]
    upload = await stored_in(database, PENDING)
    changed = await asyncio.gather(
        *(stores.uploads.transition(other, STORED, at=LATER, etag="o") for other in others),
        *(stores.uploads.transition(upload, STORED, at=LATER, etag=etag) for etag in ("a", "b")),
    )
    [made] = [it for it in changed[-2:] if it is not None]
    assert await stores.uploads.find_any(*upload.name) == made
