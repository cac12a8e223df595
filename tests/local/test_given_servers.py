"""Servers named in .env are used instead of the embedded ones."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from gql_api.adapters.mongo.database import connect
from local.gateway import Gateway
from tests.api import new_user
from tests.local.conftest import StartStack
from tests.local.stack_process import WORKER


@pytest.fixture
def database_lines(mongod_url: str) -> list[str]:
    return [f"DB_URL={mongod_url}", "DB_NAME=given-database"]


@pytest.fixture
def bucket_lines(gateway: Gateway, bucket_name: str, key_prefix: str) -> list[str]:
    return [
        f"S3_BUCKET={bucket_name}",
        f"S3_ENDPOINT_URL={gateway.endpoint_url}",
        f"S3_KEY_PREFIX={key_prefix}",
        f"AWS_ACCESS_KEY_ID={gateway.keys.access_key_id}",
        f"AWS_SECRET_ACCESS_KEY={gateway.keys.secret_access_key}",
        f"AWS_DEFAULT_REGION={gateway.region}",
    ]


async def test_a_database(
    start_stack: StartStack, tmp_path: Path, database_lines: list[str], mongod_url: str
) -> None:
    (tmp_path / ".env").write_text("\n".join(database_lines))

    stack = start_stack().wait_until_running()

    assert set(stack.children()) == {"juicefs", WORKER}
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False, verify=False) as client:
        user = await new_user(client)
        stored = await user.store(b"a few bytes")
    given = connect(mongod_url, "given-database")
    assert await given["uploads"].count_documents({"_id": stored["id"]}) == 1
    await given.client.drop_database("given-database")
    await given.client.close()


async def test_a_bucket_and_a_database(
    start_stack: StartStack,
    tmp_path: Path,
    database_lines: list[str],
    bucket_lines: list[str],
    gateway: Gateway,
    bucket_name: str,
    key_prefix: str,
) -> None:
    (tmp_path / ".env").write_text("\n".join(database_lines + bucket_lines))

    stack = start_stack().wait_until_running()

    assert set(stack.children()) == {WORKER}
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False, verify=False) as client:
        await (await new_user(client)).store(b"a few bytes")
    assert "The store ignores If-None-Match:" in stack.complaints
    listing = gateway.client().list_objects_v2(Bucket=bucket_name, Prefix=f"{key_prefix}/")
    assert listing["KeyCount"] == 1
    assert stack.stop() == 0
