"""The behavior of a running stack."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api import Api, new_user, send
from tests.local.stack_process import LOOPBACK, StackProcess

KILLED = "exited unexpectedly (signal SIGKILL)"


@pytest.fixture
async def api(running_stack: StackProcess) -> AsyncIterator[Api]:
    """A user of the running stack."""
    async with httpx.AsyncClient(
        base_url=running_stack.url, trust_env=False, timeout=60, verify=False
    ) as client:
        yield await new_user(client)


def test_is_healthy(running_stack: StackProcess) -> None:
    health = httpx.get(f"{running_stack.url}/health", trust_env=False, verify=False)

    assert health.status_code == 200
    assert health.json()["parts"] == {"database": True, "storage": True}


def test_the_line_to_paste_signs_up(running_stack: StackProcess) -> None:
    [line] = [line for line in running_stack.output.splitlines() if "curl " in line]

    answer = subprocess.run(line, shell=True, capture_output=True, check=True).stdout

    assert json.loads(answer)["data"]["signUp"]["accessToken"]


async def test_the_storage_event_alone_stores_an_upload(api: Api) -> None:
    upload = await api.request_and_send(b"a few bytes")

    async with asyncio.timeout(60):
        # The API sends no notifications, so poll.
        while (await _status(api, upload["id"])) == "PENDING":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await _status(api, upload["id"]) == "STORED"


async def test_restarts_servers_that_are_killed(running_stack: StackProcess, api: Api) -> None:
    before = await api.store(b"a few bytes")
    ports = (running_stack.data_directory / "ports.json").read_text()
    killed = running_stack.children()
    assert set(killed) == {"mongod", "juicefs"}

    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    running_stack.wait_until(lambda: running_stack.complaints.count(KILLED) == len(killed))

    after = await api.store(b"other bytes")
    for upload, data in ((before, b"a few bytes"), (after, b"other bytes")):
        download = await api.download(upload["id"])
        assert download is not None
        assert (await send(download)).content == data
    assert (running_stack.data_directory / "ports.json").read_text() == ports
    assert not set(running_stack.children().values()) & set(killed.values())
    await test_the_storage_event_alone_stores_an_upload(api)


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
