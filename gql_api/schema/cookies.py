"""The cookie that carries a browser's refresh token."""

from __future__ import annotations

from starlette.responses import Response

NAME = "refresh_token"
PATH = "/graphql"


class RefreshCookie:
    """The refresh token's cookie, as received with the request and as set by the response.

    Scripts cannot read it (HttpOnly), other sites cannot make the browser send it
    (SameSite=Strict), and the browser sends it only to the API's path.
    """

    def __init__(
        self, token: str | None, *, ttl_seconds: int, secure: bool, base_path: str
    ) -> None:
        self.token = token
        self.used = False
        self._ttl_seconds = ttl_seconds
        self._secure = secure
        self._path = f"{base_path}{PATH}"
        self._changes: list[tuple[str, int]] = []

    def use(self) -> str | None:
        """Return the token of the request and note that the operation relies on it."""
        self.used = True
        return self.token

    def set(self, token: str) -> None:
        """Have the browser keep the token for as long as it is valid without use."""
        self._changes.append((token, self._ttl_seconds))

    def clear(self) -> None:
        """Have the browser delete its token, if it sent one."""
        if self.token is not None:
            self._changes.append(("", 0))

    def put_into(self, response: Response) -> None:
        """Add the changes of the cookie to the response."""
        for value, max_age_seconds in self._changes:
            response.set_cookie(
                NAME,
                value,
                max_age=max_age_seconds,
                path=self._path,
                secure=self._secure,
                httponly=True,
                samesite="strict",
            )
