"""The behavior of a running stack."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api import Api, new_user
from tests.local.stack_process import LOOPBACK, StackProcess


@pytest.fixture
async def api(running_stack: StackProcess) -> AsyncIterator[Api]:
    """A user of the running stack."""
    async with httpx.AsyncClient(
        base_url=running_stack.url, trust_env=False, verify=False
    ) as client:
        yield await new_user(client)


def test_is_healthy(running_stack: StackProcess) -> None:
    health = httpx.get(f"{running_stack.url}/health", trust_env=False, verify=False)

    assert health.status_code == 200
    assert health.json()["parts"] == {"database": True, "storage": True}


def test_the_line_to_paste_signs_up(running_stack: StackProcess) -> None:
    [line] = [line for line in running_stack.output.splitlines() if line.startswith("curl ")]

    answer = subprocess.run(line, shell=True, capture_output=True, check=True).stdout

    assert json.loads(answer)["data"]["signUp"]["accessToken"]


async def test_the_storage_event_alone_stores_an_upload(api: Api) -> None:
    upload = await api.request_and_send(b"a few bytes")

    async with asyncio.timeout(60):
        # The API sends no notifications, so poll.
        while (await _status(api, upload["id"])) == "PENDING":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await _status(api, upload["id"]) == "STORED"


def test_its_data_is_the_owners_alone(running_stack: StackProcess) -> None:
    directory = running_stack.data_directory
    others = [path for path in (directory, *directory.rglob("*")) if path.stat().st_mode & 0o077]

    assert others == []


def test_prints_no_secret(running_stack: StackProcess) -> None:
    secrets = json.loads((running_stack.data_directory / "secrets.json").read_text())
    printed = running_stack.output + running_stack.complaints

    assert [name for name, secret in secrets.items() if secret in printed] == []


def test_listens_on_the_loopback_interface_alone(running_stack: StackProcess) -> None:
    assert running_stack.listening() == {LOOPBACK}


def test_refuses_to_share_its_data(running_stack: StackProcess) -> None:
    second = StackProcess(running_stack.directory)

    assert second.wait() == 2
    assert f"in use by another stack (process {running_stack.process.pid})" in second.complaints
    assert "Traceback" not in second.complaints
    test_is_healthy(running_stack)


async def _status(api: Api, upload_id: str) -> str:
    upload = await api.upload(upload_id)
    assert upload is not None
    return str(upload["status"])
