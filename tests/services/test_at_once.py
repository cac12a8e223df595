"""Fifty concurrent requests: over HTTP to one process, and in two processes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from gql_api import bootstrap
from gql_api.container import Container
from gql_api.domain.errors import QuotaExceeded
from gql_api.domain.file_requests import FileRequest, Ticket
from gql_api.settings import Settings
from tests.api import Api, new_user
from tests.clock import SettableClock
from tests.services.world import TYPE, World

ROOT = Path(__file__).parents[2]
TIMES = 50
SIZE_BYTES = 700
FITTING = 7


async def over_http(api: Api, **more: Any) -> list[Any]:
    """Return the results of 50 identical concurrent requestUpload mutations."""
    return await asyncio.gather(*(api.request_upload(SIZE_BYTES, **more) for _ in range(TIMES)))


async def test_one_client_token_is_one_upload_over_http(
    client: httpx.AsyncClient, container: Container
) -> None:
    results = await over_http(await new_user(client), clientToken="once")
    assert {result["__typename"] for result in results} == {"UploadTicket"}
    assert len({result["upload"]["id"] for result in results}) == 1
    assert [result["created"] for result in results].count(True) == 1
    assert await container.database["uploads"].count_documents({}) == 1


@pytest.mark.settings(USER_QUOTA_BYTES=str(FITTING * SIZE_BYTES + SIZE_BYTES - 1))
async def test_as_many_as_fit_the_quota_over_http(
    client: httpx.AsyncClient, container: Container
) -> None:
    results = await over_http(await new_user(client))
    names = [result["__typename"] for result in results]
    assert (names.count("UploadTicket"), names.count("QuotaExceeded")) == (FITTING, TIMES - FITTING)
    user = await container.database["users"].find_one({})
    assert user is not None
    assert user["usage"] == {"bytes": FITTING * SIZE_BYTES, "uploads": FITTING}


# ------------------------------------------------------------------ two processes

# Waits for a line on stdin, so that both processes start at the same time.
PROGRAM = """
import asyncio, json, os, sys
from gql_api import bootstrap
from gql_api.domain.errors import Failure
from gql_api.domain.file_requests import FileRequest
from gql_api.settings import read_settings

async def main(owner_id, times, size_bytes, token):
    container = bootstrap.build(read_settings(os.environ))
    request = FileRequest("a.png", "image/png", size_bytes, client_token=token)
    await container.uploads.request_many(owner_id, [])
    print("ready", flush=True)
    sys.stdin.readline()
    outcomes = await asyncio.gather(
        *(container.uploads.request(owner_id, request) for _ in range(times)),
        return_exceptions=True,
    )
    print(json.dumps([
        type(it).__name__ if isinstance(it, Exception) else [it.upload.id, it.created]
        for it in outcomes
    ]))
    await container.close()

asyncio.run(main(*json.loads(sys.argv[1])))
"""


async def in_two_processes(
    world: World, environment: dict[str, str], token: str | None
) -> Sequence[Any]:
    """Return the outcomes of 50 requests, 25 from each of two processes that start together."""
    arguments = json.dumps([world.owner_id, TIMES // 2, SIZE_BYTES, token])
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", PROGRAM, arguments),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    printed = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0]
    return [outcome for output, _ in printed for outcome in json.loads(output)]


async def test_one_client_token_is_one_upload_from_two_processes(
    world: World, environment: dict[str, str]
) -> None:
    outcomes = await in_two_processes(world, environment, "once")
    assert len(outcomes) == TIMES
    assert len({upload_id for upload_id, _ in outcomes}) == 1
    assert [created for _, created in outcomes].count(True) == 1
    assert await world.usage() == {"bytes": SIZE_BYTES, "uploads": 1}


@pytest.mark.settings(USER_QUOTA_BYTES=str(FITTING * SIZE_BYTES + SIZE_BYTES - 1))
async def test_as_many_as_fit_the_quota_from_two_processes(
    world: World, environment: dict[str, str]
) -> None:
    outcomes = await in_two_processes(world, environment, None)
    assert outcomes.count("QuotaExceeded") == TIMES - FITTING
    assert len(outcomes) == TIMES
    assert len(await world.records()) == FITTING
    await world.assert_consistent()


@pytest.mark.settings(USER_QUOTA_BYTES=str(FITTING * SIZE_BYTES + SIZE_BYTES - 1))
async def test_as_many_as_fit_the_quota_from_two_containers(
    world: World, settings: Settings, clock: SettableClock
) -> None:
    other = bootstrap.build(settings, clock)
    request = FileRequest("a.png", TYPE, SIZE_BYTES)
    containers = [world.container, other] * (TIMES // 2)
    try:
        outcomes = await asyncio.gather(
            *(container.uploads.request(world.owner_id, request) for container in containers),
            return_exceptions=True,
        )
    finally:
        await other.close()
    assert [isinstance(it, Ticket) for it in outcomes].count(True) == FITTING
    assert [isinstance(it, QuotaExceeded) for it in outcomes].count(True) == TIMES - FITTING
    await world.assert_consistent()
