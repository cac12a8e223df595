"""The embedded stack as a process of its own, for those who test or measure against it."""

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

PROJECT = Path(__file__).parents[1]
_DEADLINE_SECONDS = 120  # Only ends what hangs.


class ChildStack:
    """`python -m local` in a new `directory`, with these settings and none of the caller's own."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        directory.mkdir()
        self.port = ports.free_port()
        self.url = f"http://{ports.HOST}:{self.port}"
        self._data = directory / "data"
        self._log = directory / "log.txt"
        with self._log.open("wb") as log:
            # Our own program, without a shell.
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
        """Return once it serves.

        Raises:
            RuntimeError: it ended, or takes longer than two minutes; with what it has printed.
        """
        end = time.monotonic() + _DEADLINE_SECONDS
        while "Ctrl-C stops it." not in self.log():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The service did not start:\n{self.log()}")
            time.sleep(0.02)

    def log(self) -> str:
        """What it has printed."""
        return self._log.read_text()

    def address(self, name: str) -> str:
        """What it says of its "Database" or "Bucket".

        Raises:
            LookupError: it says nothing of it.
        """
        found = re.search(rf"^  {name} +([^,\s]+)", self.log(), re.MULTILINE)
        if found is None:
            raise LookupError(f"The service does not say where its {name} is:\n{self.log()}")
        return found.group(1)

    @property
    def secret_access_key(self) -> str:
        """What requests to its bucket are signed with, beside the access key `local`."""
        secrets = json.loads((self._data / "secrets.json").read_text())
        return str(secrets["s3_secret_access_key"])

    def stop(self) -> None:
        """End it, and return when it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(_DEADLINE_SECONDS)
