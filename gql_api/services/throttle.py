"""How often somebody may fail to log in, or sign up, before he has to wait.

Failed logins are counted by username and address together, by address, and by username. The last
is for guesses that come from many addresses. It slows only those at which the user has not been
lately, since otherwise strangers could lock the owner out of his account (OWASP ASVS 5.0, 6.1.1).
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
FAILURES_PER_USERNAME = 100  # the most that NIST SP 800-63B, 5.2.2, allows in a row
SIGN_UPS_PER_ADDRESS = 20


@dataclass(frozen=True, slots=True)
class Login:
    """A login that has begun at `at`: the keys that it is counted by.

    `pair` is the user at this address; `shared` are keys that others are counted by as well.
    `home` is what is remembered when it succeeds.
    """

    at: datetime
    pair: str
    shared: tuple[str, ...]
    home: str


class Throttle:
    """Lets attempts begin, or raises TooManyAttempts."""

    def __init__(self, attempts: AttemptStore) -> None:
        self._attempts = attempts

    async def begin_login(self, username: str, address: str, now: datetime) -> Login:
        """Count a login as failed until `login_succeeded` says otherwise.

        Raises:
            TooManyAttempts: there were too many failures; this attempt is not counted.
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
        """Forget the user's failures at this address, and remember that he is at home there.

        Of what others are counted by as well, only this one attempt is taken back.
        """
        await self._attempts.clear(login.pair)
        await self._take_back(login.shared, login.at)
        await self._attempts.remember(login.home, login.at)

    async def signed_up(self, username: str, address: str, now: datetime) -> None:
        """Remember that the user is at home at this address."""
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
