"""Servers of a test's own, whose processes it kills and freezes."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from local import ports
from local.gateway import Gateway
from local.mongod import Mongod


@asynccontextmanager
async def own_mongod(directory: Path) -> AsyncIterator[Mongod]:
    """Run a MongoDB server with its data in `directory`."""
    mongod = Mongod(directory, ports.free_port())
    try:
        await mongod.start()
        await mongod.ready()
        yield mongod
    finally:
        await mongod.stop()


def send_signal(server: Mongod | Gateway, number: signal.Signals) -> None:
    """Send a signal to the process of a running server."""
    assert server.process is not None
    assert server.process.pid is not None
    os.kill(server.process.pid, number)


async def kill(mongod: Mongod) -> None:
    """Kill mongod and wait for its end."""
    send_signal(mongod, signal.SIGKILL)
    assert mongod.process is not None
    await mongod.process.ended()


async def kill_and_restart(mongod: Mongod) -> None:
    """Kill mongod and start it again."""
    await kill(mongod)
    await mongod.start()
    await mongod.ready()
