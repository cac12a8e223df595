"""The local stack as a child process, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess  # nosec B404
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from local import ports
from local.data import DATABASE_URL
from local.welcome import STARTED

PROJECT = Path(__file__).parents[1]
_DEADLINE_SECONDS = 120  # Generous: it only stops a process that hangs.


class ChildStack:
    """`python -m local` in a new `directory`, with only `settings` as its environment."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        directory.mkdir()
        self.port = ports.free_port()
        self.url = f"http://{ports.HOST}:{self.port}"
        self._data = directory / "data"
        self._log = directory / "log.txt"
        with self._log.open("wb") as log:
            # The command is fixed, and no shell is involved.
            self.process = subprocess.Popen(  # nosec B603
                [sys.executable, "-m", "local", "--end-with-parent"],
                cwd=directory,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(PROJECT),
                    "PORT": str(self.port),
                    "DATA_DIR": str(self._data),
                    **settings,
                },
            )

    def wait_until_running(self) -> None:
        """Wait until the stack accepts requests.

        Raises:
            RuntimeError: it exited or took longer than two minutes. The message has its output.
        """
        end = time.monotonic() + _DEADLINE_SECONDS
        while STARTED not in self.log():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The service did not start:\n{self.log()}")
            time.sleep(0.02)

    def log(self) -> str:
        """Return the output so far."""
        return self._log.read_text()

    def address(self, name: str) -> str:
        """Return the address of the "API" or "Bucket" from the output.

        Raises:
            LookupError: the output does not contain it.
        """
        found = re.search(rf"^  {name} +([^,\s]+)", self.log(), re.MULTILINE)
        if found is None:
            raise LookupError(f"The output has no address for {name}:\n{self.log()}")
        return found.group(1)

    @property
    def database_url(self) -> str:
        """The URL of the database, with its password."""
        return (self._data / DATABASE_URL).read_text()

    @property
    def secret_access_key(self) -> str:
        """The secret that belongs to the bucket's access key id, `local`."""
        secrets = json.loads((self._data / "secrets.json").read_text())
        return str(secrets["s3_secret_access_key"])

    def stop(self) -> None:
        """Stop the stack and wait until it has exited."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(_DEADLINE_SECONDS)
