"""Faults of the database as the API function sees them, whose client blocks."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from gql_api.adapters.mongo.database import Database
from local.gateway import Gateway
from tests.conftest import Connect, deployed_environment
from tests.faults.function import ApiFunction, api_function
from tests.faults.proxy import Connection
from tests.faults.service import BoundedApi, Retryable
from tests.faults.test_lost_answers import CALLS, COMMIT, assert_repeated, usage
from tests.lambda_runtime.conftest import prepare


@pytest.fixture(scope="module")
def environment_of_all(mongod_url: str, gateway: Gateway, bucket_name: str) -> dict[str, str]:
    """The settings that the tests of this module share, with the time limits of a deployment."""
    name = f"test-{uuid.uuid4().hex}"
    environment = deployed_environment(
        mongod_url, gateway, bucket_name, key_prefix=name, db_name=name
    )
    return {**environment, "DB_URL": mongod_url}


@pytest.fixture(scope="module")
async def function(
    environment_of_all: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiFunction]:
    """A function that the tests share, because it takes seconds to start."""
    await prepare(environment_of_all)
    log = tmp_path_factory.mktemp("function") / "api.log"
    async with api_function(environment_of_all, log) as function:
        yield function


@pytest.fixture(autouse=True)
async def healed(function: ApiFunction) -> AsyncIterator[None]:
    """Disable all faults after each test."""
    yield
    function.database.heal()


@pytest.fixture
async def user(function: ApiFunction) -> BoundedApi:
    """A new user of the function."""
    return await function.new_user()


@pytest.mark.parametrize("name", CALLS)
async def test_the_driver_repeats_what_the_database_has_done(
    function: ApiFunction, user: BoundedApi, name: str
) -> None:
    await assert_repeated(user, function.database, name)


async def test_a_database_that_is_away_during_the_commit(
    function: ApiFunction, user: BoundedApi
) -> None:
    """The driver commits again, and the client notices nothing."""
    gone = asyncio.Event()

    def leave(_: Connection) -> None:
        function.database.down()
        gone.set()

    function.database.after(COMMIT, leave)
    requesting = asyncio.create_task(user.request_upload(7))
    await gone.wait()
    await function.database.ended()
    await function.database.up()
    assert (await requesting)["created"] is True
    assert await usage(user) == {"uploads": 1, "bytes": 7}


async def test_a_database_that_is_silent(function: ApiFunction, user: BoundedApi) -> None:
    """Only the driver's time limit can end a call. The next request succeeds at once."""
    upload = await user.request_and_send(b"sent before")
    function.database.black_hole()
    with pytest.raises(Retryable):
        await user.complete_upload(upload["id"])
    assert await function.health() == (503, {"database": False, "storage": True})
    function.database.heal()
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"


async def test_a_database_that_is_slow(function: ApiFunction, user: BoundedApi) -> None:
    function.database.latency_seconds = 0.2
    assert (await user.request_upload(7))["created"] is True


async def test_a_conflict_with_another_process_is_retried(
    function: ApiFunction, user: BoundedApi, environment_of_all: dict[str, str], connect: Connect
) -> None:
    database: Database = connect(environment_of_all["DB_URL"], environment_of_all["DB_NAME"])
    viewer = (await user.data("{ viewer { id } }"))["viewer"]
    async with database.client.start_session() as session:
        await session.start_transaction()
        await database["users"].update_one(
            {"_id": viewer["id"]}, {"$set": {"full_name": "Ada"}}, session=session
        )
        before = await aborted(database)
        requesting = asyncio.create_task(user.request_upload(7))
        while await aborted(database) < before + 2:  # noqa: ASYNC110 - another process.
            await asyncio.sleep(0.01)
        await session.commit_transaction()
    assert (await requesting)["created"] is True
    assert await usage(user) == {"uploads": 1, "bytes": 7}


async def aborted(database: Database) -> int:
    """Return how many transactions the server has aborted."""
    status = await database.client.admin.command("serverStatus")
    return int(status["transactions"]["totalAborted"])
