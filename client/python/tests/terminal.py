"""A pseudo terminal for the tests, which knows what its screen shows."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

_DEADLINE_SECONDS = 60  # Only reached by a test that hangs.


class Terminal:
    """A process whose standard streams are one terminal of 100 columns and 40 lines."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self._master, self._slave = pty.openpty()
        self._screen = pyte.Screen(100, 40)
        self._stream = pyte.ByteStream(self._screen)
        termios.tcsetwinsize(self._slave, (40, 100))
        self.process = subprocess.Popen(
            arguments,
            cwd=folder,
            env={**environment, "TERM": "xterm"},
            preexec_fn=lambda: os.login_tty(self._slave),  # Shells need a controlling terminal.
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    @property
    def text(self) -> str:
        """What the screen shows, without empty lines."""
        return "\n".join(filter(None, (line.rstrip() for line in self._screen.display)))

    @property
    def shows_cursor(self) -> bool:
        """Whether the cursor is visible."""
        return not self._screen.cursor.hidden

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def type(self, text: str) -> None:
        """Type into the terminal."""
        os.write(self._master, text.encode())

    def read_until(self, condition: Callable[[], bool]) -> None:
        """Read the output until the condition is true."""
        end = time.monotonic() + _DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < end, self.text
            if select.select([self._master], [], [], 0.02)[0]:
                self._stream.feed(os.read(self._master, 65536))

    def wait(self) -> int:
        """Read the output until the process ends, and return its exit status."""
        self.read_until(lambda: self.process.poll() is not None)
        # The kernel passes the last output on a moment after it was written.
        while select.select([self._master], [], [], 0.2)[0]:
            self._stream.feed(os.read(self._master, 65536))
        return self.process.returncode
