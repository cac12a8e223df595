"""The S3 server: JuiceFS's gateway, which is MinIO's S3 front end, on local files."""

from __future__ import annotations

import asyncio
import shutil
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local import ports
from local.errors import OTHER_WAY, CannotRun
from local.process import Process

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION = "us-east-1"
_HOOK = "MEDIA"
_VOLUME = "media"
_SQLITE = "sqlite3://meta.db"
_BLOBS = "blobs/"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Credentials for the gateway. The secret must have at least 8 characters."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """The receiver of the gateway's events. The token is sent as `Authorization: Bearer …`."""

    url: str
    token: str = field(repr=False)


class Gateway:
    """An S3 server that stores its objects in `directory`.

    All paths in its command are relative to the directory, so they work with any characters in
    the directory's path, and after the directory has moved. `metadata` is the URL of the database
    for names and attributes.
    """

    def __init__(
        self,
        directory: Path,
        port: int,
        keys: KeyPair,
        webhook: Webhook,
        metadata: str = _SQLITE,
    ) -> None:
        self.port = port
        self.endpoint_url = f"http://{ports.HOST}:{port}"
        self.keys = keys
        self.region = REGION
        self._directory = directory
        self._webhook = webhook
        self._metadata = metadata
        self.process: Process | None = None

    async def start(self) -> None:
        """Start the server without waiting until it is ready.

        The webhook must already be running: the gateway checks it once and, if the check fails,
        never uses it.

        Raises:
            CannotRun: there is no gateway for this system, or it cannot write its files.
        """
        executable = find_juicefs()
        self._directory.mkdir(parents=True, exist_ok=True)
        await self._format(executable)
        command = _command(executable, self._metadata, self.port)
        self.process = self._child("The S3 gateway (juicefs)", command)
        await self.process.start()

    async def ready(self) -> None:
        """Wait until the server accepts requests.

        Raises:
            CannotRun: it exits, or is not ready in time.
        """
        if self.process is None:
            raise RuntimeError("The gateway was not started.")
        await self.process.ready(lambda: ports.answers(self.port, "/minio/health/ready"))

    async def create_bucket(self, name: str) -> None:
        """Create the bucket if it is missing, and subscribe the webhook to its events."""
        await asyncio.to_thread(_create_bucket, self, name)

    async def stop(self) -> None:
        """Stop the server."""
        if self.process is not None:
            await self.process.stop()

    def client(self) -> S3Client:
        """Return a boto3 client for this server. The first call imports boto3, about 0.5 s."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id=self.keys.access_key_id,
            aws_secret_access_key=self.keys.secret_access_key,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )

    async def _format(self, executable: str) -> None:
        """Create the JuiceFS volume unless it exists."""
        command = [executable, "format", self._metadata, "--storage", "file", "--bucket", _BLOBS]
        format_process = self._child(
            "The S3 gateway's set-up (juicefs format)",
            # By default, deleted objects occupy the disk for another day.
            [*command, "--trash-days", "0", "--no-update", _VOLUME],
            log="format.log",
        )
        await format_process.start()
        try:
            ending = await format_process.ended()
        finally:
            await format_process.stop()
        if format_process.exit_status:
            raise CannotRun(ending)

    def _child(self, name: str, command: list[str], log: str = "gateway.log") -> Process:
        return Process(
            name,
            command,
            directory=self._directory,
            log=self._directory / log,
            environment={
                "HOME": str(self._directory),
                "MINIO_ROOT_USER": self.keys.access_key_id,
                "MINIO_ROOT_PASSWORD": self.keys.secret_access_key,
                "MINIO_REGION_NAME": REGION,
                f"MINIO_NOTIFY_WEBHOOK_ENABLE_{_HOOK}": "on",
                f"MINIO_NOTIFY_WEBHOOK_ENDPOINT_{_HOOK}": self._webhook.url,
                f"MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_{_HOOK}": self._webhook.token,
                # Undelivered events are stored here and survive restarts.
                f"MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_{_HOOK}": str(self._directory / "events"),
            },
        )


def find_juicefs() -> str:
    """Return the path of `juicefs`: in this Python's scripts directory, else on the PATH.

    Raises:
        CannotRun: it is in neither.
    """
    executable = shutil.which("juicefs", path=sysconfig.get_path("scripts")) or shutil.which(
        "juicefs"
    )
    if executable is None:
        raise CannotRun(
            "No S3 server (juicefs) was found: its package supports Linux on x86-64 and arm64, and "
            f"macOS on Apple silicon. {OTHER_WAY}"
        )
    return executable


def _command(executable: str, metadata: str, port: int) -> list[str]:
    return [
        *(executable, "--no-agent", "gateway", metadata, f"{ports.HOST}:{port}"),
        *("--bucket", _BLOBS),
        *("--cache-dir", "cache"),
        *("--cache-size", "64"),  # MiB. A small cache is enough for objects on a local disk.
        *("--log", "juicefs.log"),
        *("--metrics", f"{ports.HOST}:0"),
        *("--backup-meta", "0"),
        *("--multi-buckets", "--keep-etag", "--object-meta", "--object-tag"),
        *("--no-usage-report", "--no-banner"),
    ]


def _create_bucket(gateway: Gateway, name: str) -> None:
    from botocore.exceptions import ClientError

    client = gateway.client()
    try:
        client.create_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
    client.put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "QueueArn": f"arn:minio:sqs::{_HOOK}:webhook",
                    "Events": ["s3:ObjectCreated:*"],
                }
            ]
        },
    )
