"""Real servers for the tests: `python -m local` as a process, with others beside it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[3]
BUCKET = "media"
_DEADLINE_SECONDS = 120  # Only ends a test that hangs.


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds."""
    end = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end, "This never came true."
        time.sleep(0.01)


class Service:
    """The service in `directory`, with these settings."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
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
                    **settings,
                },
            )

    def wait_until_running(self) -> Service:
        """Return once it serves."""
        wait_until(lambda: "Ctrl-C stops it." in self._log.read_text() or self._ended())
        return self

    def _ended(self) -> bool:
        assert self.process.poll() is None, self._log.read_text()
        return False

    def address(self, name: str) -> str:
        """What it says of its "Database" or "Bucket"."""
        found = re.search(rf"^  {name} +([^,\s]+)", self._log.read_text(), re.MULTILINE)
        assert found is not None
        return found.group(1)

    def behind(self, bucket: str, public_bucket: str) -> dict[str, str]:
        """Settings of another service that uses this one's database, and these buckets."""
        secrets = json.loads((self._data / "secrets.json").read_text())
        return {
            "DB_URL": self.address("Database"),
            "DB_NAME": f"other-{free_port()}",
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": bucket,
            "S3_PUBLIC_ENDPOINT_URL": public_bucket,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": secrets["s3_secret_access_key"],
            "AWS_DEFAULT_REGION": "us-east-1",
            "USER_QUOTA_BYTES": "",
            "S3_KEY_PREFIX": f"other-{free_port()}",
        }

    def stop(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(_DEADLINE_SECONDS)
