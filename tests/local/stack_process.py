"""`python -m local` as a child process, started as by `make run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local import ports
from local.welcome import STARTED

WORKER = "gql_api.media_worker"
COMMAND = (sys.executable, "-m", "local")
PROJECT = Path(__file__).parents[2]
LISTEN = "0A"  # The state of a listening socket in /proc/net/tcp.
LOOPBACK = "0100007F"  # 127.0.0.1 in little-endian byte order.
_DEADLINE_SECONDS = 60  # Generous: it only stops a test that hangs.


class StackProcess:
    """A stack on a free port, with its .env and its data in `directory`."""

    def __init__(
        self, directory: Path, command: Sequence[str] = COMMAND, **environment: str
    ) -> None:
        self.directory = directory
        self.data_directory = directory / ".local"
        self.port = ports.free_port()
        self.url = f"http://{ports.HOST}:{self.port}"
        self._output = directory / f"stdout-{self.port}.txt"
        self._complaints = directory / f"stderr-{self.port}.txt"
        with self._output.open("wb") as output, self._complaints.open("wb") as complaints:
            self.process = subprocess.Popen(
                command,
                cwd=directory,
                stdout=output,
                stderr=complaints,
                env=_environment({"PORT": str(self.port), **environment}),
            )

    @property
    def output(self) -> str:
        """The output on stdout so far."""
        return self._output.read_text()

    @property
    def complaints(self) -> str:
        """The output on stderr so far."""
        return self._complaints.read_text()

    def children(self) -> dict[str, int]:
        """Return the process ids of its children, by program name."""
        return children(self.process.pid)

    def listening(self) -> set[str]:
        """Return the addresses that the stack and its children listen on, in kernel notation."""
        sockets = set()
        for pid in (self.process.pid, *self.children().values()):
            links = (os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir())
            sockets |= {link[8:-1] for link in links if link.startswith("socket:[")}
        rows = [
            line.split()
            for table in ("tcp", "tcp6")
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        ]
        return {row[1].split(":")[0] for row in rows if row[9] in sockets and row[3] == LISTEN}

    def wait_until_running(self) -> StackProcess:
        """Wait until it reports that it is running."""
        self.wait_until(lambda: STARTED in self.output)
        return self

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition is true; fail if the stack exits first."""
        wait_until(lambda: condition() or self._has_exited())

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until it exits and return the exit status."""
        return self.process.wait(_DEADLINE_SECONDS)

    def _has_exited(self) -> bool:
        """Return False; fail if it has exited."""
        assert self.process.poll() is None, f"The stack exited: {self.complaints}"
        return False


def children(pid: int) -> dict[str, int]:
    """Return the process ids of the children of a process, by program or module name."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {_name(int(child)): int(child) for child in listed}


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    if "-m" in words:
        return words[words.index("-m") + 1]
    return Path(f"/proc/{pid}/comm").read_text().strip()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until the condition is true."""
    end = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end, "The condition did not become true in time."
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Return whether the process is running. A zombie is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the developer's own settings, plus `more`."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(PROJECT), **more}
