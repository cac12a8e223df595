"""Concurrent insertions share a transaction but do not affect each other's results."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.insertions import MongoInsertions
from gql_api.adapters.mongo.usage import OwnerDrafts
from gql_api.domain.ids import new_id
from gql_api.domain.upload_store import Inserted
from gql_api.domain.uploads import Upload
from tests.upload_records import (
    NOW,
    Stores,
    an_upload,
    insert_owner,
    insert_records,
    usage_of,
    visible_of,
)


@pytest.fixture
async def owners(database: Database) -> list[str]:
    """Four users."""
    ids = [new_id(NOW) for _ in range(4)]
    for owner_id in ids:
        await insert_owner(database, owner_id)
    return ids


@pytest.fixture
def insertions(database: Database) -> MongoInsertions:
    return Stores(database).insertions


async def insert_all(insertions: MongoInsertions, *wanted: OwnerDrafts) -> list[Sequence[Inserted]]:
    return await asyncio.gather(*(insertions.insert(*call) for call in wanted))


def wanted(*drafts: Upload, quota_bytes: int | None = 10_000) -> OwnerDrafts:
    return OwnerDrafts(drafts[0].owner_id, drafts, quota_bytes)


async def recorded(database: Database) -> set[str]:
    return {document["_id"] async for document in database["uploads"].find()}


async def test_all_are_recorded_and_booked(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    drafts = [an_upload(owner_id) for owner_id in owners for _ in range(3)]
    outcomes = await insert_all(insertions, *map(wanted, drafts))
    assert [outcome for [outcome] in outcomes] == [Inserted(created=draft) for draft in drafts]
    assert await recorded(database) == {draft.id for draft in drafts}
    for owner_id in owners:
        assert await usage_of(database, owner_id) == (3000, 3)
        assert await visible_of(database, owner_id) == {"uploads": 3, "exact": True}


async def test_one_transaction_is_enough_where_all_goes_well(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    async def commits() -> int:
        status = await database.client.admin.command("serverStatus")
        return int(status["metrics"]["commands"]["commitTransaction"]["total"])

    before = await commits()
    await insert_all(insertions, *(wanted(an_upload(owner_id)) for owner_id in owners))
    assert await commits() == before + 1


async def test_a_full_quota_is_its_owners_alone(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    full, *others = owners
    large = [an_upload(full, size_bytes=6000) for _ in range(3)]
    small = [an_upload(owner_id) for owner_id in others]
    outcomes = await insert_all(insertions, *map(wanted, [*large, *small]))
    assert [outcome for [outcome] in outcomes] == [
        Inserted(created=large[0]),
        Inserted(available_bytes=4000),
        Inserted(available_bytes=4000),
        *(Inserted(created=draft) for draft in small),
    ]
    assert await recorded(database) == {draft.id for draft in [large[0], *small]}
    assert await usage_of(database, full) == (6000, 1)
    assert await visible_of(database, full) == {"uploads": 1, "exact": True}
    assert [await usage_of(database, owner_id) for owner_id in others] == [(1000, 1)] * 3


async def test_a_repeated_token_is_its_owners_alone(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    repeating, *others = owners
    earlier = an_upload(repeating, client_token="t")
    await insert_records(database, [earlier])
    repeated = an_upload(repeating, client_token="t")
    small = [an_upload(owner_id, client_token="t") for owner_id in others]
    outcomes = await insert_all(insertions, *map(wanted, [repeated, *small]))
    assert [outcome for [outcome] in outcomes] == [
        Inserted(existing=earlier),
        *(Inserted(created=draft) for draft in small),
    ]
    assert await usage_of(database, repeating) == (0, 0)


async def test_of_calls_with_the_same_token_one_creates(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    drafts = [an_upload(owners[0], client_token="t") for _ in range(3)]
    other = an_upload(owners[1])
    outcomes = await insert_all(insertions, *map(wanted, [*drafts, other]))
    assert [outcome for [outcome] in outcomes] == [
        Inserted(created=drafts[0]),
        Inserted(existing=drafts[0]),
        Inserted(existing=drafts[0]),
        Inserted(created=other),
    ]
    assert await usage_of(database, owners[0]) == (1000, 1)


async def test_what_can_not_be_recorded_fails_alone(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    there = an_upload(owners[0])
    await insert_records(database, [there])
    others = [an_upload(owner_id) for owner_id in owners[1:]]
    outcomes = await asyncio.gather(
        *(insertions.insert(*wanted(draft)) for draft in [there, *others]), return_exceptions=True
    )
    assert isinstance(outcomes[0], Exception)
    assert outcomes[1:] == [[Inserted(created=draft)] for draft in others]
    assert await usage_of(database, owners[0]) == (0, 0)


async def test_an_unknown_owner_gets_the_same_result_as_alone(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    stranger = an_upload(new_id(NOW))
    known = an_upload(owners[0])
    outcomes = await insert_all(insertions, wanted(stranger), wanted(known))
    assert [outcome for [outcome] in outcomes] == [
        Inserted(available_bytes=0),
        Inserted(created=known),
    ]


async def test_many_files_of_many_callers_come_back_to_the_right_one(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    calls = [
        wanted(*(an_upload(owner_id) for _ in range(count)), quota_bytes=None)
        for owner_id in owners
        for count in (1, 3, 2)
    ]
    outcomes = await insert_all(insertions, *calls)
    for call, found in zip(calls, outcomes, strict=True):
        assert found == [Inserted(created=draft) for draft in call.drafts]
    assert [await usage_of(database, owner_id) for owner_id in owners] == [(6000, 6)] * 4
