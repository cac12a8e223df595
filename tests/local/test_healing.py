"""Servers that exit are restarted, and the stack ends if one keeps exiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from local.errors import CannotRun
from local.healing import Healing
from local.process import Process
from local.startup_gate import StartupGate


class Shell:
    """A server that runs each of the scripts in turn, one per start."""

    def __init__(self, directory: Path, *scripts: str) -> None:
        self._directory = directory
        self._scripts = list(scripts)
        self.process: Process | None = None
        self.ready_at: list[str] = []

    async def start(self) -> None:
        self.process = Process(
            "The server",
            ["/bin/sh", "-c", self._scripts.pop(0)],
            directory=self._directory,
            log=self._directory / "server.log",
            environment={},
        )
        await self.process.start()

    async def ready(self) -> None:
        """Wait until the script has created its file."""
        assert self.process is not None
        file = self._directory / "ready"

        async def is_ready() -> bool:
            return file.exists()

        await self.process.ready(is_ready)
        file.unlink()

    async def stop(self) -> None:
        if self.process is not None:
            await self.process.stop()


RUNS_AND_ENDS = "touch ready; exit 3"
ENDS_AT_ONCE = "exit 4"
RUNS_ON = "touch ready; sleep 60"


def gate() -> StartupGate:
    gate = StartupGate(PlainTextResponse("the app"), hold_seconds=0.05)
    gate.open = True
    return gate


async def test_what_keeps_exiting_ends_the_stack(tmp_path: Path) -> None:
    shell = Shell(tmp_path, RUNS_AND_ENDS, ENDS_AT_ONCE, RUNS_AND_ENDS, RUNS_AND_ENDS, ENDS_AT_ONCE)
    await shell.start()

    with pytest.raises(CannotRun) as caught:
        await Healing(shell, gate(), first_pause_seconds=0.001).keep_running()

    log = tmp_path / "server.log"
    assert str(caught.value) == f"The server exited unexpectedly (exit status 4). Its log: {log}"


async def test_pauses_grow(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shell = Shell(tmp_path, *[ENDS_AT_ONCE] * 5)
    await shell.start()

    with pytest.raises(CannotRun):
        await Healing(shell, gate(), first_pause_seconds=0.001).keep_running()

    pauses = [message.rpartition(" in ")[2] for message in caplog.messages]
    assert pauses == ["0.001 s.", "0.002 s.", "0.004 s.", "0.008 s."]


async def test_requests_wait_for_the_restart(tmp_path: Path) -> None:
    shell, entrance = Shell(tmp_path, ENDS_AT_ONCE, RUNS_ON), gate()
    await shell.start()
    healing = asyncio.create_task(Healing(shell, entrance, first_pause_seconds=0.2).keep_running())
    transport = httpx.ASGITransport(app=entrance)
    async with httpx.AsyncClient(transport=transport, base_url="http://local.test") as client:
        while (during := await client.get("/")).status_code == 200:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await entrance.wait_until_free()
        after = await client.get("/")
    healing.cancel()
    await shell.stop()

    assert (during.status_code, during.headers["Retry-After"]) == (503, "1")
    assert after.text == "the app"
