"""The cookie that carries the refresh token of a browser."""

from __future__ import annotations

from starlette.responses import Response

NAME = "refresh_token"
PATH = "/graphql"


class RefreshCookie:
    """The refresh token's cookie: as the request brought it, and as the answer sets it.

    Scripts of the page can't read it (HttpOnly), other sites can't make the browser send it
    (SameSite=Strict), and it goes to the API's path only.
    """

    def __init__(self, token: str | None, *, ttl_seconds: int, secure: bool) -> None:
        self.token = token
        self.used = False
        self._ttl_seconds = ttl_seconds
        self._secure = secure
        self._changes: list[tuple[str, int]] = []

    def use(self) -> str | None:
        """The token that the request brought, noting that the call lives by it."""
        self.used = True
        return self.token

    def set(self, token: str) -> None:
        """Let the browser keep the token for as long as it lives without use."""
        self._changes.append((token, self._ttl_seconds))

    def clear(self) -> None:
        """Let the browser forget its token, if it sent one."""
        if self.token is not None:
            self._changes.append(("", 0))

    def put_into(self, response: Response) -> None:
        """Let the answer say what has become of the cookie."""
        for value, max_age_seconds in self._changes:
            response.set_cookie(
                NAME,
                value,
                max_age=max_age_seconds,
                path=PATH,
                secure=self._secure,
                httponly=True,
                samesite="strict",
            )
