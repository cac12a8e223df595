"""The servers that the stack starts itself, as the configuration and the data directory say."""

from __future__ import annotations

from typing import NamedTuple

from local import data, ports
from local.configuration import Configuration
from local.gateway import Gateway, Webhook
from local.media_worker import MediaWorker
from local.mongod import Mongod
from local.webhook import PATH


class Servers(NamedTuple):
    """The embedded servers. Each is None if the user has a server of their own, or needs none."""

    mongod: Mongod | None
    gateway: Gateway | None
    media_worker: MediaWorker | None


def embedded_servers(
    configuration: Configuration, kept: data.Ports, secrets: data.Secrets
) -> Servers:
    """Return the servers, none of which is started."""
    directory = configuration.data_directory
    mongod = gateway = media_worker = None
    if configuration.own_database:
        mongod = Mongod(directory / "mongodb", kept.mongod)
    if configuration.own_bucket:
        webhook = Webhook(f"http://{ports.HOST}:{configuration.port}{PATH}", secrets.webhook_token)
        gateway = Gateway(directory / "s3", kept.gateway, secrets.s3_keys, webhook)
    if configuration.own_media_worker:
        media_worker = MediaWorker(directory / "media", kept.media_worker, secrets.media_token)
    return Servers(mongod, gateway, media_worker)
