"""The cookie that carries a browser's refresh token."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import TypeVar

from gql_api.domain.errors import InvalidSession
from gql_api.domain.opaque_tokens import parse_refresh_token

PATH = "/graphql"
# Releases up to 0.2 set this name. The next release stops accepting it.
OLD_NAME = "refresh_token"
_TRIED_MOST = 10

T = TypeVar("T")


@lru_cache(maxsize=8)
def cookie_name(deployment: str, *, secure: bool) -> str:
    """Return the name of a deployment's cookie.

    Browsers accept a `__Secure-` cookie over HTTPS only. `__Host-` would keep subdomains from
    setting another one, but requires the path `/`. Cookies ignore ports, so two deployments on one
    host need different names.
    """
    tag = hashlib.sha256(deployment.encode()).hexdigest()[:8]
    return f"{'__Secure-' if secure else ''}{OLD_NAME}_{tag}"


class RefreshCookie:
    """The refresh token's cookie, as received with the request and as set by the response.

    Scripts cannot read it (HttpOnly), other sites cannot make the browser send it
    (SameSite=Strict), and the browser sends it only to the API's path. `headers` are the request's
    Cookie headers.
    """

    def __init__(
        self, headers: Iterable[str], *, name: str, ttl_seconds: int, secure: bool, base_path: str
    ) -> None:
        self.used = False
        self._headers = headers
        self._name = name
        self._ttl_seconds = ttl_seconds
        self._secure = secure
        self._path = f"{base_path}{PATH}"
        self._changes: list[tuple[str, str, int]] = []

    @cached_property
    def tokens(self) -> list[str]:
        """The tokens of the request that may be valid.

        A subdomain can set a second cookie of the same name, and the browser sends both.
        """
        values = [value for name in (self._name, OLD_NAME) for value in self._received[name]]
        tokens = [value for value in dict.fromkeys(values) if parse_refresh_token(value)]
        return tokens[:_TRIED_MOST]

    @cached_property
    def _received(self) -> dict[str, list[str]]:
        """The values of the request's cookies, by name."""
        values: dict[str, list[str]] = {self._name: [], OLD_NAME: []}
        for pair in ";".join(self._headers).split(";"):
            name, _, value = pair.partition("=")
            if name.strip() in values:
                values[name.strip()].append(value.strip())
        return values

    async def exchange(self, refresh: Callable[[str], Awaitable[T]]) -> T:
        """Call `refresh` with the request's token, or with several until one is valid.

        Notes that the operation relies on the cookie.

        Raises:
            InvalidSession: no token is valid.
        """
        self.used = True
        for token in self.tokens:
            with suppress(InvalidSession):
                result = await refresh(token)
                self.spend(token)
                return result
        raise InvalidSession

    def spend(self, token: str) -> None:
        """Note that a token of the request was this deployment's and is no longer valid.

        Have the browser delete it if it is a cookie of the old name. Another such cookie may be
        another deployment's.
        """
        if token in self._received[OLD_NAME]:
            self._changes.append((OLD_NAME, "", 0))

    def set(self, token: str) -> None:
        """Have the browser keep the token for as long as it is valid without use."""
        self._changes.append((self._name, token, self._ttl_seconds))

    def clear(self) -> None:
        """Have the browser delete its token, if it sent one."""
        if self._received[self._name]:
            self._changes.append((self._name, "", 0))

    def response_headers(self) -> list[tuple[str, str]]:
        """Return a Set-Cookie field for each change (RFC 6265, 4.1). Tokens need no quotes."""
        attributes = f"Path={self._path}; HttpOnly; SameSite=strict"
        if self._secure:
            attributes += "; Secure"
        return [
            ("Set-Cookie", f"{name}={value}; Max-Age={max_age_seconds}; {attributes}")
            for name, value, max_age_seconds in self._changes
        ]
