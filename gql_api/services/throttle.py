"""How often somebody may fail to log in, or sign up, before he has to wait.

Failed logins are counted by username and address together, and by address alone. Never by
username alone: a stranger at another address could lock the owner out (OWASP ASVS 5.0, 6.1.1).
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime

from gql_api.domain.accounts import fold_username
from gql_api.domain.errors import TooManyAttempts
from gql_api.domain.ports import AttemptStore

FAILURES_PER_USERNAME = 5
FAILURES_PER_ADDRESS = 50
SIGN_UPS_PER_ADDRESS = 20


class Throttle:
    """Lets attempts begin, or raises TooManyAttempts."""

    def __init__(self, attempts: AttemptStore) -> None:
        self._attempts = attempts

    async def begin_login(self, username: str, address: str, now: datetime) -> None:
        """Count a login as failed until `login_succeeded` says otherwise.

        Raises:
            TooManyAttempts: there were too many failures; this attempt is not counted.
        """
        pair, host = _login_keys(username, address)
        await self._begin(pair, now, FAILURES_PER_USERNAME)
        try:
            await self._begin(host, now, FAILURES_PER_ADDRESS)
        except TooManyAttempts:
            await self._attempts.take_back(pair)
            raise

    async def login_succeeded(self, username: str, address: str) -> None:
        """Forget the failures of this user at this address, and that the address was there."""
        pair, host = _login_keys(username, address)
        await self._attempts.clear(pair)
        await self._attempts.take_back(host)

    async def begin_sign_up(self, address: str, now: datetime) -> None:
        """Count a sign-up.

        Raises:
            TooManyAttempts: there were too many from this address.
        """
        await self._begin(_key("sign-up", _network(address)), now, SIGN_UPS_PER_ADDRESS)

    async def _begin(self, key: str, now: datetime, free: int) -> None:
        if seconds := await self._attempts.begin(key, now, free):
            raise TooManyAttempts(seconds)


def _login_keys(username: str, address: str) -> tuple[str, str]:
    network = _network(address)
    return _key("login", fold_username(username), network), _key("login", network)


def _key(*parts: str) -> str:
    """A key of fixed length that keeps no address or name, whatever was sent as one."""
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def _network(address: str) -> str:
    """What one party is likely to control: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
