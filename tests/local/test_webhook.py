"""The receiver of storage events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from local.webhook import PATH, StorageEventsWebhook, nothing_else

TOKEN = {"Authorization": "Bearer token"}


class Service:
    """Records events; fails if `fails` is set."""

    def __init__(self) -> None:
        self.events: list[Mapping[str, Any]] = []
        self.fails = False

    async def handle(self, event: Mapping[str, Any]) -> int:
        if self.fails:
            raise ConnectionError("no database")
        self.events.append(event)
        return 1


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def webhook(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    app = StorageEventsWebhook(nothing_else, "token", service.handle)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://local.test") as client:
        yield client


async def test_hands_an_event_over(webhook: httpx.AsyncClient, service: Service) -> None:
    response = await webhook.post(PATH, json={"Records": []}, headers=TOKEN)

    assert response.status_code == 204
    assert service.events == [{"Records": []}]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer tokem"}, {"X-Token": "token"}])
async def test_needs_the_token(
    webhook: httpx.AsyncClient, service: Service, headers: dict[str, str]
) -> None:
    response = await webhook.post(PATH, json={"Records": []}, headers=headers)

    assert response.status_code == 401
    assert service.events == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 5000, b'{"a":"' + b"x" * 2_000_000 + b'"}'],
)
async def test_refuses_what_is_no_event(
    webhook: httpx.AsyncClient, service: Service, body: bytes
) -> None:
    response = await webhook.post(PATH, content=body, headers=TOKEN)

    assert response.status_code == 400
    assert service.events == []


async def test_refuses_an_event_that_the_service_does_not_know() -> None:
    async def handle(event: Mapping[str, Any]) -> int:
        raise ValueError("of an unknown form")

    transport = httpx.ASGITransport(app=StorageEventsWebhook(nothing_else, "token", handle))
    async with httpx.AsyncClient(transport=transport, base_url="http://local.test") as client:
        assert (await client.post(PATH, json={}, headers=TOKEN)).status_code == 400


async def test_asks_for_the_event_again_when_it_was_not_handled(
    webhook: httpx.AsyncClient, service: Service
) -> None:
    service.fails = True

    assert (await webhook.post(PATH, json={}, headers=TOKEN)).status_code == 500


async def test_can_be_looked_for_but_not_read(webhook: httpx.AsyncClient) -> None:
    assert (await webhook.head(PATH)).status_code == 200
    assert (await webhook.get(PATH, headers=TOKEN)).status_code == 405


async def test_leaves_everything_else_to_the_app(webhook: httpx.AsyncClient) -> None:
    assert (await webhook.post("/graphql", json={}, headers=TOKEN)).status_code == 404
