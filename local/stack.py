"""The stack: starts its servers in order, restarts those that exit, and stops them in reverse."""

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

from gql_api import bootstrap, operators
from gql_api.container import Container
from gql_api.http.app import create_app
from gql_api.operators import StoreProblem
from gql_api.webhook_builder import webhook_sending
from local import data, ports, website, welcome
from local.configuration import Configuration
from local.errors import CannotRun
from local.gateway import Gateway
from local.healing import Healing
from local.host_check import HostCheck
from local.server import Server
from local.servers import embedded_servers
from local.service_settings import service_settings
from local.startup_gate import StartupGate
from local.webhook import StorageEventsWebhook

_SWEEP_EVERY_SECONDS = 60
_SEND_WEBHOOKS_EVERY_SECONDS = 5
_log = logging.getLogger(__name__)


async def run_until_signal(configuration: Configuration, signals: Sequence[signal.Signals]) -> None:
    """Run the stack until one of the signals arrives, then stop it in order.

    Raises:
        LocalError: see `run`.
    """
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:  # A second Ctrl-C must not interrupt the shutdown.
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
    """Run the stack until it is cancelled. All servers have stopped when this returns or raises.

    Raises:
        LocalError: the stack cannot run, or a server keeps exiting.
    """
    async with AsyncExitStack() as exits:
        exits.enter_context(data.locked(configuration.data_directory))
        bound = exits.enter_context(contextlib.closing(ports.bound_socket(configuration.port)))
        secrets = data.load_secrets(configuration.data_directory)
        kept_ports = data.load_ports(configuration.data_directory)
        servers = embedded_servers(configuration, kept_ports, secrets)
        mongod, gateway, worker = servers
        settings = service_settings(configuration, secrets, servers)
        if mongod is not None:
            data.write_privately(configuration.data_directory / data.DATABASE_URL, mongod.url)
        children = [child for child in (mongod, gateway) if child is not None]
        for child in children:
            exits.push_async_callback(child.stop)
        container = bootstrap.build(settings)
        exits.push_async_callback(container.close)
        gate = StartupGate(_app(container, secrets))
        server = Server(HostCheck(gate, configuration.allowed_hosts), bound)
        exits.push_async_callback(server.stop)
        # The S3 gateway checks its webhook when it starts, so the API starts first, behind a gate.
        await server.start()
        for child in children:
            await child.start()
        for child in children:
            await child.ready()
        own_data = mongod is not None and gateway is not None
        await _prepare(container, gateway, adopt=own_data)
        healings = [Healing(child, gate) for child in children]
        if worker is not None:
            # Nothing waits for the worker: what it has not done yet waits for it.
            exits.push_async_callback(worker.stop)
            worker.configure(settings)
            await worker.start()
            healings.append(Healing(worker, None))
        gate.open = True
        print(welcome.text(configuration, settings, server.url), flush=True)
        await _watch(container, gate, healings)


def _app(container: Container, secrets: data.Secrets) -> StorageEventsWebhook:
    """Return the deployed app, with the web client if it is built, behind the webhook."""
    settings = container.settings
    app: ASGIApp = create_app(container)
    if website.is_built():
        app = website.Website(
            app,
            website.BUILD,
            bucket_url=settings.s3_public_endpoint_url or settings.s3_endpoint_url,
            base_path=settings.base_path,
            issuers=[it.issuer for it in settings.oidc_issuers if it.client_id is not None],
        )
    return StorageEventsWebhook(app, secrets.webhook_token, container.storage_events.handle)


async def _prepare(container: Container, gateway: Gateway | None, *, adopt: bool) -> None:
    """Create the bucket and its event subscription, probe the store, and prepare the database.

    With `adopt`, database and bucket belong together: both are in the data directory.

    Raises:
        CannotRun: the database or the bucket cannot be used.
    """
    settings = container.settings
    # docs/stores.md lists the embedded gateway's limitations. Print those of other stores.
    tell = _tell if gateway is None else _say_nothing
    try:
        if gateway is not None:
            await gateway.create_bucket(settings.s3_bucket)
        await container.bucket.ping()
        await container.preparation.prepare(_tell, adopt=adopt)
        await operators.store_service(container).examine(tell)
    except StoreProblem as error:
        raise CannotRun(f"Cannot use the bucket {settings.s3_bucket}: {error}") from error
    except (BotoCoreError, ClientError) as error:
        raise CannotRun(
            f"Cannot use the bucket {settings.s3_bucket}: {error}. Check that the bucket exists, "
            "and check S3_ENDPOINT_URL and the AWS_* settings."
        ) from error
    except PyMongoError as error:
        raise CannotRun(
            f"Cannot use the database {settings.db_name}: {error}. Check that DB_URL is the URL of "
            "a running MongoDB replica set, and that its user may create indexes."
        ) from error


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_nothing(_line: str) -> None:
    pass


async def _watch(container: Container, gate: StartupGate, healings: Sequence[Healing]) -> NoReturn:
    """Sweep every minute, send webhooks, and restart servers that exit.

    Raises:
        CannotRun: a server keeps exiting.
    """
    tasks = [asyncio.create_task(healing.keep_running()) for healing in healings]
    tasks.append(asyncio.create_task(_sweep_forever(container, gate)))
    tasks.append(asyncio.create_task(_send_webhooks_forever(container, gate)))
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
    raise AssertionError("These tasks never return.")


async def _sweep_forever(container: Container, gate: StartupGate) -> NoReturn:
    """Run the sweep every minute. On AWS a schedule does this."""
    while True:
        await gate.wait_until_free()
        try:
            await container.maintenance.sweep()
        except Exception:
            _log.exception("The sweep failed. The next one runs in a minute.")
        await asyncio.sleep(_SWEEP_EVERY_SECONDS)


async def _send_webhooks_forever(container: Container, gate: StartupGate) -> NoReturn:
    """Send webhooks as soon as an event is there, and retry. On AWS a function does this."""
    sending = webhook_sending(container)
    while True:
        await gate.wait_until_free()
        try:
            await sending.send_due()
        except Exception:
            _log.exception("Sending webhooks failed. The next attempt follows in some seconds.")
        await container.webhook_wake_ups.wait(_SEND_WEBHOOKS_EVERY_SECONDS)
