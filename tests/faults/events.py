"""The bucket's events, as they reach a service that runs as another process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx

from local.webhook import PATH
from tests.faults.service import Service
from tests.storage_events import Event, EventHub, Events


@contextmanager
def passed_to(service: Service, hub: EventHub) -> Iterator[None]:
    """Pass the events of the bucket to the service. Those that come while it is away are lost."""

    async def deliver(event: Event) -> object:
        headers = {"Authorization": f"Bearer {secrets(service)['webhook_token']}"}
        with suppress(httpx.TransportError):
            await service.client.post(PATH, json=event, headers=headers)
        return None

    prefixes = service.key_prefix, f"{service.key_prefix}-renditions"
    for prefix in prefixes:
        hub.join(prefix, Events(deliver))
    try:
        yield
    finally:
        for prefix in prefixes:
            hub.leave(prefix)


def secrets(service: Service) -> dict[str, str]:
    """Return the secrets that the processes of the service share."""
    text = (service.directory / ".local" / "secrets.json").read_text()
    found: dict[str, str] = json.loads(text)
    return found
