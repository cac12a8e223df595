"""Webhooks that lead into the service's own network, to its machine or to a cloud's credentials."""

from __future__ import annotations

import pytest

from gql_api.adapters.webhooks.sender import HttpWebhookSender
from gql_api.domain.errors import InvalidWebhook
from gql_api.domain.receivers import parse_receiver
from tests.attacks.webhooks import PUBLIC, Connections, refusal, resolving_to, send
from tests.webhook_receiver import webhook_receiver

PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("100.64.0.1", "169.254.1.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1"),
    *("ff02::1", "2001:db8::1", "3fff::1", "2001::1", "100::1", "fec0::1", "4000::1"),
    # Each of these stands for an IPv4 address, or is translated to one on the way.
    *("::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1"),
]
METADATA = [
    *("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "192.0.0.192"),
    *("::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"),
]
PUBLIC_ONES = [PUBLIC, "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]

NUMBERS = [
    *("2130706433", "017700000001", "0x7f000001", "0x7f.1", "0177.0.0.1", "0177.0.0.01"),
    *("127.1", "127.0.1", "127.0.0.1.", "127.0.0.0x1", "localhost.0x7f", "00000127.0.0.1"),
    *("1.2.3.4.5", "256.256.256.256", "999999999999"),
]


def literal(address: str) -> str:
    return f"https://[{address}]/" if ":" in address else f"https://{address}/"


@pytest.mark.parametrize("address", [*PRIVATE, *METADATA])
async def test_a_name_that_leads_inside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connections = Connections(monkeypatch)
    sender = HttpWebhookSender(resolve=resolving_to([address]))
    why = await refusal(sender, "https://hooks.example.com/")
    assert "is not public" in why or "Nothing is sent" in why
    assert connections.opened == []


@pytest.mark.parametrize("address", [*PRIVATE, *METADATA])
def test_a_url_with_such_an_address(address: str) -> None:
    with pytest.raises(InvalidWebhook):
        parse_receiver(literal(address.partition("%")[0]), ())


@pytest.mark.parametrize("address", METADATA)
async def test_no_exemption_leads_to_credentials(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator who trusts a name does not trust all that its DNS server may answer."""
    connections = Connections(monkeypatch)
    sender = HttpWebhookSender(["hooks.lan", address], resolve=resolving_to([address]))
    assert "Nothing is sent" in await refusal(sender, "http://hooks.lan/")
    assert "Nothing is sent" in await refusal(sender, literal(address))
    assert connections.opened == []


@pytest.mark.parametrize("host", NUMBERS)
async def test_numbers_that_other_programs_read_as_addresses(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = Connections(monkeypatch)
    why = await refusal(HttpWebhookSender(), f"https://{host}/")
    assert "IPv4 address must have the form" in why
    assert connections.opened == []


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com@127.0.0.1/",
        "https://127.0.0.1@hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https://@hooks.example.com/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://127.0.0.1\\.hooks.example.com/",
        "https://hooks.example.com#@127.0.0.1/",
        "https://hooks.example.com/#fragment",
        "https://hooks.example.com/\r\nHost: 127.0.0.1",
        "https://hooks.example.com/a b",
        "https://hooks.example.com\t/",
        "https://１２７.0.0.1/",
        "https://ⓛocalhost/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:65536/",
        "https://hooks.example.com:-1/",
        "https://[::1/",
        "https://[::1%25lo]/",
        "https://[v1.x]/",
        "https:///",
        "https://",
        "https:hooks.example.com",
        "//hooks.example.com/",
        "http://hooks.example.com/",
        "HTTP://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "unix:///var/run/docker.sock",
        "javascript:alert(1)",
        f"https://hooks.example.com/{'a' * 2048}",
        f"https://{'a' * 64}.example.com/",
        "https://-a.example.com/",
        "",
    ],
)
def test_urls_that_are_not_what_they_seem(url: str) -> None:
    with pytest.raises(InvalidWebhook) as refused:
        parse_receiver(url, ())
    assert "password@" not in refused.value.message


@pytest.mark.parametrize("address", PUBLIC_ONES)
async def test_public_addresses_are_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that is allowed is refused by mistake."""
    connections = Connections(monkeypatch)
    sender = HttpWebhookSender(resolve=resolving_to([address]))
    assert "The connection failed" in await refusal(sender, "https://hooks.example.com:8443/a?b")
    assert connections.opened == [(address, 8443)]


async def test_only_names_that_were_allowed_reach_this_machine() -> None:
    async with webhook_receiver() as receiver:
        for allowed in ([], ["localhost"], ["127.0.0.2"]):
            why = await refusal(HttpWebhookSender(allowed), receiver.url)
            assert "https://" in why
        assert receiver.connections == 0
        sender = HttpWebhookSender(["127.0.0.1"])
        assert (await send(sender, receiver.url)).status == 204
