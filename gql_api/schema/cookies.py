"""The cookie that carries the refresh token of a browser."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

NAME = "refresh_token"
PATH = "/graphql"


class RefreshCookie:
    """The refresh token's cookie: as the request brought it, and as the answer sets it.

    Scripts of the page can't read it (HttpOnly), other sites can't make the browser send it
    (SameSite=Strict), and it goes to the API's path only.
    """

    def __init__(
        self, request: Request, response: Response, *, ttl_seconds: int, secure: bool
    ) -> None:
        self._response = response
        self._ttl_seconds = ttl_seconds
        self._secure = secure
        self.token: str | None = request.cookies.get(NAME) or None
        self.used = False

    def use(self) -> str | None:
        """The token that the request brought, noting that the call lives by it."""
        self.used = True
        return self.token

    def set(self, token: str) -> None:
        """Let the browser keep the token for as long as it lives without use."""
        self._send(token, self._ttl_seconds)

    def clear(self) -> None:
        """Let the browser forget its token, if it sent one."""
        if self.token is not None:
            self._send("", 0)

    def _send(self, value: str, max_age_seconds: int) -> None:
        self._response.set_cookie(
            NAME,
            value,
            max_age=max_age_seconds,
            path=PATH,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
