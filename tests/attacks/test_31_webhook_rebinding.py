"""Names whose addresses change between two looks, or that belong to somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from gql_api.adapters.webhooks.sender import HttpWebhookSender
from tests.attacks.webhooks import (
    PUBLIC,
    Connections,
    certificate,
    refusal,
    resolving_to,
    send,
)
from tests.webhook_receiver import webhook_receiver

URL = "https://hooks.example.com/"


async def test_the_second_answer_is_never_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first is public, all later ones are not: a check before a connection would see it."""
    connections = Connections(monkeypatch)
    sender = HttpWebhookSender(resolve=resolving_to([PUBLIC], ["127.0.0.1"]))
    assert "The connection failed" in await refusal(sender, URL)
    assert connections.opened == [(PUBLIC, 443)]
    # Each attempt looks and checks anew.
    assert "is not public" in await refusal(sender, URL)
    assert connections.opened == [(PUBLIC, 443)]


@pytest.mark.parametrize("inside", ["127.0.0.1", "::ffff:10.0.0.1", "fd00:ec2::254"])
async def test_one_address_inside_among_public_ones(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a receiver that refuses connections at the public ones would lead inside."""
    connections = Connections(monkeypatch)
    for addresses in ([PUBLIC, inside], [inside, PUBLIC]):
        sender = HttpWebhookSender(resolve=resolving_to(addresses))
        assert await refusal(sender, URL)
    assert connections.opened == []


async def test_a_few_addresses_are_tried_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    connections = Connections(monkeypatch)
    sender = HttpWebhookSender(resolve=resolving_to([f"1.1.1.{n}" for n in range(100)]))
    await refusal(sender, URL)
    assert connections.opened == [(f"1.1.1.{n}", 443) for n in range(3)]


async def test_the_certificate_is_that_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address; the certificate is checked for the name in the URL."""
    server, client = certificate(tmp_path, "hooks.example.com")
    async with webhook_receiver(server) as receiver:
        connections = Connections(monkeypatch, receiver.port)
        sender = HttpWebhookSender(resolve=resolving_to([PUBLIC]), tls=client)
        assert (await send(sender, URL)).status == 204
        assert connections.opened == [(PUBLIC, 443)]
        assert receiver.received[0].headers["host"] == "hooks.example.com"

        why = await refusal(sender, "https://others.example.com/")
        assert "certificate is not accepted" in why
        why = await refusal(HttpWebhookSender(resolve=resolving_to([PUBLIC])), URL)
        assert "certificate is not accepted" in why
        assert len(receiver.received) == 1


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with webhook_receiver() as proxy, webhook_receiver() as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        await send(HttpWebhookSender(["127.0.0.1"]), receiver.url)
        assert (proxy.connections, receiver.connections) == (0, 1)


async def test_a_name_without_an_address() -> None:
    async def fail(_host: str, _port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    assert "has no address" in await refusal(HttpWebhookSender(resolve=fail), URL)
    assert "has no address" in await refusal(HttpWebhookSender(resolve=resolving_to([])), URL)
