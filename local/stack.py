"""The stack: its parts started in order, watched, and stopped in the reverse order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from pymongo.errors import PyMongoError
from starlette.types import ASGIApp

from gql_api import bootstrap
from gql_api.bootstrap import Container
from gql_api.http.app import create_app
from local import data, ports, website, welcome
from local.configuration import Configuration
from local.errors import CannotRun
from local.gateway import Gateway, Webhook
from local.mongod import Mongod
from local.process import Process
from local.server import Server
from local.service_settings import service_settings
from local.startup_gate import StartupGate
from local.webhook import PATH, StorageEventsWebhook

_SWEEP_EVERY_SECONDS = 60
_log = logging.getLogger(__name__)


async def run_until_signal(configuration: Configuration, signals: Sequence[signal.Signals]) -> None:
    """Run the stack until one of the signals comes, then end it in order.

    Raises:
        LocalError: as `run`.
    """
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:  # A second Ctrl-C must not break off the end of the servers.
            stopping = True
            print("Stopping…", file=sys.stderr)
            running.cancel()

    running = asyncio.create_task(run(configuration))
    for number in signals:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        if not stopping:
            raise


async def run(configuration: Configuration) -> None:
    """Run the stack until this is cancelled. All parts have ended when it raises.

    Raises:
        LocalError: if it can't run, or a part ended by itself.
    """
    async with AsyncExitStack() as exits:
        exits.enter_context(data.locked(configuration.data_directory))
        bound = exits.enter_context(contextlib.closing(ports.bound_socket(configuration.port)))
        secrets = data.load_secrets(configuration.data_directory)
        kept_ports = data.load_ports(configuration.data_directory)
        mongod = _mongod(configuration, kept_ports)
        gateway = _gateway(configuration, kept_ports, secrets)
        settings = service_settings(configuration, secrets, mongod, gateway)
        children = [child for child in (mongod, gateway) if child is not None]
        for child in children:
            exits.push_async_callback(child.stop)
        container = bootstrap.build(settings)
        exits.push_async_callback(container.close)
        door = StartupGate(_app(container, secrets))
        server = Server(door, bound)
        exits.push_async_callback(server.stop)
        # The gateway looks for its webhook when it starts, so the API goes first, behind a door.
        await server.start()
        for child in children:
            await child.start()
        for child in children:
            await child.ready()
        await _prepare(container, gateway)
        door.open = True
        print(welcome.text(configuration, settings, server.url), flush=True)
        await _watch(container, [child.process for child in children if child.process])


def _mongod(configuration: Configuration, kept: data.Ports) -> Mongod | None:
    if not configuration.own_database:
        return None
    return Mongod(configuration.data_directory / "mongodb", kept.mongod)


def _gateway(
    configuration: Configuration, kept: data.Ports, secrets: data.Secrets
) -> Gateway | None:
    if not configuration.own_bucket:
        return None
    return Gateway(
        configuration.data_directory / "s3",
        kept.gateway,
        secrets.s3_keys,
        Webhook(f"http://{ports.HOST}:{configuration.port}{PATH}", secrets.webhook_token),
    )


def _app(container: Container, secrets: data.Secrets) -> StorageEventsWebhook:
    """The deployed app, with the web client where it is built, and the webhook in front."""
    settings = container.settings
    app: ASGIApp = create_app(container)
    if website.is_built():
        app = website.Website(
            app,
            website.BUILD,
            bucket_url=settings.s3_public_endpoint_url or settings.s3_endpoint_url,
        )
    return StorageEventsWebhook(app, secrets.webhook_token, container.storage_events.handle)


async def _prepare(container: Container, gateway: Gateway | None) -> None:
    """Create what the service expects to find: bucket, subscription and indexes.

    Raises:
        CannotRun: if the database or the bucket does not work.
    """
    settings = container.settings
    try:
        if gateway is not None:
            await gateway.create_bucket(settings.s3_bucket)
        await container.bucket.ping()
    except (BotoCoreError, ClientError) as error:
        raise CannotRun(f"The bucket {settings.s3_bucket} does not work: {error}") from error
    try:
        await container.ensure_indexes()
    except PyMongoError as error:
        raise CannotRun(f"The database {settings.db_name} does not work: {error}") from error


async def _watch(container: Container, processes: Sequence[Process]) -> NoReturn:
    """Sweep every minute, and raise CannotRun as soon as a process has ended."""
    endings = [asyncio.create_task(process.ended()) for process in processes]
    sweeping = asyncio.create_task(_sweep_forever(container))
    try:
        done, _ = await asyncio.wait([*endings, sweeping], return_when=asyncio.FIRST_COMPLETED)
        raise CannotRun(" ".join(str(ending.result()) for ending in done))
    finally:
        for task in (*endings, sweeping):
            task.cancel()


async def _sweep_forever(container: Container) -> NoReturn:
    """On AWS a schedule does this."""
    while True:
        try:
            await container.maintenance.sweep()
        except Exception:
            _log.exception("The sweep failed; the next one is in a minute.")
        await asyncio.sleep(_SWEEP_EVERY_SECONDS)
