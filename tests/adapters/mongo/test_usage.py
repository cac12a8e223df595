from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.ids import new_id
from gql_api.domain.listing import Filter
from gql_api.domain.uploads import UploadStatus
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


@pytest.fixture
async def books(database: Database) -> MongoUsage:
    await insert_owner(database)
    return MongoUsage(database)


async def spoil(database: Database, usage: Any, owner_id: str = OWNER) -> None:
    await database["users"].update_one({"_id": owner_id}, {"$set": {"usage": usage}})


async def test_the_sum_is_over_what_counts(books: MongoUsage, database: Database) -> None:
    stranger = new_id(NOW)
    uploads = [an_upload(status=s, size_bytes=10**n) for n, s in enumerate(UploadStatus)]
    await insert_records(database, [*uploads, an_upload(stranger, size_bytes=5)])
    assert await books.recompute([OWNER]) == 1
    assert await usage_of(database) == (111, 3)  # pending, stored and trashed
    # All but the trashed and the deleted one.
    assert await visible_of(database) == {"uploads": 5, "exact": True}
    assert await books.recompute([OWNER]) == 0


@pytest.mark.parametrize(
    "usage",
    [
        {"bytes": 1, "uploads": 3},
        {"bytes": 3000, "uploads": 2},
        {"bytes": -1, "uploads": -1},
        {"bytes": 3000.5, "uploads": 3},
        {"bytes": 3000, "uploads": 3, "more": 1},
        {},
        None,
    ],
)
async def test_whatever_is_wrong_is_corrected(
    books: MongoUsage, database: Database, usage: Any
) -> None:
    await insert_records(database, [an_upload() for _ in range(3)])
    await spoil(database, usage)
    assert await books.recompute([OWNER]) == 1
    user = await database["users"].find_one({"_id": OWNER})
    assert user is not None
    assert user["usage"] == {"bytes": 3000, "uploads": 3}


async def test_a_user_without_a_booking_gets_one(books: MongoUsage, database: Database) -> None:
    await database["users"].update_one({"_id": OWNER}, {"$unset": {"usage": ""}})
    assert await books.recompute([OWNER]) == 1
    assert await usage_of(database) == (0, 0)


@pytest.mark.parametrize(
    "visible", [{"uploads": 2, "exact": True}, {"uploads": 3}, {"exact": True}, {}, None]
)
async def test_a_wrong_number_of_uploads_is_corrected(
    books: MongoUsage, database: Database, visible: Any
) -> None:
    cancelled = [an_upload(status=UploadStatus.CANCELLED) for _ in range(3)]
    await insert_records(database, cancelled)
    await database["users"].update_one({"_id": OWNER}, {"$set": {"visible": visible}})
    assert await books.recompute([OWNER]) == 1
    assert await visible_of(database) == {"uploads": 3, "exact": True}
    assert await usage_of(database) == (0, 0)
    assert await books.recompute([OWNER]) == 0


async def test_a_user_from_before_uploads_were_booked_is_counted_once(
    books: MongoUsage, database: Database
) -> None:
    """Until the sweep has run, lists count the user's records, even while they change."""
    stores = Stores(database)
    before = [an_upload() for _ in range(3)]
    await insert_records(database, before)
    earlier = {"$set": {"usage": {"bytes": 3000, "uploads": 3}}, "$unset": {"visible": ""}}
    await database["users"].update_one({"_id": OWNER}, earlier)
    assert await stores.listing.count(OWNER, Filter()) == 3
    await stores.insertions.insert(OWNER, [an_upload(), an_upload()], 10_000)
    assert await stores.listing.count(OWNER, Filter()) == 5
    assert await stores.uploads.transition(before[0], UploadStatus.DELETED, at=NOW)
    assert await stores.listing.count(OWNER, Filter()) == 4
    assert await books.visible(OWNER) is None

    assert await books.recompute([OWNER]) == 1
    assert await books.visible(OWNER) == 4
    await stores.insertions.insert(OWNER, [an_upload()], None)
    assert await books.visible(OWNER) == await stores.listing.count(OWNER, Filter()) == 5
    assert await books.recompute([OWNER]) == 0


async def test_only_those_that_are_wrong_are_written(books: MongoUsage, database: Database) -> None:
    owners = [new_id(NOW) for _ in range(20)]
    for owner_id in owners:
        await insert_owner(database, owner_id)
    await spoil(database, {"bytes": 1, "uploads": 0}, owners[3])
    await spoil(database, {"bytes": 1, "uploads": 0}, owners[7])
    assert await books.recompute([*owners[:5], new_id(NOW)]) == 1
    assert await usage_of(database, owners[7]) == (1, 0)
    assert await books.recompute(owners) == 1
    assert await books.recompute([]) == 0


async def test_sums_of_any_size(books: MongoUsage, database: Database) -> None:
    largest = 2**53 - 1
    uploads = [an_upload(size_bytes=2**40) for _ in range(3)]
    await insert_records(database, uploads)
    await database["uploads"].update_many({}, {"$set": {"size": largest}})
    assert await books.recompute([OWNER]) == 1
    assert await usage_of(database) == (3 * largest, 3)


async def test_owner_ids_come_in_pieces(books: MongoUsage, database: Database) -> None:
    owners = [OWNER, *(new_id(NOW) for _ in range(6))]
    for owner_id in owners[1:]:
        await insert_owner(database, owner_id)
    found: list[str] = []
    while piece := await books.owner_ids(found[-1] if found else "", 3):
        assert len(piece) <= 3
        found += piece
    assert found == sorted(owners)


class Overtaken(MongoUsage):
    """A `MongoUsage` for which an upload is inserted right after a correction's first sum."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._insertions = Stores(database).insertions
        self._overtaken = False

    async def _sums(
        self, owner_ids: Sequence[str], session: AsyncClientSession | None
    ) -> Mapping[str, dict[str, Any]]:
        sums = await super()._sums(owner_ids, session)
        if session is not None and not self._overtaken:
            self._overtaken = True
            await self._insertions.insert(OWNER, [an_upload()], None)
        return sums


async def test_a_correction_that_is_overtaken_sums_again(
    books: MongoUsage, database: Database
) -> None:
    await spoil(database, {"bytes": 1, "uploads": 1})
    assert await Overtaken(database).recompute([OWNER]) == 1
    assert await usage_of(database) == (1000, 1)


async def test_a_correction_takes_part_in_what_happens_meanwhile(
    books: MongoUsage, database: Database
) -> None:
    """Insert and delete uploads while the totals are repeatedly corrupted and corrected."""
    stores = Stores(database)

    async def work(n: int) -> None:
        for _ in range(10):
            upload = an_upload(size_bytes=n)
            [outcome] = await stores.insertions.insert(OWNER, [upload], None)
            assert outcome.created == upload
            if n % 2:
                assert await stores.uploads.transition(upload, UploadStatus.DELETED, at=NOW)

    async def audit() -> int:
        corrected = 0
        for _ in range(15):
            await database["users"].update_one({"_id": OWNER}, {"$inc": {"usage.bytes": 10**6}})
            corrected += await books.recompute([OWNER])
        return corrected

    *_, corrected = await asyncio.gather(*(work(n) for n in range(1, 5)), audit())
    assert corrected == 15
    assert await books.visible(OWNER) == 20
    # No correction has introduced an error, so nothing is left to correct.
    assert await books.recompute([OWNER]) == 0
    assert await usage_of(database) == (10 * 2 + 10 * 4, 20)
