"""Serves the web client's files with the API. In production, use any static host or CDN."""

from __future__ import annotations

import stat
from pathlib import Path

from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

BUILD = Path(__file__).parents[1] / "client" / "web" / "dist"
_API = ("/graphql", "/health")
# The names of these files contain a hash of their content.
_FOREVER = "public, max-age=31536000, immutable"


def is_built() -> bool:
    """Return whether the web client has been built."""
    return (BUILD / "index.html").exists()


class Website:
    """An ASGI app that serves the web client's build, and passes API requests to `app`.

    The client routes its pages itself, so every path that is not a file returns index.html.
    `bucket_url` is the only other origin that pages may send requests to and load previews from.
    """

    def __init__(
        self, app: ASGIApp, build: Path, *, bucket_url: str | None, base_path: str = ""
    ) -> None:
        self._app = app
        self._files = StaticFiles(directory=build)
        self._build = build
        self._api = frozenset((*_API, *(f"{base_path}{path}" for path in _API)))
        self._security_headers = security_headers(bucket_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if is_read and scope["path"] not in self._api:
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
        response.headers.update(self._security_headers)
        await response(scope, receive, send)


def security_headers(bucket_url: str | None) -> dict[str, str]:
    """Return the headers of the web client's pages. CloudFront adds the same (template.yaml)."""
    return {
        "Content-Security-Policy": content_security_policy(bucket_url),
        "Referrer-Policy": "no-referrer",
        # Browsers ignore it over plain HTTP (RFC 6797, 8.1).
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }


def content_security_policy(bucket_url: str | None) -> str:
    """Return the policy for the web client's pages. Without a URL (AWS), any HTTPS host is allowed.

    The hosts of AWS buckets depend on the region and the bucket's name.
    """
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
