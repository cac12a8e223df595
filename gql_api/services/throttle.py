"""Limits for logins and for sign-ups.

Failed logins are counted by username and network together, by network, and by username. The count
by username limits guesses from many addresses. It applies only to addresses from which the user has
not logged in recently; otherwise, strangers could lock users out of their accounts (OWASP ASVS 5.0,
6.1.1). The same holds for the networks around an IPv6 address, which the user may share with
strangers.

Successful logins are counted by username, because verifying a password is expensive. Only someone
who knows the password can use them up.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from gql_api.domain.account_stores import AttemptStore
from gql_api.domain.accounts import fold_username
from gql_api.domain.errors import TooManyAttempts

FAILURES_PER_PAIR = 5
FAILURES_PER_NETWORK = 50
FAILURES_PER_USERNAME = 100  # The maximum of NIST SP 800-63B, 5.2.2, for consecutive failures.
SIGN_UPS_PER_NETWORK = 20
LOGINS_PER_USERNAME = 30
# The prefix lengths of the IPv6 networks that one party may control, with factors for the limit of
# a /64: several parties may share a wider network.
ALLOWANCES = {64: 1, 56: 2, 48: 4}


class Login(NamedTuple):
    """The keys that count a login which began at `at`.

    `pair` is the key of the user in this network; `shared` are keys that also count the attempts
    of others. `home` is the key to remember if the login succeeds, and `user` the key that counts
    successes.
    """

    at: datetime
    pair: str
    shared: tuple[str, ...]
    home: str
    user: str


class Throttle:
    """Admits attempts, or raises TooManyAttempts."""

    def __init__(self, attempts: AttemptStore) -> None:
        self._attempts = attempts

    async def begin_login(self, username: str, address: str, now: datetime) -> Login:
        """Count a login as failed, until `login_succeeded` is called.

        Call this before the password is verified.

        Raises:
            TooManyAttempts: there were too many failed or successful attempts; this one is not
                counted.
        """
        name, networks = fold_username(username), _networks(address)
        smallest = next(iter(networks))
        user, home = _key("logged in", name), _key("home", name, smallest)
        _raise_if(await self._attempts.wait(user, now, LOGINS_PER_USERNAME))
        limits: dict[str, int] = {}
        is_home = await self._attempts.remembers(home, now)
        if is_home:
            networks = {smallest: networks[smallest]}
        for network, times in networks.items():
            limits[_key("login", name, network)] = FAILURES_PER_PAIR * times
            limits[_key("login", network)] = FAILURES_PER_NETWORK * times
        if not is_home:
            limits[_key("user", name)] = FAILURES_PER_USERNAME
        pair, *shared = await self._begin(limits, now)
        return Login(now, pair, tuple(shared), home, user)

    async def login_succeeded(self, login: Login) -> None:
        """Clear the user's failures in this network and remember the address as known.

        From the shared counts, only this attempt is subtracted. Call this before anything is
        written that depends on the password.

        Raises:
            TooManyAttempts: concurrent logins of the user succeeded, which are too many with this
                one.
        """
        await self._attempts.clear(login.pair)
        await self._take_back(login.shared, login.at)
        _raise_if(await self._attempts.succeed(login.user, login.at, LOGINS_PER_USERNAME))
        await self._attempts.remember(login.home, login.at)

    async def signed_up(self, username: str, address: str, now: datetime) -> None:
        """Remember the address as known for the user."""
        home = _key("home", fold_username(username), next(iter(_networks(address))))
        await self._attempts.remember(home, now)

    async def begin_sign_up(self, address: str, now: datetime) -> None:
        """Count a sign-up.

        Raises:
            TooManyAttempts: there were too many from this address or its networks.
        """
        limits = {
            _key("sign-up", network): SIGN_UPS_PER_NETWORK * times
            for network, times in _networks(address).items()
        }
        await self._begin(limits, now)

    async def _begin(self, limits: Mapping[str, int], now: datetime) -> list[str]:
        """Count an attempt by all keys, or by none if one of them is blocked; returns the keys."""
        counted: list[str] = []
        for key, free in limits.items():
            if seconds := await self._attempts.begin(key, now, free):
                await self._take_back(counted, now)
                raise TooManyAttempts(seconds)
            counted.append(key)
        return counted

    async def _take_back(self, keys: Iterable[str], began_at: datetime) -> None:
        for key in keys:
            await self._attempts.take_back(key, began_at)


def _raise_if(seconds: int) -> None:
    if seconds:
        raise TooManyAttempts(seconds)


def _key(*parts: str) -> str:
    """Return a key of fixed length that reveals no address or username."""
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def _networks(address: str) -> Mapping[str, int]:
    """Return the networks that one party may control, the smallest first, with their allowances.

    Of an IPv4 address, this is the address itself.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return {address: 1}
    if isinstance(parsed, ipaddress.IPv4Address):
        return {str(parsed): 1}
    if parsed.ipv4_mapped:
        return {str(parsed.ipv4_mapped): 1}
    return {
        str(ipaddress.ip_network((int(parsed), length), strict=False)): times
        for length, times in ALLOWANCES.items()
    }
