"""Restarts the servers of the stack that exit unexpectedly."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from typing import NoReturn, Protocol

from local.errors import CannotRun
from local.process import Process
from local.startup_gate import StartupGate

_DEATHS_MAX = 5
_WITHIN_SECONDS = 60
_FIRST_PAUSE_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Child(Protocol):
    """A server of the stack. It keeps its data and its port across restarts."""

    process: Process | None

    async def start(self) -> None: ...

    async def ready(self) -> None: ...

    async def stop(self) -> None: ...


class Healing:
    """Keeps one server running.

    Each time it exits, it is restarted after a pause: half a second at first, and twice as long
    after each further exit within a minute. Meanwhile, requests wait at `gate`, unless it is None.
    """

    def __init__(
        self,
        child: Child,
        gate: StartupGate | None,
        *,
        first_pause_seconds: float = _FIRST_PAUSE_SECONDS,
    ) -> None:
        self._child = child
        self._gate = gate
        self._first_pause_seconds = first_pause_seconds
        self._deaths: deque[float] = deque(maxlen=_DEATHS_MAX)

    async def keep_running(self) -> NoReturn:
        """Restart the server whenever it exits.

        Raises:
            CannotRun: it exited, or could not be started, five times within a minute. The message
            describes the last time.
        """
        while True:
            if self._child.process is None:
                raise RuntimeError("The server was not started.")
            ending = await self._child.process.ended()
            with self._gate.held() if self._gate else contextlib.nullcontext():
                await self._restart(ending)

    async def _restart(self, ending: str) -> None:
        """Start the server; retry until it is ready."""
        while True:
            pause_seconds = self._pause_seconds(ending)
            _log.warning("%s. It is restarted in %g s.", ending, pause_seconds)
            await asyncio.sleep(pause_seconds)
            try:
                await self._child.start()
                await self._child.ready()
            except CannotRun as error:
                await self._child.stop()
                ending = str(error)
            else:
                return

    def _pause_seconds(self, ending: str) -> float:
        """Count an exit and return how long to wait before the next start."""
        now = time.monotonic()
        self._deaths.append(now)
        recent = sum(now - death < _WITHIN_SECONDS for death in self._deaths)
        if recent == _DEATHS_MAX:
            raise CannotRun(ending)
        return self._first_pause_seconds * (1 << recent - 1)
