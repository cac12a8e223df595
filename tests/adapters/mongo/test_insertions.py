"""Concurrent insertions share a transaction but do not affect each other's results."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.insertions import MongoInsertions
from gql_api.adapters.mongo.usage import OwnerDrafts
from gql_api.domain.accounts import SessionCheck
from gql_api.domain.errors import Unauthenticated
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


async def test_an_unknown_or_disabled_owner_is_refused_alone(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    stranger, disabled, known = an_upload(new_id(NOW)), an_upload(owners[0]), an_upload(owners[1])
    await database["users"].update_one({"_id": owners[0]}, {"$set": {"disabled": True}})
    outcomes = await asyncio.gather(
        *(insertions.insert(*wanted(draft)) for draft in (stranger, disabled, known)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Unauthenticated, Unauthenticated, list]
    assert await recorded(database) == {known.id}


async def sign_in(database: Database, owner_id: str, *session_ids: str, at: datetime = NOW) -> None:
    """Give the owner sessions that last until a second after `at`."""
    ends = {"expires_at": at + timedelta(seconds=1)}
    sessions = [{"id": session_id, **ends} for session_id in session_ids]
    await database["users"].update_one({"_id": owner_id}, {"$set": {"sessions": sessions}})


async def test_each_caller_of_a_group_needs_a_live_session(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    """Another session of the same user may be live. A session of another user does not count."""
    await sign_in(database, owners[0], "phone", "laptop")
    await sign_in(database, owners[1], "desk")
    await sign_in(database, owners[2], "old", at=NOW - timedelta(seconds=1))
    callers = [
        (owners[0], "phone"),
        (owners[0], "laptop"),
        (owners[0], "stolen"),
        (owners[1], "desk"),
        (owners[1], "phone"),
        (owners[2], "old"),
        (owners[3], "phone"),
    ]
    drafts = [an_upload(owner_id) for owner_id, _ in callers]
    calls = [
        wanted(draft)._replace(session=SessionCheck(session_id, NOW))
        for draft, (_, session_id) in zip(drafts, callers, strict=True)
    ]
    outcomes = await asyncio.gather(
        *(insertions.insert(*call) for call in calls), return_exceptions=True
    )
    allowed = [isinstance(outcome, list) for outcome in outcomes]
    assert allowed == [True, True, False, True, False, False, False]
    assert {type(outcome) for outcome in outcomes} == {list, Unauthenticated}
    made = {draft.id for draft, may in zip(drafts, allowed, strict=True) if may}
    assert await recorded(database) == made
    assert [await usage_of(database, owner_id) for owner_id in owners] == [
        (2000, 2),
        (1000, 1),
        (0, 0),
        (0, 0),
    ]


async def test_without_drafts_the_session_is_checked_all_the_same(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    """So it is in a group: all files of several callers may be invalid."""
    for owner_id in owners[1:]:
        await sign_in(database, owner_id, "desk")
    outcomes = await asyncio.gather(
        *(
            insertions.insert(owner_id, [], None, None, SessionCheck("desk", NOW))
            for owner_id in owners
        ),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Unauthenticated)
    assert outcomes[1:] == [[]] * 3
    assert await insert_all(insertions, *(OwnerDrafts(id, [], None) for id in owners)) == [[]] * 4


async def test_a_refused_caller_learns_nothing_about_the_quota(
    database: Database, insertions: MongoInsertions, owners: list[str]
) -> None:
    draft = an_upload(owners[0], size_bytes=20_000)
    call = wanted(draft)._replace(session=SessionCheck("stolen", NOW))
    with pytest.raises(Unauthenticated):
        await insertions.insert(*call)


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
