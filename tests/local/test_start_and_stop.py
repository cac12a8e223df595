"""Starting, stopping and restarting a stack."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
from pymongo import AsyncMongoClient

from tests.api import Api, Json, new_user, send
from tests.local.conftest import StartStack
from tests.local.stack_process import WORKER, StackProcess, alive, children, wait_until


@pytest.mark.parametrize(
    ("child", "number"), [("mongod", signal.SIGINT), ("juicefs", signal.SIGTERM)]
)
def test_a_signal_ends_it_while_it_starts(start_stack: StartStack, child: str, number: int) -> None:
    stack = start_stack()
    stack.wait_until(lambda: child in stack.children())
    servers = stack.children()

    assert stack.stop(number) == 0

    assert not any(alive(pid) for pid in servers.values())
    assert "Traceback" not in stack.complaints


def test_a_signal_ends_it_before_anything_is_started(start_stack: StartStack) -> None:
    stack = start_stack()
    stack.wait_until(lambda: _handles_signals(stack))

    assert stack.stop() == 0

    assert stack.complaints == ""
    assert not stack.data_directory.exists()


def test_it_ends_when_make_is_killed(tmp_path: Path) -> None:
    script = '"$0" -m local --end-with-parent; exit $?'
    make = StackProcess(tmp_path, ["sh", "-c", script, sys.executable]).wait_until_running()
    [stack] = make.children().values()
    processes = [stack, *children(stack).values()]

    make.stop(signal.SIGKILL)

    _wait_until_ended(processes)


async def test_its_servers_end_with_it_and_the_next_start_finds_everything(
    start_stack: StartStack,
) -> None:
    stack = start_stack().wait_until_running()
    async with _client(stack) as client:
        token = (await new_user(client)).token
    for number, status in (
        (signal.SIGINT, 0),
        (signal.SIGTERM, 0),
        (signal.SIGKILL, -signal.SIGKILL),
    ):
        servers = stack.children()
        assert set(servers) == {"mongod", "juicefs", WORKER}
        data = f"a few bytes before {number}".encode()
        async with _client(stack) as client:
            user = Api(client, token)
            stored = await user.store(data)
            old_download = await user.download(stored["id"])
        await _forget_identity(stack)
        assert stack.stop(number) == status
        _wait_until_ended(servers.values())
        assert "Traceback" not in stack.complaints

        stack = start_stack().wait_until_running()

        assert "admin adopt" not in stack.complaints
        assert await _identity(stack) is not None
        async with _client(stack) as client:
            download = await Api(client, token).download(stored["id"])
        for either in (download, old_download):
            assert either is not None
            assert (await send(either)).content == data


async def test_its_bucket_answers_behind_a_public_address(start_stack: StartStack) -> None:
    stack = start_stack(S3_PUBLIC_ENDPOINT_URL="https://files.test").wait_until_running()
    assert "https://files.test" in stack.output
    async with _client(stack) as client:
        user = await new_user(client)
        upload = (await user.request_upload(len(b"a few bytes")))["upload"]
        [part] = upload["transfer"]["parts"]

        sent = await send(_through_a_tunnel(stack, part), b"a few bytes")

        assert sent.status_code == 200
        assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
        download = await user.download(upload["id"])
    assert download is not None
    answer = await send(_through_a_tunnel(stack, download))
    assert answer.content == b"a few bytes"


def _wait_until_ended(processes: Iterable[int]) -> None:
    wait_until(lambda: not any(alive(pid) for pid in processes))


def _client(stack: StackProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=stack.url, trust_env=False, verify=False)


def _through_a_tunnel(stack: StackProcess, request: Json) -> Json:
    """Return the request as a tunnel forwards it: from the public address to the S3 server."""
    port = json.loads((stack.data_directory / "ports.json").read_text())["gateway"]
    url = httpx.URL(request["url"])
    host = {"name": "Host", "value": url.netloc.decode()}
    local = url.copy_with(scheme="http", netloc=f"127.0.0.1:{port}".encode())
    return {**request, "url": str(local), "headers": [*request["headers"], host]}


def _handles_signals(stack: StackProcess) -> bool:
    """Return whether the process has installed its SIGTERM handler, from the kernel's bit mask."""
    status = Path(f"/proc/{stack.process.pid}/status").read_text()
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def _database_url(stack: StackProcess) -> str:
    return (stack.data_directory / "database-url").read_text()


async def _forget_identity(stack: StackProcess) -> None:
    """Make the data of an earlier release, which had no identities, of the stack's data."""
    async with AsyncMongoClient[dict[str, object]](_database_url(stack)) as client:
        await client["media"]["deployment"].delete_many({})


async def _identity(stack: StackProcess) -> object:
    async with AsyncMongoClient[dict[str, object]](_database_url(stack)) as client:
        record = await client["media"]["deployment"].find_one({})
    assert record is not None
    return record.get("identity")
