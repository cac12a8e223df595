"""The synchronous client behaves as the asynchronous one, except that no call suspends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from typing import Any

import pytest
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.synchronous.collection import Collection

from gql_api import bootstrap
from gql_api.adapters.mongo.blocking_client import connect_blocking
from gql_api.adapters.mongo.database import Database, guarded, in_transaction
from gql_api.adapters.mongo.grouping import grouped
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.container import Container
from gql_api.domain.deadline import seconds_left, time_limit
from gql_api.domain.errors import Unavailable
from gql_api.domain.uploads import UploadStatus
from gql_api.settings import Settings
from tests.accounts import PASSWORD
from tests.api import new_username
from tests.upload_records import NOW, OWNER, Stores, an_upload, insert_owner, usage_of


@pytest.fixture
async def blocking(database: Database, settings: Settings) -> AsyncIterator[Database]:
    """The test's database, through the synchronous client."""
    blocking = connect_blocking(settings.db_url, database.name)
    yield blocking
    await blocking.client.close()


def at_once(work: Awaitable[Any]) -> Any:
    """Return the result of `work`, which must not suspend."""
    assert isinstance(work, Coroutine)
    with pytest.raises(StopIteration) as done:
        work.send(None)
    return done.value.value


async def test_no_call_of_an_adapter_suspends_but_changes_that_form_groups(
    database: Database, blocking: Database
) -> None:
    await insert_owner(database)
    stores, upload = Stores(blocking), an_upload()
    [inserted] = at_once(stores.insertions.insert(OWNER, [upload], None))
    assert inserted.created == upload
    assert at_once(stores.uploads.find(OWNER, upload.id)) == upload
    stored = await stores.uploads.transition(upload, UploadStatus.STORED, at=NOW)
    assert stored is not None
    assert at_once(stores.uploads.find_several(OWNER, [upload.id])) == {upload.id: stored}
    closed = await stores.uploads.transition(stored, UploadStatus.DELETED, at=NOW)
    assert closed is not None
    assert at_once(stores.uploads.purge(closed)) is None
    assert await usage_of(database) == (0, 0)


async def test_events_and_the_feed(database: Database, blocking: Database) -> None:
    await insert_owner(database)
    stores, upload = Stores(blocking, events=True), an_upload()
    at_once(stores.insertions.insert(OWNER, [upload], None))
    at_once(stores.uploads.update_details(OWNER, upload.id, "new", None))
    page = at_once(stores.feed.page(OWNER, None, 10))
    assert [(it.id, it.version, it.filename) for it in page.uploads] == [(upload.id, 2, "new")]
    assert page.uploads[0].created_at == upload.created_at
    at_once(stores.outbox.remove(at_once(stores.outbox.waiting([upload.name]))))
    assert at_once(stores.outbox.waiting([upload.name])) == []


async def test_cursors(blocking: Database) -> None:
    things = blocking["things"]
    await things.insert_many([{"_id": number} for number in (2, 3, 1)])
    assert await things.find().sort("_id").to_list() == [{"_id": 1}, {"_id": 2}, {"_id": 3}]
    found = things.find().sort([("_id", -1)]).limit(2)
    assert [row["_id"] async for row in found] == [3, 2]
    async with await things.aggregate([{"$match": {"_id": {"$gt": 1}}}]) as rows:
        assert {row["_id"] async for row in rows} == {2, 3}


async def test_a_conflict_is_retried(blocking: Database) -> None:
    """Another process changes the same document during the first attempt."""
    things = blocking["things"]
    await things.insert_one({"_id": 1, "count": 0})
    attempts: list[int] = []

    async def add(session: AsyncClientSession) -> int:
        found = await things.find_one({"_id": 1}, session=session)
        assert found is not None
        attempts.append(found["count"])
        if len(attempts) == 1:
            await things.update_one({"_id": 1}, {"$inc": {"count": 10}})
        await things.update_one(
            {"_id": 1}, {"$set": {"count": found["count"] + 1}}, session=session
        )
        return len(attempts)

    assert await in_transaction(blocking.client, add) == 2
    assert attempts == [0, 10]
    assert await things.find_one() == {"_id": 1, "count": 11}


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError])
async def test_an_error_aborts_the_transaction(
    blocking: Database, error: type[BaseException]
) -> None:
    await blocking["things"].insert_one({"_id": 0})

    async def fail(session: AsyncClientSession) -> None:
        await blocking["things"].insert_one({"_id": 1}, session=session)
        raise error

    with pytest.raises(error):
        await in_transaction(blocking.client, fail)
    assert await blocking["things"].count_documents({}) == 1


async def test_a_transaction_that_waits_for_something_else_fails(blocking: Database) -> None:
    await blocking["things"].insert_one({"_id": 0})

    async def wait(session: AsyncClientSession) -> None:
        await blocking["things"].insert_one({"_id": 1}, session=session)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="wait for the database only"):
        await in_transaction(blocking.client, wait)
    assert await blocking["things"].count_documents({}) == 1


@pytest.mark.parametrize("seconds", [0, 0.05])
async def test_the_time_limit_ends_an_operation(blocking: Database, seconds: float) -> None:
    await blocking["things"].insert_one({})

    class Adapter:
        async def work(self) -> object:
            return await blocking["things"].find_one({"$where": "sleep(5000) || true"})

    with time_limit(seconds), pytest.raises(Unavailable):
        await guarded(Adapter()).work()


async def test_each_question_is_asked_alone(blocking: Database) -> None:
    groups: list[list[int]] = []

    async def answer(questions: Any) -> list[int | BaseException]:
        groups.append(list(questions))
        return [number * 2 if number else ValueError() for number in questions]

    questions = grouped(blocking, answer, 100)
    assert at_once(questions.ask(1)) == 2
    outcomes = await asyncio.gather(*map(questions.ask, (2, 0, 3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [int, ValueError, int]
    assert groups == [[1], [2], [0], [3]]


async def test_it_starts_and_connects_with_the_first_call(
    container: Container, settings: Settings
) -> None:
    """A snapshot of a Lambda environment must hold neither threads nor connections."""
    before = set(threading.enumerate())
    blocking = bootstrap.build(settings, one_request_at_a_time=True)
    try:
        assert set(threading.enumerate()) <= before  # Those of other tests may end meanwhile.
        session = await blocking.accounts.sign_up(new_username(), PASSWORD, None, None, "192.0.2.1")
        assert await container.authentication.viewer(session.access_token) is not None
    finally:
        await blocking.close()


async def test_the_changes_of_a_batch_are_one_group(
    database: Database, blocking: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await insert_owner(database)
    stores, uploads = Stores(blocking), [an_upload() for _ in range(5)]
    await stores.insertions.insert(OWNER, uploads, None)
    with monkeypatch.context() as patch:
        patch.setattr(Collection, "find_one_and_update", None)
        stored = await asyncio.gather(
            *(stores.uploads.transition(it, UploadStatus.STORED, at=NOW) for it in uploads)
        )
    assert {it and it.status for it in stored} == {UploadStatus.STORED}


async def test_the_closings_of_a_batch_share_a_transaction(
    database: Database, blocking: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise `trashUploads` with 100 ids would take 100 transactions, one after another."""
    await insert_owner(database)
    stores, uploads = Stores(blocking), [an_upload() for _ in range(5)]
    await stores.insertions.insert(OWNER, uploads, None)
    adjust, sizes = MongoUsage.adjust, []

    async def counted(self: MongoUsage, session: AsyncClientSession, changes: Any) -> None:
        sizes.append(len(changes))
        await adjust(self, session, changes)

    monkeypatch.setattr(MongoUsage, "adjust", counted)
    closed = await asyncio.gather(
        *(stores.uploads.transition(it, UploadStatus.CANCELLED, at=NOW) for it in uploads)
    )
    assert {it and it.status for it in closed} == {UploadStatus.CANCELLED}
    assert sizes == [5]
    assert await usage_of(database) == (0, 0)


async def test_a_group_of_changes_has_the_time_limit_of_its_request(blocking: Database) -> None:
    left: list[float | None] = []

    async def answer(questions: Sequence[int]) -> Sequence[int]:
        left.append(seconds_left())
        return questions

    questions = grouped(blocking, answer, 10, batches=True)
    with time_limit(5):
        assert await asyncio.gather(*map(questions.ask, (1, 2))) == [1, 2]
    assert await questions.ask(3) == 3
    assert len(left) == 2
    assert left[0] is not None
    assert left[1] is None
