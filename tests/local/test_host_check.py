"""Requests to names that are not this machine's."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse

from local.host_check import HostCheck

OWN = (
    *("localhost", "LOCALHOST:8000", "127.0.0.1:80", "[::1]", "[::1]:8000"),
    *("media.lan:443", "[fd00::1]", "[FD00::1]:1"),
)
OTHERS = (
    *("evil.test", "evil.test:8000", "localhost.evil.test", "127.0.0.1.nip.io", "0.0.0.0"),
    *("localhost:evil.test", "evil.test:127.0.0.1", "localhost:8000:1", "localhost:", "localhost."),
    *("", "*", "::1", "[::1", "[::1]evil", "localhost, evil.test", "user@localhost"),
    *("media.lan.", "\xe9", "localhost:\xb2"),
)


async def status(host: str) -> int:
    checked = HostCheck(PlainTextResponse("the app"), {"media.lan", "[fd00::1]"})
    transport = httpx.ASGITransport(app=checked)
    async with httpx.AsyncClient(transport=transport, base_url="http://local.test") as client:
        headers = [(b"Host", host.encode("latin-1"))]
        return (await client.get("/", headers=headers)).status_code


@pytest.mark.parametrize("host", OWN)
async def test_names_of_this_machine(host: str) -> None:
    assert await status(host) == 200


@pytest.mark.parametrize("host", OTHERS)
async def test_other_names(host: str) -> None:
    assert await status(host) == 421
