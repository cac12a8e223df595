"""Limits for failed logins and for sign-ups.

Failed logins are counted by username and address together, by address, and by username. The count
by username limits guesses from many addresses. It applies only to addresses from which the user has
not logged in recently; otherwise, strangers could lock users out of their accounts (OWASP ASVS 5.0,
6.1.1).
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gql_api.domain.account_stores import AttemptStore
from gql_api.domain.accounts import fold_username
from gql_api.domain.errors import TooManyAttempts

FAILURES_PER_PAIR = 5
FAILURES_PER_ADDRESS = 50
FAILURES_PER_USERNAME = 100  # The maximum of NIST SP 800-63B, 5.2.2, for consecutive failures.
SIGN_UPS_PER_ADDRESS = 20


@dataclass(frozen=True, slots=True)
class Login:
    """The keys that count a login which began at `at`.

    `pair` is the key of the user at this address; `shared` are keys that also count the attempts
    of others. `home` is the key to remember if the login succeeds.
    """

    at: datetime
    pair: str
    shared: tuple[str, ...]
    home: str


class Throttle:
    """Admits attempts, or raises TooManyAttempts."""

    def __init__(self, attempts: AttemptStore) -> None:
        self._attempts = attempts

    async def begin_login(self, username: str, address: str, now: datetime) -> Login:
        """Count a login as failed, until `login_succeeded` is called.

        Raises:
            TooManyAttempts: there were too many failed attempts; this one is not counted.
        """
        name, network = fold_username(username), _network(address)
        pair, home = _key("login", name, network), _key("home", name, network)
        limits = {pair: FAILURES_PER_PAIR, _key("login", network): FAILURES_PER_ADDRESS}
        if not await self._attempts.remembers(home, now):
            limits[_key("user", name)] = FAILURES_PER_USERNAME
        counted: list[str] = []
        for key, free in limits.items():
            try:
                await self._begin(key, now, free)
            except TooManyAttempts:
                await self._take_back(counted, now)
                raise
            counted.append(key)
        return Login(now, pair, tuple(counted[1:]), home)

    async def login_succeeded(self, login: Login) -> None:
        """Clear the user's failures at this address and remember the address as known.

        From the shared counts, only this attempt is subtracted.
        """
        await self._attempts.clear(login.pair)
        await self._take_back(login.shared, login.at)
        await self._attempts.remember(login.home, login.at)

    async def signed_up(self, username: str, address: str, now: datetime) -> None:
        """Remember the address as known for the user."""
        home = _key("home", fold_username(username), _network(address))
        await self._attempts.remember(home, now)

    async def begin_sign_up(self, address: str, now: datetime) -> None:
        """Count a sign-up.

        Raises:
            TooManyAttempts: there were too many from this address.
        """
        await self._begin(_key("sign-up", _network(address)), now, SIGN_UPS_PER_ADDRESS)

    async def _begin(self, key: str, now: datetime, free: int) -> None:
        if seconds := await self._attempts.begin(key, now, free):
            raise TooManyAttempts(seconds)

    async def _take_back(self, keys: Iterable[str], began_at: datetime) -> None:
        for key in keys:
            await self._attempts.take_back(key, began_at)


def _key(*parts: str) -> str:
    """Return a key of fixed length that reveals no address or username."""
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def _network(address: str) -> str:
    """Return the network that one party controls: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
