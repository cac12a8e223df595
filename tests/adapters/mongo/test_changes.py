from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.ids import new_id
from gql_api.domain.listing import Filter, Order, PageRequest
from gql_api.domain.media import Media
from gql_api.domain.parts import MIB
from gql_api.domain.processing import NOT_PROCESSED, TO_PROCESS, Processing, ProcessingStatus
from gql_api.domain.uploads import Upload, UploadStatus, may_become
from tests.upload_records import (
    NOW,
    OWNER,
    Stores,
    after,
    an_upload,
    insert_owner,
    insert_records,
    tombstone,
    usage_of,
    visible_of,
)

PENDING, STORED, TRASHED, REJECTED, CANCELLED, EXPIRED, DELETED = UploadStatus
LATER = NOW + timedelta(hours=1)
Adjustments = Sequence[tuple[Upload, UploadStatus]]
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
    expected = after(
        upload,
        LATER,
        status=to,
        status_reason="why",
        etag='"e"',
        check_at=LATER,
        stored_at=LATER if to is STORED and status is PENDING else None,
        trashed_at=LATER if to is TRASHED else None,
    )
    assert changed == (tombstone(expected) if to is DELETED else expected)
    assert await stores.uploads.find_any(*upload.name) == changed
    assert await usage_of(database) == ((1007, 2) if to.counts else (7, 1))
    assert await visible_of(database) == seen(1 + to.visible)
    assert await stores.listing.count(OWNER, Filter()) == 1 + to.visible


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
    await stores.uploads.note_check(upload, check_at=NOW)
    assert await stores.uploads.find_any(*upload.name) == won
    assert await usage_of(database) == booked


@pytest.mark.parametrize("group", [1, 3], ids=["alone", "in a group"])
async def test_a_state_includes_the_object_and_the_time_in_the_trash(
    stores: Stores, database: Database, group: int
) -> None:
    """The status may be the one that was read, although the state has changed since."""
    read = [await stored_in(database, STORED) for _ in range(group)]

    async def stale(to: UploadStatus) -> Sequence[Upload | None]:
        return await asyncio.gather(
            *(stores.uploads.transition(upload, to, at=LATER) for upload in read)
        )

    def fresh() -> Awaitable[Sequence[Upload | None]]:
        return asyncio.gather(*(stores.uploads.find(OWNER, upload.id) for upload in read))

    for upload in read:
        assert await stores.uploads.note_replaced(upload, etag='"b"', at=LATER)
    assert set(await stale(TRASHED)) == {None}
    read = [it for it in await fresh() if it]
    read = [it for it in await stale(TRASHED) if it]
    assert len(read) == group
    for upload in read:
        restored = await stores.uploads.transition(upload, STORED, at=LATER)
        assert restored is not None
        anew = LATER + timedelta(milliseconds=1)
        assert await stores.uploads.transition(restored, TRASHED, at=anew)
    assert set(await stale(DELETED)) == {None}
    assert await usage_of(database) == (1000 * group, group)
    assert await visible_of(database) == seen(0)


@pytest.mark.parametrize("status", [STORED, CANCELLED])
async def test_record_and_books_change_together_or_not_at_all(
    stores: Stores, database: Database, monkeypatch: pytest.MonkeyPatch, status: UploadStatus
) -> None:
    upload = await stored_in(database, status)
    booked = await usage_of(database)
    adjust = MongoUsage.adjust

    async def crash(self: MongoUsage, session: AsyncClientSession, changes: Adjustments) -> None:
        await adjust(self, session, changes)
        raise RuntimeError("crash")

    monkeypatch.setattr(MongoUsage, "adjust", crash)
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
    assert noted == upload._replace(multipart_id=noted.multipart_id, part_checksums=True)
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
    renamed = after(upload, filename="NEÜ")
    assert await stores.uploads.update_details(OWNER, upload.id, "NEÜ", None) == renamed
    assert await stores.listing.count(OWNER, Filter(search="neü")) == 1
    assert await stores.listing.count(OWNER, Filter(search="old")) == 0
    tagged = after(renamed, tags=("b", "c"))
    assert await stores.uploads.update_details(OWNER, upload.id, None, ["b", "c"]) == tagged
    assert await stores.listing.count(OWNER, Filter(tags=("b",))) == 1
    assert await stores.uploads.update_details(OWNER, upload.id, None, None) == tagged
    bare = after(tagged, tags=())
    assert await stores.uploads.update_details(OWNER, upload.id, None, []) == bare
    assert await stores.uploads.find(OWNER, upload.id) == bare
    assert await stores.uploads.update_details(OWNER, new_id(NOW), "x", None) is None


async def test_a_look_at_the_object_is_noted(stores: Stores) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    await stores.uploads.note_check(upload, check_at=LATER)
    assert await stores.uploads.find_any(*upload.name) == upload._replace(check_at=LATER)
    await stores.uploads.note_check(upload, check_at=None)
    assert await stores.uploads.find_any(*upload.name) == upload._replace(check_at=None)


async def test_a_replaced_object_is_noted_unless_another_was(stores: Stores) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    assert await stores.uploads.note_replaced(upload, etag='"b"', at=LATER) is None
    stored = await stores.uploads.transition(upload, STORED, at=NOW, etag='"a"')
    assert stored is not None
    replaced = await stores.uploads.note_replaced(stored, etag='"b"', at=LATER)
    assert replaced == after(stored, LATER, etag='"b"', stored_at=LATER)
    assert await stores.uploads.note_replaced(stored, etag='"c"', at=LATER) is None
    assert await stores.uploads.find_any(*upload.name) == replaced


@pytest.mark.parametrize("group", [1, 3], ids=["alone", "in a group"])
async def test_processing_is_recorded_unless_the_upload_has_changed(
    stores: Stores, database: Database, group: int
) -> None:
    read = [await stored_in(database, STORED) for _ in range(group)]

    def note(processing: Processing, check_at: datetime | None) -> Awaitable[list[Upload | None]]:
        return asyncio.gather(
            *(stores.uploads.note_processing(it, processing, check_at=check_at) for it in read)
        )

    done = Processing(ProcessingStatus.DONE, None, '"e"', Media(width=1))
    waiting = await note(TO_PROCESS, LATER)
    assert waiting == [after(it, processing=TO_PROCESS, check_at=LATER) for it in read]
    # The states in which they were read did not wait.
    assert set(await note(done, None)) == {None}
    for upload in read:
        await stores.uploads.note_check(upload, check_at=None)
    assert [await stores.uploads.find(OWNER, it.id) for it in read] == waiting
    read = [it for it in waiting if it]
    assert await note(done, None) == [after(it, processing=done, check_at=None) for it in read]
    read = [it._replace(processing=done) for it in read]
    for upload in read:
        assert await stores.uploads.transition(upload, TRASHED, at=LATER)
    assert set(await note(TO_PROCESS, None)) == {None}


@pytest.mark.parametrize("status", UploadStatus)
async def test_only_stored_files_are_processed(
    stores: Stores, database: Database, status: UploadStatus
) -> None:
    upload = await stored_in(database, status)
    noted = await stores.uploads.note_processing(upload, TO_PROCESS, check_at=None)
    assert (noted is not None) is status.stored


async def test_a_replaced_object_is_processed_anew(stores: Stores, database: Database) -> None:
    upload = await stored_in(database, STORED)
    done = Processing(ProcessingStatus.DONE, None, '"e"', Media(width=1))
    noted = await stores.uploads.note_processing(upload, done, check_at=NOW)
    assert noted is not None
    replaced = await stores.uploads.note_replaced(
        noted, etag='"b"', at=LATER, processing=TO_PROCESS, check_at=LATER
    )
    assert replaced == after(
        noted, LATER, etag='"b"', stored_at=LATER, processing=TO_PROCESS, check_at=LATER
    )
    again = await stores.uploads.note_replaced(replaced, etag='"c"', at=NOW)
    assert again == after(replaced, etag='"c"', stored_at=NOW, processing=NOT_PROCESSED)


def due_at(*hours: int | None) -> list[Upload]:
    """Return uploads that are due in so many hours from NOW; None is never."""
    times = [None if n is None else NOW + timedelta(hours=n) for n in hours]
    return [an_upload()._replace(check_at=time) for time in times]


async def test_the_longest_overdue_are_claimed_first(stores: Stores, database: Database) -> None:
    uploads = due_at(3, 1, None, 2, 4)
    uploads[3] = uploads[3]._replace(status=DELETED)
    await insert_records(database, uploads)
    now, until = NOW + timedelta(hours=3), NOW + timedelta(hours=5)
    assert list(await stores.uploads.claim_due(NOW, 10, until)) == []
    claimed = list(await stores.uploads.claim_due(now, 2, until))
    assert [upload.id for upload in claimed] == [uploads[1].id, uploads[3].id]
    [lease] = {upload.check_at for upload in claimed}
    assert lease is not None
    assert until <= lease <= until + timedelta(minutes=1)
    assert [it.id for it in await stores.uploads.claim_due(now, 9, until)] == [uploads[0].id]
    assert list(await stores.uploads.claim_due(now, 9, until)) == []


async def test_what_was_claimed_is_due_again_when_the_lease_ends(
    stores: Stores, database: Database
) -> None:
    uploads = due_at(1)
    await insert_records(database, uploads)
    [claimed] = await stores.uploads.claim_due(
        NOW + timedelta(hours=1), 9, NOW + timedelta(hours=2)
    )
    assert claimed.check_at is not None
    later = claimed.check_at
    early = later - timedelta(milliseconds=1)
    assert list(await stores.uploads.claim_due(early, 9, NOW + timedelta(hours=4))) == []
    assert len(await stores.uploads.claim_due(later, 9, NOW + timedelta(hours=4))) == 1


async def test_claims_at_the_same_time_share_nothing(stores: Stores, database: Database) -> None:
    uploads = due_at(*[1] * 40)
    await insert_records(database, uploads)
    now, until = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    claims = await asyncio.gather(*(stores.uploads.claim_due(now, 5, until) for _ in range(8)))
    claimed = [upload.id for claim in claims for upload in claim]
    assert all(claims)
    assert len(claimed) == len(set(claimed))
    while claim := await stores.uploads.claim_due(now, 5, until):
        claimed += [upload.id for upload in claim]
    assert sorted(claimed) == sorted(upload.id for upload in uploads)


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
            after(it, LATER, status=STORED, stored_at=LATER, etag=f'"{it.id}"', check_at=None)
            for it in uploads
        ),
        None,
    ]
    assert await stores.uploads.find_any(*gone.name) == cancelled


@pytest.mark.parametrize("conflict", [False, True], ids=["together", "each alone"])
async def test_closings_at_the_same_time_share_a_transaction(
    stores: Stores, database: Database, monkeypatch: pytest.MonkeyPatch, conflict: bool
) -> None:
    """If a conflict makes the shared transaction fail, each closing is made alone."""
    other = new_id(NOW)
    await insert_owner(database, other)
    uploads = [an_upload(owner) for owner in (OWNER, other) for _ in range(10)]
    for owner in (OWNER, other):
        await stores.insertions.insert(owner, [it for it in uploads if it.owner_id == owner], None)
    gone = await stores.uploads.transition(uploads[3], CANCELLED, at=LATER)
    adjust = MongoUsage.adjust
    sizes = []

    async def counted(self: MongoUsage, session: AsyncClientSession, changes: Adjustments) -> None:
        sizes.append(len(changes))
        if conflict and len(changes) > 1:
            raise OperationFailure("a write conflict", 112)
        await adjust(self, session, changes)

    monkeypatch.setattr(MongoUsage, "adjust", counted)
    closed = await asyncio.gather(
        *(stores.uploads.transition(it, EXPIRED, at=LATER) for it in (*uploads, uploads[7]))
    )
    won = [it.id for it in closed if it is not None]
    assert sorted(won) == sorted(it.id for it in uploads if it.id != uploads[3].id)
    assert await stores.uploads.find_any(*uploads[3].name) == gone
    for owner in (OWNER, other):
        assert await usage_of(database, owner) == (0, 0)
        assert await visible_of(database, owner) == seen(10)
    assert sizes == ([19, *[1] * 19] if conflict else [19])


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
