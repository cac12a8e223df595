"""Outboxes: each change writes its event in the same update, alone, in a group or a transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.media import Media
from gql_api.domain.outbox import OUTBOX_MAX, OVERDUE_AFTER
from gql_api.domain.processing import Processing, ProcessingStatus
from gql_api.domain.upload_events import UploadEvent, UploadEventType
from gql_api.domain.uploads import Upload, UploadName, UploadStatus
from tests.adapters.mongo.test_upload_indexes import index_keys
from tests.upload_records import NOW, OWNER, Stores, an_upload, insert_owner

PENDING, STORED, TRASHED, REJECTED, CANCELLED, EXPIRED, DELETED = UploadStatus
DONE = Processing(ProcessingStatus.DONE, None, '"e"', Media(width=1))
Type = UploadEventType


@pytest.fixture
async def stores(database: Database) -> Stores:
    await insert_owner(database)
    return Stores(database, events=True)


async def inserted(stores: Stores, count: int) -> list[Upload]:
    uploads = [an_upload() for _ in range(count)]
    await stores.insertions.insert(OWNER, uploads, None)
    return uploads


async def events_of(stores: Stores, *uploads: Upload) -> list[UploadEvent]:
    return list(await stores.outbox.waiting([upload.name for upload in uploads]))


async def live(stores: Stores, upload: Upload) -> None:
    """Take an upload through its states."""

    async def change(to: UploadStatus) -> None:
        current = await stores.uploads.find_any(*upload.name)
        assert current is not None
        assert await stores.uploads.transition(current, to, at=NOW, etag='"e"')

    await change(STORED)
    current = await stores.uploads.find(*upload.name)
    assert current is not None
    assert await stores.uploads.note_processing(current, DONE, check_at=None)
    await stores.uploads.update_details(OWNER, upload.id, "new", ["a"])
    current = await stores.uploads.find(*upload.name)
    assert current is not None
    assert await stores.uploads.note_replaced(current, etag='"b"', at=NOW)
    for status in (TRASHED, STORED, DELETED):
        await change(status)


LIFE = [
    Type.STORED,
    Type.PROCESSED,
    Type.UPDATED,
    Type.STORED,
    Type.TRASHED,
    Type.RESTORED,
    Type.DELETED,
]


@pytest.mark.parametrize("count", [1, 20], ids=["alone", "in groups"])
async def test_each_change_raises_the_version_and_leaves_an_event(
    stores: Stores, count: int
) -> None:
    uploads = await inserted(stores, count)
    assert await events_of(stores, *uploads) == []
    await asyncio.gather(*(live(stores, upload) for upload in uploads))
    for upload in uploads:
        events = await events_of(stores, upload)
        assert [event.type for event in events] == LIFE
        assert [event.version for event in events] == list(range(2, 9))
        assert [event.id for event in events] == [f"{upload.id}-{n}" for n in range(2, 9)]
        assert {event.at for event in events} == {NOW}
        assert {event.upload.version for event in events} == {8}


@pytest.mark.parametrize("to", [REJECTED, CANCELLED, EXPIRED])
async def test_the_end_of_a_pending_upload_is_an_event(stores: Stores, to: UploadStatus) -> None:
    uploads = await inserted(stores, 5)
    await asyncio.gather(*(stores.uploads.transition(it, to, at=NOW) for it in uploads))
    events = await events_of(stores, *uploads)
    assert [(event.type, event.version) for event in events] == [(Type(to.value), 2)] * 5


async def test_a_change_that_is_not_made_leaves_no_event(stores: Stores) -> None:
    [upload] = await inserted(stores, 1)
    assert await stores.uploads.transition(upload, STORED, at=NOW, etag='"e"')
    assert await stores.uploads.transition(upload, CANCELLED, at=NOW) is None
    found = await stores.uploads.update_details(OWNER, upload.id, None, None)
    assert found is not None
    assert found.version == 2
    assert [event.type for event in await events_of(stores, upload)] == [Type.STORED]


@pytest.mark.parametrize("since", [1, 2, 5])
async def test_what_is_handed_over_is_removed_and_what_came_since_is_not(
    stores: Stores, since: int
) -> None:
    first, second = await inserted(stores, 2)
    for upload in (first, second):
        await stores.uploads.update_details(OWNER, upload.id, "a", None)
    taken = await events_of(stores, first, second)
    for number in range(since):
        await stores.uploads.update_details(OWNER, first.id, f"{number}", None)
    for _ in range(2):  # It is safe to repeat.
        await stores.outbox.remove(taken)
        left = await events_of(stores, first, second)
        assert [(event.id, event.version) for event in left] == [
            (f"{first.id}-{version}", version) for version in range(3, 3 + since)
        ]
    await stores.outbox.remove(left)
    await stores.uploads.update_details(OWNER, first.id, "d", None)
    # Another process that has taken less removes no more.
    await stores.outbox.remove(taken)
    assert [event.version for event in await events_of(stores, first)] == [3 + since]
    await stores.outbox.remove([])


async def test_only_outboxes_with_events_are_in_the_index(
    stores: Stores, database: Database
) -> None:
    await inserted(stores, 50)
    late, early, gone = await inserted(stores, 3)
    for number, upload in enumerate((gone, early, late)):
        at = NOW + timedelta(seconds=number)
        assert await stores.uploads.transition(upload, STORED, at=at, etag='"e"')
    await stores.outbox.remove(await events_of(stores, gone))
    assert await index_keys(database, "relay_at") == 2
    due = NOW + OVERDUE_AFTER
    assert await stores.outbox.overdue(due, 10) == []
    assert await stores.outbox.overdue(due + timedelta(seconds=1), 10) == [early.name]
    later = due + timedelta(seconds=2)
    assert await stores.outbox.overdue(later, 10) == [early.name, late.name]
    assert await stores.outbox.overdue(later, 1) == [early.name]


async def test_a_later_change_does_not_postpone_the_relay(stores: Stores) -> None:
    [upload] = await inserted(stores, 1)
    stored = await stores.uploads.transition(upload, STORED, at=NOW, etag='"e"')
    assert stored is not None
    at = NOW + timedelta(hours=1)
    assert await stores.uploads.transition(stored, TRASHED, at=at, etag='"e"')
    assert await stores.outbox.overdue(NOW + OVERDUE_AFTER, 10) == [upload.name]


async def test_an_outbox_stays_small_and_keeps_the_newest_events(stores: Stores) -> None:
    [upload] = await inserted(stores, 1)
    for number in range(OUTBOX_MAX + 5):
        await stores.uploads.update_details(OWNER, upload.id, f"{number}", None)
    events = await events_of(stores, upload)
    assert len(events) == OUTBOX_MAX
    assert [event.version for event in events] == list(range(7, OUTBOX_MAX + 7))
    taken = events[:]
    for number in range(OUTBOX_MAX + 1):
        await stores.uploads.update_details(OWNER, upload.id, f"{number}", None)
    await stores.outbox.remove(taken)
    left = await events_of(stores, upload)
    assert [event.version for event in left][-1] == 2 * OUTBOX_MAX + 7
    assert await stores.outbox.overdue(NOW + OVERDUE_AFTER, 10) == [upload.name]


async def test_a_tombstone_stays_until_its_events_are_handed_over(stores: Stores) -> None:
    [upload] = await inserted(stores, 1)
    deleted = await stores.uploads.transition(upload, DELETED, at=NOW)
    assert deleted is not None
    await stores.uploads.purge(deleted)
    assert await stores.uploads.find_any(*upload.name) == deleted
    await stores.outbox.remove(await events_of(stores, upload))
    await stores.uploads.purge(deleted)
    assert await stores.uploads.find_any(*upload.name) is None


async def test_without_listeners_there_are_versions_but_no_events(
    stores: Stores, database: Database
) -> None:
    [upload] = await inserted(stores, 1)
    await stores.uploads.update_details(OWNER, upload.id, "heard", None)
    silent = Stores(database)
    changed = await silent.uploads.update_details(OWNER, upload.id, "a", None)
    assert changed is not None
    assert changed.version == 3
    assert await events_of(stores, upload) == []
    # The numbers are right when somebody listens again.
    await stores.uploads.update_details(OWNER, upload.id, "b", None)
    assert [event.version for event in await events_of(stores, upload)] == [4]


async def test_records_of_an_earlier_release_have_version_1(
    stores: Stores, database: Database
) -> None:
    [upload] = await inserted(stores, 1)
    fields = {"changes": "", "changed": "", "changed_at": ""}
    await database["uploads"].update_one({"_id": upload.id, "owner": OWNER}, {"$unset": fields})
    old = await stores.uploads.find(*upload.name)
    assert old is not None
    assert old.version == 1
    assert await stores.uploads.transition(old, STORED, at=NOW, etag='"e"')
    assert [event.version for event in await events_of(stores, old)] == [2]


async def test_nothing_of_other_owners_is_handed_over(stores: Stores) -> None:
    [upload] = await inserted(stores, 1)
    await stores.uploads.update_details(OWNER, upload.id, "a", None)
    other = UploadName(upload.id, upload.id)
    assert await stores.outbox.waiting([other]) == []
    assert await stores.outbox.waiting([]) == []


async def test_changes_at_the_same_time_have_different_versions(stores: Stores) -> None:
    [upload] = await inserted(stores, 1)

    async def rename(number: int) -> Any:
        return await stores.uploads.update_details(OWNER, upload.id, f"{number}", None)

    renamed = await asyncio.gather(*map(rename, range(30)))
    assert sorted(it.version for it in renamed) == list(range(2, 32))
    versions = [event.version for event in await events_of(stores, upload)]
    assert all(next - last == 1 for last, next in pairwise(versions))
    assert versions[-1] == 31
