"""What is measured against: the embedded service, and beside it a second one on a slow line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BUCKET = "bench"
_DEADLINE_SECONDS = 120
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Stack:
    """`python -m local` in a directory of its own."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        directory.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._data = directory / "data"
        self._log = directory / "log.txt"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local", "--end-with-parent"],
                cwd=directory,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(PROJECT),
                    "PORT": str(self.port),
                    "DATA_DIR": str(self._data),
                    **environment,
                },
            )

    def wait_until_running(self) -> None:
        """Return once it serves."""
        end = time.monotonic() + _DEADLINE_SECONDS
        while "Ctrl-C stops it." not in self._log.read_text():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"The service did not start:\n{self._log.read_text()}")
            time.sleep(0.05)

    def address(self, name: str) -> str:
        """What it says of its "Database" or "Bucket"."""
        found = re.search(rf"^  {name} +([^,\s]+)", self._log.read_text(), re.MULTILINE)
        if found is None:
            raise SystemExit(f"The service does not say where its {name} is.")
        return found.group(1)

    def log(self) -> str:
        """What it has printed."""
        return self._log.read_text()

    @property
    def secret_access_key(self) -> str:
        """What requests to its bucket are signed with."""
        secrets = json.loads((self._data / "secrets.json").read_text())
        return str(secrets["s3_secret_access_key"])

    def busy_seconds(self) -> float:
        """The CPU time that it and its children have used."""
        pid = self.process.pid
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(_busy_seconds(each) for each in (str(pid), *listed))

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_DEADLINE_SECONDS)


def wait_until_quiet(stacks: list[Stack]) -> None:
    """Return once the service has nothing left to do from the run before."""
    end = time.monotonic() + _DEADLINE_SECONDS
    before = sum(stack.busy_seconds() for stack in stacks)
    while time.monotonic() < end:
        time.sleep(0.5)
        now = sum(stack.busy_seconds() for stack in stacks)
        if now - before < 0.04:
            return
        before = now


def _busy_seconds(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
