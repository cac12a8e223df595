"""Finds the network addresses of a receiver, and accepts only those that it may have."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from gql_api.domain.errors import InvalidWebhook
from gql_api.domain.receivers import Receiver, check_address
from gql_api.domain.webhook_sending import SendingFailed

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host and a port, such as 192.0.2.1; raises OSError."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system's resolver knows."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def addresses_of(receiver: Receiver, resolve: Resolve) -> Sequence[str]:
    """Return the addresses to connect to, in the resolver's order.

    The name is resolved once, so that what is checked is what is connected to: a second answer of
    the name's server may be another one ("DNS rebinding"). One address that is not accepted is
    enough to refuse all: no receiver needs a name that leads into somebody's network.

    Raises:
        SendingFailed: there is no address, or one is not accepted.
    """
    try:
        found = await resolve(receiver.host, receiver.port)
    except (OSError, UnicodeError) as error:
        raise SendingFailed(f"The host {receiver.host} has no address: {error}.") from None
    if not found:
        raise SendingFailed(f"The host {receiver.host} has no address.")
    for text in found:
        try:
            check_address(ipaddress.ip_address(text), receiver.exempt)
        except InvalidWebhook as error:
            raise SendingFailed(error.message) from None
    return list(dict.fromkeys(found))
