"""`python -m local` as a process of its own, as `make run` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local import ports

COMMAND = (sys.executable, "-m", "local")
PROJECT = Path(__file__).parents[2]
LISTEN = "0A"  # A state in /proc/net/tcp.
LOOPBACK = "0100007F"  # 127.0.0.1 in the byte order of x86 and most others.
_DEADLINE_SECONDS = 60  # Only ends a test that hangs.


class StackProcess:
    """A stack in `directory`, where its .env is and its data goes to, on a free port."""

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
        """What it printed on stdout so far."""
        return self._output.read_text()

    @property
    def complaints(self) -> str:
        """What it printed on stderr so far."""
        return self._complaints.read_text()

    def children(self) -> dict[str, int]:
        """The process ids of its children by the name of their program."""
        return children(self.process.pid)

    def listening(self) -> set[str]:
        """The addresses that it and its children listen on, as the kernel writes them."""
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
        """Return once it says that it runs."""
        self.wait_until(lambda: "Ctrl-C stops it." in self.output)
        return self

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Return once the condition holds; fail if the stack ends before."""
        wait_until(lambda: condition() or self._over())

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send the signal; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        return self.process.wait(_DEADLINE_SECONDS)

    def _over(self) -> bool:
        assert self.process.poll() is None, f"It ended: {self.complaints}"
        return False


def children(pid: int) -> dict[str, int]:
    """The process ids of the children of a process by the name of their program."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {Path(f"/proc/{child}/comm").read_text().strip(): int(child) for child in listed}


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds."""
    end = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end, "This never came true."
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the developer's own settings."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(PROJECT), **more}
