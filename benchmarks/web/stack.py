"""Run the service with its database and bucket, for clients that reach the bucket by another URL.

python -m benchmarks.web.stack DIRECTORY API_PORT PUBLIC_BUCKET_URL

Prints one line of JSON, with the ports of the bucket and the API, when both accept connections.
Stops on SIGTERM.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path

from local import ports, process, stack
from local.configuration import Configuration
from local.gateway import REGION, Gateway, KeyPair, Webhook
from local.server import Server
from local.webhook import PATH, StorageEventsWebhook, nothing_else

_BUCKET = "media"
_KEYS = KeyPair("benchmark", "secret-of-the-benchmark")


async def _forget(_event: object) -> None:
    """Ignore storage events: all contenders complete their own uploads."""


async def _main(directory: Path, port: int, public_url: str) -> None:
    webhook = Server(
        StorageEventsWebhook(nothing_else, "token", _forget), ports.bound_socket(ports.free_port())
    )
    gateway = Gateway(
        directory / "s3", ports.free_port(), _KEYS, Webhook(webhook.url + PATH, "token")
    )
    try:
        await webhook.start()
        await gateway.start()
        await gateway.ready()
        await gateway.create_bucket(_BUCKET)
        service = asyncio.create_task(
            stack.run(_configuration(directory / "service", port, gateway, public_url))
        )
        await _until_ready(service, port)
        print(json.dumps({"bucket": gateway.port, "api": port}), flush=True)
        await service
    finally:
        await gateway.stop()
        await webhook.stop()


async def _until_ready(service: asyncio.Task[None], port: int) -> None:
    """Return when the service works or has stopped."""
    while not await ports.answers(port, "/health"):
        await asyncio.wait([service], timeout=0.05)
        if service.done():
            return


def _configuration(directory: Path, port: int, gateway: Gateway, public_url: str) -> Configuration:
    return Configuration(
        port=port,
        data_directory=directory,
        own_database=True,
        own_bucket=False,
        own_media_worker=False,
        environment={
            "AWS_ACCESS_KEY_ID": _KEYS.access_key_id,
            "AWS_SECRET_ACCESS_KEY": _KEYS.secret_access_key,
            "AWS_DEFAULT_REGION": REGION,
            "S3_BUCKET": _BUCKET,
            "S3_ENDPOINT_URL": gateway.endpoint_url,
            "S3_PUBLIC_ENDPOINT_URL": public_url,
        },
    )


async def _until_signal(directory: Path, port: int, public_url: str) -> None:
    running = asyncio.create_task(_main(directory, port, public_url))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    process.end_with_parent(signal.SIGTERM)
    os.umask(0o077)
    asyncio.run(_until_signal(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
