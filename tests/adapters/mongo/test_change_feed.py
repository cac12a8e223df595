"""The feed of changes on a real database: its index, and that no cursor passes a change."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from bson import Timestamp

from gql_api.adapters.mongo.change_feed import MongoChangeFeed, feed_query
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import to_document
from gql_api.adapters.mongo.listing import page_query
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.change_feed import ChangePage, Cursor, Place
from gql_api.domain.ids import new_id
from gql_api.domain.listing import Filter, Order, OrderField, PageRequest
from gql_api.domain.upload_events import UploadEventType
from gql_api.domain.uploads import Upload, UploadStatus
from tests.adapters.mongo.test_list_queries import reads_by_owner, stages
from tests.random_work import SOAK_FACTOR, generator
from tests.upload_records import NOW, OWNER, Stores, an_upload, insert_owner, insert_records

STORED, TRASHED, DELETED = UploadStatus.STORED, UploadStatus.TRASHED, UploadStatus.DELETED
Document = dict[str, Any]


@pytest.fixture
async def stores(database: Database) -> Stores:
    await insert_owner(database)
    return Stores(database)


async def insert_at(database: Database, *seconds: int | None) -> list[Upload]:
    """Insert uploads that changed at these times; None stands for an earlier release."""
    uploads = [an_upload() for _ in seconds]
    for upload, time in zip(uploads, seconds, strict=True):
        document = to_document(upload)
        del document["changed"]
        if time is not None:
            document["changed"] = Timestamp(time, 1)
        await database["uploads"].insert_one(document)
    return uploads


async def read(
    feed: MongoChangeFeed, cursor: Cursor | None = None, limit: int = 100
) -> tuple[list[Upload], Cursor | None]:
    """Return all pages after the cursor, and the last cursor."""
    found: list[Upload] = []
    while True:
        page = await feed.page(OWNER, cursor, limit)
        found += page.uploads
        cursor = page.end
        if not page.more:
            return found, cursor


async def test_an_empty_feed_has_no_cursor(stores: Stores) -> None:
    page = await stores.feed.page(OWNER, None, 100)
    assert (list(page.uploads), page.end, page.more) == ([], None, False)


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_uploads_come_in_the_order_of_their_last_change(
    stores: Stores, database: Database, limit: int
) -> None:
    """Those that a release without the feed has left come first."""
    late, old, early, same, never = await insert_at(database, 300, None, 100, 100, None)
    await insert_records(database, [an_upload(owner_id=new_id(NOW))])
    found, cursor = await read(stores.feed, limit=limit)
    order = [old.id, never.id, early.id, same.id, late.id]
    assert [upload.id for upload in found] == order
    assert cursor == Cursor(Place(300, 1, late.id), Place(300, 1, late.id))
    for number, upload in enumerate(found):
        time = 0 if upload.id in (old.id, never.id) else 300 if upload.id == late.id else 100
        place = Place(time, int(time > 0), upload.id)
        rest, _ = await read(stores.feed, Cursor(place, place), limit)
        assert [it.id for it in rest] == order[number + 1 :]


async def test_a_change_moves_an_upload_to_the_end(stores: Stores, database: Database) -> None:
    uploads = await insert_at(database, 100, 200, None)
    _, cursor = await read(stores.feed)
    for upload in uploads:
        await stores.uploads.update_details(OWNER, upload.id, "new", None)
    found, again = await read(stores.feed, cursor)
    assert [(it.id, it.version) for it in found] == [(it.id, 2) for it in uploads]
    assert [it.changed_at for it in found] == [NOW] * 3
    # They are too new to be passed.
    assert await read(stores.feed, again) == (found, again)


async def test_what_clients_can_not_see_changes_nothing(stores: Stores) -> None:
    upload = an_upload(size_bytes=10**9)
    await stores.insertions.insert(OWNER, [upload], None)
    await stores.uploads.note_check(upload, check_at=NOW)
    assert await stores.uploads.set_multipart(upload, "m", part_checksums=False)
    await stores.uploads.claim_due(NOW, 10, NOW)
    [found], _ = await read(stores.feed)
    assert (found.version, found.changed_at) == (1, None)


async def test_a_tombstone_says_nothing_about_the_file(stores: Stores, database: Database) -> None:
    upload = an_upload(filename="secret.jpg", tags=("secret",))
    await stores.insertions.insert(OWNER, [upload], None)
    assert await stores.uploads.transition(upload, DELETED, at=NOW)
    [found], _ = await read(stores.feed)
    assert (found.status, found.version, found.filename, found.tags) == (DELETED, 2, "", ())
    assert "secret" not in str(await database["uploads"].find_one({"owner": OWNER}))


async def test_a_change_that_commits_late_is_not_skipped(
    stores: Stores, database: Database
) -> None:
    """It got its place in the feed before changes that a reader has seen meanwhile."""
    late, *others = [an_upload() for _ in range(6)]
    await stores.insertions.insert(OWNER, [late, *others], None)
    _, cursor = await read(stores.feed)
    renaming: Document = {"$set": {"filename": "late"}}
    update = await stores.versions.raised(renaming, UploadEventType.UPDATED)
    record = {"_id": late.id, "owner": OWNER}
    async with database.client.start_session() as session, await session.start_transaction():
        await database["uploads"].update_one(record, update, session=session)
        for upload in others:
            await stores.uploads.update_details(OWNER, upload.id, "early", None)
        page = await stores.feed.page(OWNER, cursor, 4)
        seen, end = await read(stores.feed, page.end, 2)
    assert page.more
    assert all(it.version == 1 for it in (*page.uploads, *seen) if it.id == late.id)
    # In the middle, the reader goes on behind the change. When it has reached the end, it returns.
    _, end_of_walk = await read(stores.feed, page.end)
    for place in (end, end_of_walk):
        found, _ = await read(stores.feed, place)
        assert (late.id, 2) in {(it.id, it.version) for it in found}


class Reader:
    """Reads the feed as a client does, and notes what it knew at each cursor."""

    def __init__(self, feed: MongoChangeFeed, limit: int) -> None:
        self._feed = feed
        self._limit = limit
        self.known: dict[str, int] = {}
        self.seen: dict[tuple[str, int], Upload] = {}
        self.cursors: list[tuple[Cursor | None, dict[str, int]]] = [(None, {})]

    async def page(self, cursor: Cursor | None) -> ChangePage:
        page = await self._feed.page(OWNER, cursor, self._limit)
        for upload in page.uploads:
            # The same id and version never differ, and no upload goes back.
            assert self.seen.setdefault((upload.id, upload.version), upload) == upload
            assert self.known.get(upload.id, 0) <= upload.version
            self.known[upload.id] = upload.version
        self.cursors.append((page.end, dict(self.known)))
        return page

    async def follow(self, written: asyncio.Event) -> None:
        """Read until all is written and the end is reached."""
        cursor: Cursor | None = None
        while True:
            last = written.is_set()
            page = await self.page(cursor)
            cursor = page.end
            if last and not page.more:
                return


async def live(stores: Stores, upload: Upload, chance: random.Random) -> None:
    """Insert an upload and change it ten times."""
    await stores.insertions.insert(OWNER, [upload], None)
    for status in (STORED, TRASHED, STORED, TRASHED, DELETED):
        await stores.uploads.update_details(OWNER, upload.id, f"{chance.random()}", None)
        current = await stores.uploads.find_any(*upload.name)
        assert current is not None
        assert await stores.uploads.transition(current, status, at=NOW, etag='"e"')


@pytest.mark.random
async def test_nothing_is_skipped_while_many_write(stores: Stores) -> None:
    """From any cursor, a reader gets the last version of each upload that it does not know."""
    chance = generator(20300131)
    uploads = [an_upload() for _ in range(30 * SOAK_FACTOR)]
    final = {upload.id: 11 for upload in uploads}
    written = asyncio.Event()

    async def write() -> None:
        await asyncio.gather(*(live(stores, upload, chance) for upload in uploads))
        written.set()

    readers = [Reader(stores.feed, limit) for limit in (3, 100)]
    await asyncio.gather(write(), *(reader.follow(written) for reader in readers))
    assert [reader.known for reader in readers] == [final, final]
    cursors = [noted for reader in readers for noted in reader.cursors]
    for cursor, known in chance.sample(cursors, min(20, len(cursors))):
        found, end = await read(stores.feed, cursor)
        if cursor is not None and cursor.at != cursor.safe:
            # It was in the middle of a walk, which ends where the last changes are read again.
            found += (await read(stores.feed, end))[0]
        assert known | {upload.id: upload.version for upload in found} == final


PLACES: dict[str, Callable[[str], Cursor | None]] = {
    "start": lambda _id: None,
    "an older release": lambda id: Cursor(Place(0, 0, id), Place(0, 0, id)),
    "a time": lambda id: Cursor(Place(1000, 1, id), Place(1000, 1, id)),
    "no upload": lambda _id: Cursor(Place(1000, 0, ""), Place(1000, 0, "")),
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_page_reads_its_rows_in_an_index(database: Database, place: str) -> None:
    uploads = await insert_at(database, *[None] * 50, *[1000] * 150, *range(2000, 2050))
    await insert_records(database, [an_upload(owner_id=new_id(NOW)) for _ in range(100)])
    cursor = PLACES[place](uploads[100 if place == "a time" else 20].id)
    command = {"find": "uploads", **feed_query(OWNER, cursor), "limit": 21}
    plan = await database.command("explain", command, verbosity="executionStats")
    found = list(stages(plan["queryPlanner"]["winningPlan"]))
    assert reads_by_owner(found), found
    assert all(stage["stage"] != "SORT" for stage in found)
    assert plan["executionStats"]["totalKeysExamined"] <= 24


async def test_names_are_listed_without_reading_tombstones(
    stores: Stores, database: Database
) -> None:
    uploads = [an_upload() for _ in range(100)]
    await stores.insertions.insert(OWNER, uploads, None)
    for upload in uploads[:90]:
        assert await stores.uploads.transition(upload, DELETED, at=NOW)
    query, sort = page_query(OWNER, PageRequest(Filter(), Order(OrderField.FILENAME, False), 20))
    command = {"find": "uploads", "filter": query, "sort": dict(sort), "limit": 21}
    plan = await database.command("explain", command, verbosity="executionStats")
    assert plan["executionStats"]["totalDocsExamined"] == 10


async def test_the_totals_do_not_count_tombstones(stores: Stores, database: Database) -> None:
    upload = an_upload()
    await stores.insertions.insert(OWNER, [upload], None)
    assert await stores.uploads.transition(upload, DELETED, at=NOW)
    assert await MongoUsage(database).recompute([OWNER]) == 0
