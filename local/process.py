"""A child process that ends together with this process."""

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
    """A server that runs as a child process.

    `name` is used in messages. The output is written to `log`, and the previous log is kept as
    `.log.1`. The process gets only the variables in `environment`.
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
        """The process id; None before the start."""
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        """The return code as in `subprocess`; None before the start and while it runs."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start the process without waiting until it is ready.

        It gets its own process group, so that Ctrl-C in the terminal signals only the stack, which
        then stops its processes in the right order.

        Raises:
            CannotRun: the program cannot be executed.
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
                    f"Cannot execute {self._command[0]}: {error.strerror}. {OTHER_WAY}"
                ) from error

    async def ready(self, is_ready: Callable[[], Awaitable[bool]]) -> None:
        """Wait until `is_ready` returns true.

        Raises:
            CannotRun: the process exits, or takes longer than a minute.
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
        """Wait until the process exits and return a sentence that says how."""
        await self._running.wait()
        return self._ending()

    async def stop(self) -> None:
        """Terminate the process, or kill it after ten seconds. Do nothing if it has exited."""
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
            raise RuntimeError(f"{self.name} was not started.")
        return self._process

    def _ending(self) -> str:
        status = self._running.returncode or 0
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        return f"{self.name} exited unexpectedly ({how}). Its log: {self.log}"


def end_with_parent(number: signal.Signals) -> None:
    """Make the kernel send signal `number` to this process when its parent dies (Linux only)."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, number)


def _die_with_parent(parent: int) -> Callable[[], None]:
    """Return a function for the child to run before exec, so that it cannot outlive this process.

    Even a `kill -9` of this process leaves no server behind. Killing the servers is safe, because
    both keep a journal. On systems other than Linux, a killed stack leaves its servers running.
    """

    def before_exec() -> None:
        end_with_parent(signal.SIGKILL)
        if os.getppid() != parent:  # The parent died before the call above.
            os._exit(1)

    return before_exec
