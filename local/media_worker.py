"""The media worker: derives facts and renditions from uploaded files."""

from __future__ import annotations

import sys
from pathlib import Path

from gql_api.settings import Settings
from local import ports
from local.process import Process

_PROJECT = Path(__file__).parents[1]


class MediaWorker:
    """The media function as a server of its own, with its log in `directory`.

    It gets the bucket's credentials, but neither the database's URL nor the signing key.
    """

    def __init__(self, directory: Path, port: int, token: str) -> None:
        self.port = port
        self.url = f"http://{ports.HOST}:{port}"
        self.token = token
        self._directory = directory
        self._environment: dict[str, str] = {}
        self.process: Process | None = None

    def configure(self, settings: Settings) -> None:
        """Take the bucket and its credentials from the settings of the service."""
        aws = settings.aws
        environment = {
            "MEDIA_WORKER_URL": self.url,
            "MEDIA_WORKER_TOKEN": self.token,
            "AWS_ACCESS_KEY_ID": aws.access_key_id,
            "AWS_SECRET_ACCESS_KEY": aws.secret_access_key,
            "AWS_SESSION_TOKEN": aws.session_token,
            "AWS_DEFAULT_REGION": settings.aws_region,
            "S3_BUCKET": settings.s3_bucket,
            "S3_ENDPOINT_URL": settings.s3_endpoint_url,
            "S3_KEY_PREFIX": settings.uploads.key_prefix,
            "PYTHONPATH": str(_PROJECT),
        }
        self._environment = {name: value for name, value in environment.items() if value}

    async def start(self) -> None:
        """Start the worker without waiting until it is ready.

        Raises:
            CannotRun: it cannot be executed.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        self.process = Process(
            "The media worker",
            [sys.executable, "-m", "gql_api.media_worker"],
            directory=self._directory,
            log=self._directory / "worker.log",
            environment=self._environment,
        )
        await self.process.start()

    async def ready(self) -> None:
        """Wait until the worker accepts requests.

        Raises:
            CannotRun: it exits, or is not ready in time.
        """
        if self.process is None:
            raise RuntimeError("The media worker was not started.")
        await self.process.ready(lambda: ports.answers(self.port, "/health"))

    async def stop(self) -> None:
        """Stop the worker."""
        if self.process is not None:
            await self.process.stop()
