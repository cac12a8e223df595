"""Where webhooks may be sent: which URLs and which network addresses are accepted.

A webhook makes the service send requests to an address that somebody else controls, from inside of
its network. So a URL must be HTTPS, and the address that its name has at the moment of sending must
be public (OWASP, "Server-Side Request Forgery Prevention Cheat Sheet"). An operator can exempt
single host names from both rules, but never link-local addresses: there, clouds hand out
credentials.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import NamedTuple
from urllib.parse import urlsplit

from gql_api.domain.errors import InvalidWebhook

URL_MAX_LENGTH = 2048

IpAddress = IPv4Address | IPv6Address

_URL = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_-]{1,63})*\.?")
# Everything that resolvers or other programs may read as a number: 127.1, 0x7f.1, 017700000001.
_ENDS_IN_A_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?")

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4: all that IANA has assigned so far.
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address, which a gateway reaches.
# Newer than some versions of Python: RFC 9637.
_DOCUMENTATION = IPv6Network("3fff::/20")
# Metadata services outside of the link-local range: AWS on IPv6, Alibaba, Oracle.
_METADATA = frozenset(
    map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192"))
)


class Receiver(NamedTuple):
    """The parts of a webhook's URL that a request needs.

    `host` is in lower case, without brackets. `target` is the path with the query.
    """

    secure: bool
    host: str
    port: int
    target: str
    exempt: bool = False

    @property
    def authority(self) -> str:
        """The value of the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.secure else 80
        return host if self.port == usual else f"{host}:{self.port}"


def parse_receiver(url: str, allowed_hosts: Collection[str]) -> Receiver:
    """Return the parts of a webhook's URL. `allowed_hosts` are exempt from the rules.

    Raises:
        InvalidWebhook: the URL breaks a rule. The message says which, without the URL itself.
    """
    if len(url) > URL_MAX_LENGTH or not _URL.fullmatch(url):
        raise InvalidWebhook(
            f"The URL must have at most {URL_MAX_LENGTH} characters, all of them ASCII without "
            "spaces. Encode others: as %XX in the path, and as xn--… in the host."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidWebhook(f"This is not a URL: {error}.") from None
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise InvalidWebhook("The URL must not have a user name, a password or a backslash.")
    if "#" in url:
        raise InvalidWebhook("The URL must not have a fragment (#).")
    exempt = host in allowed_hosts
    if parts.scheme != "https" and not (exempt and parts.scheme == "http"):
        raise InvalidWebhook(
            "The URL must begin with https://. Only hosts in WEBHOOK_ALLOWED_HOSTS may use http://."
        )
    if port == 0:
        raise InvalidWebhook("The port must be 1 to 65535.")
    if "[" in parts.netloc and ":" not in host:
        raise InvalidWebhook("Only an IPv6 address has square brackets.")
    _check_host(host, exempt)
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(secure, host, port or (443 if secure else 80), target, exempt)


def _check_host(host: str, exempt: bool) -> None:
    address = _literal(host)
    if address is not None:
        check_address(address, exempt)
    elif not _NAME.fullmatch(host):
        raise InvalidWebhook("The URL must have a host such as hooks.example.com.")
    elif _ENDS_IN_A_NUMBER.fullmatch(host):
        # The URL Standard, "ends in a number checker".
        raise InvalidWebhook("An IPv4 address must have the form 192.0.2.1, in decimal numbers.")


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def check_address(address: IpAddress, exempt: bool = False) -> None:
    """Check the address that a request would be sent to.

    Raises:
        InvalidWebhook: the address is not public and its host not `exempt`, or is one to which
            nothing is ever sent: link-local, multicast, unspecified, or a metadata service.
    """
    plain = _meant(address)
    if plain in _METADATA or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        raise InvalidWebhook(f"Nothing is sent to the address {address}.")
    if not exempt and not _is_public(plain):
        raise InvalidWebhook(
            f"The address {address} is not public. WEBHOOK_ALLOWED_HOSTS exempts single hosts."
        )


def _meant(address: IpAddress) -> IpAddress:
    """Return the IPv4 address that a mapped or translated address leads to; others as they are."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _is_public(address: IpAddress) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_reserved
    return (
        address in _GLOBAL_UNICAST
        and address.is_global
        and address.teredo is None
        and address not in _DOCUMENTATION
    )
