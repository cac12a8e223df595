"""The web client's files, beside the API. In production any static host or CDN serves them."""

from __future__ import annotations

import stat
from pathlib import Path

from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

BUILD = Path(__file__).parents[1] / "client" / "web" / "dist"
_API = frozenset({"/graphql", "/health"})
# Vite writes a hash of the content into the names of these files.
_FOREVER = "public, max-age=31536000, immutable"


def is_built() -> bool:
    """Whether there is a web client to serve."""
    return (BUILD / "index.html").exists()


class Website:
    """An ASGI app that serves the web client's build, and leaves the rest to `app`.

    Its pages are routes inside the client, so every path that is no file is answered with
    index.html. `bucket_url` is the only other origin that pages may talk to, and load previews
    from.
    """

    def __init__(self, app: ASGIApp, build: Path, *, bucket_url: str | None) -> None:
        self._app = app
        self._files = StaticFiles(directory=build)
        self._build = build
        self._policy = content_security_policy(bucket_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if visit and scope["path"] not in _API:
            await self._send_file(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _send_file(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].strip("/")
        _, found = self._files.lookup_path(path)
        is_file = found is not None and stat.S_ISREG(found.st_mode)
        response = await self._files.get_response(path if is_file else "index.html", scope)
        hashed = is_file and path.startswith("assets/")
        response.headers["Cache-Control"] = _FOREVER if hashed else "no-cache"
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        await response(scope, receive, send)


def content_security_policy(bucket_url: str | None) -> str:
    """The policy of the web client's pages; a real bucket of AWS is any host under HTTPS."""
    bucket = bucket_url or "https:"
    return "; ".join(
        (
            "default-src 'self'",
            f"connect-src 'self' {bucket}",
            f"img-src 'self' blob: data: {bucket}",
            f"media-src 'self' blob: {bucket}",
            "font-src 'self' data:",
            "style-src 'self' 'unsafe-inline'",
            "script-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
