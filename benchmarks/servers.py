"""The servers that the benchmarks measure, pinned to cores.

The service or its peer has one core to itself; MongoDB, the bucket and the load generator share
the others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from local import ports
from local.gateway import Gateway, KeyPair, Webhook
from local.mongod import Mongod
from local.process import Process
from local.server import Server
from local.webhook import PATH, StorageEventsWebhook, nothing_else

ROOT = Path(__file__).parents[1]
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, OTHER_CORES = CORES[0], CORES[1:] or CORES
SECRET = "benchmark-key-" * 5


@contextmanager
def on_other_cores() -> Iterator[None]:
    """Keep this process and its children off the core of the measured server."""
    os.sched_setaffinity(0, OTHER_CORES)
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)


@asynccontextmanager
async def mongod(directory: Path | None = None) -> AsyncIterator[str]:
    """Run a MongoDB server, in a temporary directory by default; yields its URL."""
    with TemporaryDirectory(prefix="media-bench-") as temporary:
        server = Mongod(directory or Path(temporary), ports.free_port())
        try:
            await server.start()
            await server.ready()
            yield server.url
        finally:
            await server.stop()


@asynccontextmanager
async def bucket() -> AsyncIterator[Gateway]:
    """Run an S3 server with the bucket `media`."""

    async def ignore(_event: object) -> None:
        """Ignore storage events: the client completes its uploads itself."""

    app = StorageEventsWebhook(nothing_else, "token", ignore)
    webhook = Server(app, ports.bound_socket(ports.free_port()))
    with TemporaryDirectory(prefix="media-bench-") as directory:
        gateway = Gateway(
            Path(directory),
            ports.free_port(),
            KeyPair("benchmarks", "benchmarks-secret"),
            Webhook(webhook.url + PATH, "token"),
        )
        try:
            await webhook.start()
            await gateway.start()
            await gateway.ready()
            await gateway.create_bucket("media")
            yield gateway
        finally:
            await gateway.stop()
            await webhook.stop()


def settings(db_url: str, db_name: str, **more: str) -> dict[str, str]:
    """Return the environment of the service and its peers. Signing needs no existing bucket."""
    return {
        "DB_URL": db_url,
        "DB_NAME": db_name,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "S3_BUCKET": "media",
        "USER_QUOTA_BYTES": str(2**52),
        "JWT_SECRET_KEY": SECRET,
        **more,
    }


def storage_settings(gateway: Gateway) -> dict[str, str]:
    """Return the settings for a gateway, to be passed to `settings`."""
    return {
        "S3_ENDPOINT_URL": gateway.endpoint_url,
        "AWS_ACCESS_KEY_ID": gateway.keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": gateway.keys.secret_access_key,
        "AWS_DEFAULT_REGION": gateway.region,
    }


class App:
    """An ASGI app under uvicorn, on a core of its own."""

    def __init__(self, process: Process, port: int) -> None:
        self.port = port
        self.process = process
        self._statistics = psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        """Return the CPU time used so far."""
        times = self._statistics.cpu_times()
        return float(times.user + times.system)

    def memory_mib(self) -> float:
        """Return the resident memory."""
        return float(self._statistics.memory_info().rss) / 2**20


@asynccontextmanager
async def app(name: str, environment: Mapping[str, str]) -> AsyncIterator[App]:
    """Serve `name`, such as `benchmarks.peers.rest:app`, with uvloop and httptools."""
    port = ports.free_port()
    with TemporaryDirectory(prefix="media-bench-") as directory:
        process = Process(
            name,
            [
                *("taskset", "--cpu-list", str(SERVER_CORE), sys.executable, "-m", "uvicorn", name),
                *("--app-dir", str(ROOT), "--port", str(port), "--loop", "uvloop"),
                *("--http", "httptools", "--no-access-log", "--log-level", "warning"),
            ],
            directory=Path(directory),
            log=Path(directory) / "log",
            environment={"PATH": os.environ["PATH"], **environment},
        )
        await process.start()
        try:
            await process.ready(lambda: ports.accepts(port))
            yield App(process, port)
        finally:
            await process.stop()
            if log := (Path(directory) / "log").read_text(encoding="utf-8"):
                print(log[-2000:], file=sys.stderr)
