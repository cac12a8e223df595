"""A backend that acts for its users, with an operator's key."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest
from client.python.tests.conftest import Account
from client.python.tests.service import BUCKET, PROJECT, Service

from media_client import AsyncMediaClient, MediaClient
from media_client.errors import ApiError, ConfigurationError, Forbidden


@pytest.fixture(scope="module")
def key(service: Service) -> str:
    """An operator's key of the service."""
    created = subprocess.run(
        [sys.executable, "-m", "gql_api.admin", "keys", "create", "--act-as", "--name", "tests"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "DB_URL": service.database_url,
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": service.address("Bucket"),
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": service.secret_access_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "JWT_SECRET_KEY": "not used because the command signs no token",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert created.returncode == 0, created.stderr
    return created.stdout.strip()


def test_each_user_has_their_own_uploads(service: Service, key: str) -> None:
    with MediaClient(service.url, token=key) as backend:
        ada, bob = backend.acting_as("user-42"), backend.acting_as("user-43")
        upload = ada.upload_file(b"hello", filename="hello.txt")
        assert [it.id for it in ada.uploads()] == [upload.id]
        assert list(bob.uploads()) == []
        assert bob.find_upload(upload.id) is None
        assert backend.acting_as("user-42").get_upload(upload.id) == upload
        viewer = ada.viewer()
        assert viewer is not None
        assert viewer.username == "user-42"
        with pytest.raises(Forbidden, match="Act-As"):
            backend.viewer()
        with pytest.raises(Forbidden):
            ada.create_api_key("x")
        ada.delete_upload(upload.id)


def test_the_asynchronous_client(service: Service, key: str) -> None:
    async def main() -> None:
        async with AsyncMediaClient(service.url, token=key) as backend:
            ada, bob = backend.acting_as("user-44"), backend.acting_as("user-45")
            upload = await ada.upload_file(b"hello", filename="hello.txt")
            assert [it.id async for it in ada.uploads()] == [upload.id]
            assert [it async for it in bob.uploads()] == []
            assert await bob.find_upload(upload.id) is None
            await ada.delete_upload(upload.id)

    asyncio.run(main())


def test_another_token_cannot_act(account: Account) -> None:
    with account.client() as client:
        with pytest.raises(ApiError, match="operator's key") as refused:
            client.acting_as("user-42").viewer()
        assert refused.value.code == "BAD_REQUEST"
        assert client.viewer() is not None


@pytest.mark.parametrize("name", ["", " ", "a b", "a,b", "ä", "a\r\nX: y", "x" * 256])
def test_ids_that_are_none(name: str) -> None:
    client = MediaClient("http://127.0.0.1:9", token="muo_x")
    with pytest.raises(ConfigurationError, match="external id"):
        client.acting_as(name)
