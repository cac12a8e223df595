"""The S3 server: JuiceFS's gateway, which is MinIO's S3 front end, over files on the disk."""

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
_META = "sqlite3://meta.db"
_BLOBS = "blobs/"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """What requests to the gateway are signed with; the secret has 8 characters or more."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the gateway sends events; the token comes as `Authorization: Bearer …`."""

    url: str
    token: str = field(repr=False)


class Gateway:
    """An S3 server that keeps its objects in `directory`.

    All paths in its command are relative to that: they work whatever characters the directory's
    own path has, and after a move.
    """

    def __init__(self, directory: Path, port: int, keys: KeyPair, webhook: Webhook) -> None:
        self.port = port
        self.endpoint_url = f"http://{ports.HOST}:{port}"
        self.keys = keys
        self.region = REGION
        self._directory = directory
        self._webhook = webhook
        self.process: Process | None = None

    async def start(self) -> None:
        """Start the server, and return without waiting until it is ready.

        The webhook must answer by now: the gateway asks it once, and drops it otherwise.

        Raises:
            CannotRun: if there is no gateway for this system, or it can't write its files.
        """
        executable = find_juicefs()
        self._directory.mkdir(parents=True, exist_ok=True)
        await self._format(executable)
        self.process = self._child("The S3 gateway (juicefs)", _command(executable, self.port))
        await self.process.start()

    async def ready(self) -> None:
        """Return once the server answers.

        Raises:
            CannotRun: if it does not get there.
        """
        if self.process is None:
            raise RuntimeError("the gateway was not started")
        await self.process.ready(lambda: ports.answers(self.port, "/minio/health/ready"))

    async def create_bucket(self, name: str) -> None:
        """Create the bucket if it is not there, and have its events sent to the webhook."""
        await asyncio.to_thread(_create_bucket, self, name)

    async def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            await self.process.stop()

    def client(self) -> S3Client:
        """A boto3 client for this server. It takes half a second the first time: boto3's import."""
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
        """Create the volume; one that is there stays as it is."""
        command = [executable, "format", _META, "--storage", "file", "--bucket", _BLOBS]
        format_process = self._child(
            "The S3 gateway's set-up (juicefs format)",
            # Without --trash-days 0, deleted objects would use the disk for another day.
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
                # Events that the webhook does not take are kept here, over restarts as well.
                f"MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_{_HOOK}": str(self._directory / "events"),
            },
        )


def find_juicefs() -> str:
    """The path of the gateway's program: beside our Python, else on the PATH.

    Raises:
        CannotRun: if there is none.
    """
    executable = shutil.which("juicefs", path=sysconfig.get_path("scripts")) or shutil.which(
        "juicefs"
    )
    if executable is None:
        raise CannotRun(f"There is no S3 gateway (juicefs) for this system. {OTHER_WAY}")
    return executable


def _command(executable: str, port: int) -> list[str]:
    return [
        *(executable, "--no-agent", "gateway", _META, f"{ports.HOST}:{port}"),
        *("--bucket", _BLOBS),
        *(
            "--cache-dir",
            "cache",
            "--cache-size",
            "64",
        ),  # MiB. The objects lie on this disk anyway.
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
