"""A child process that lives no longer than we do."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from local.errors import OTHER_WAY, CannotRun

_START_SECONDS = 60
_STOP_SECONDS = 10
_LOOK_EVERY_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1  # From <linux/prctl.h>.
_libc = ctypes.CDLL(None)


class Process:
    """A server as a child process. What it prints goes to `log`; the log before it is kept once.

    `name` is what messages call it. `environment` is all of its environment.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        directory: Path,
        log: Path,
        environment: Mapping[str, str],
    ) -> None:
        self.name = name
        self._command = command
        self._directory = directory
        self.log = log
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id, or None before the start."""
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        """As of `subprocess`; None while it runs or before the start."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start it, and return without waiting until it is ready.

        It gets a process group of its own, so that a Ctrl-C in the terminal reaches us alone and
        the parts end in the right order.

        Raises:
            CannotRun: if the program can't be executed.
        """
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as output:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=DEVNULL,
                    stdout=output,
                    stderr=STDOUT,
                    cwd=self._directory,
                    env=self._environment,
                    process_group=0,
                    preexec_fn=_die_with_parent(os.getpid()),
                )
            except OSError as error:
                raise CannotRun(
                    f"{self._command[0]} can't be executed ({error.strerror}). {OTHER_WAY}"
                ) from error

    async def ready(self, is_ready: Callable[[], Awaitable[bool]]) -> None:
        """Return once `is_ready` says so.

        Raises:
            CannotRun: if it ends before, or needs too long.
        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not await is_ready():
                    if self._running.returncode is not None:
                        raise CannotRun(self._ending())
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            raise CannotRun(
                f"{self.name} was not ready after {_START_SECONDS} seconds. Its log: {self.log}"
            ) from None

    async def ended(self) -> str:
        """Wait until it ends; a sentence that says how."""
        await self._running.wait()
        return self._ending()

    async def stop(self) -> None:
        """End it, by force if it does not end when asked to. Nothing happens if it has ended."""
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process

    def _ending(self) -> str:
        status = self._running.returncode or 0
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        return f"{self.name} ended by itself ({how}). Its log: {self.log}"


def end_with_parent(number: signal.Signals) -> None:
    """Have the kernel send `number` to this process when its parent dies. Linux only."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, number)


def _die_with_parent(parent: int) -> Callable[[], None]:
    """What a child runs before it becomes the program: then it can't outlive us.

    Not even a `kill -9` of ours leaves a server behind. Both servers keep a journal, so a kill is
    safe. Elsewhere than on Linux, a stack that is killed leaves its servers running.
    """

    def before_exec() -> None:
        end_with_parent(signal.SIGKILL)
        if os.getppid() != parent:  # We died before the kernel was told.
            os._exit(1)

    return before_exec
