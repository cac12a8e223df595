"""Serves the web client's files with the API. In production, use any static host or CDN."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

BUILD = Path(__file__).parents[1] / "client" / "web" / "dist"
_INDEX = "/index.html"
_API = ("/graphql", "/health")
# The names of these files contain a hash of their content.
_HASHED = "/assets/"
_FOREVER = "public, max-age=31536000, immutable"
_PAGE = re.compile(r"/[\w/~-]{0,200}")
# Written by client/web/precompress.ts beside each file, smallest first.
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
# The script in client/web/index.html, which sets the theme before the first paint. A test compares.
_INLINE_SCRIPT = "'sha256-VJQ1SmkOMlTp2uK0LzglxUIJyUrtJAKSEsa7fIC3KKo='"
_ZERO = re.compile(r"q=0(\.0{0,3})?")
_NOT_PUBLIC = (*_ENCODINGS.values(), ".map")


def is_built() -> bool:
    """Return whether the web client has been built."""
    return (BUILD / "index.html").exists()


class Website:
    """An ASGI app that serves the web client's build, and passes API requests to `app`.

    The client routes its pages itself, so every path of a page returns index.html. Files are found
    in a list of the build, so no path of a client reaches the file system.
    `bucket_url` is the only other origin that pages may load previews from; they may also send
    requests to `issuers`, the URLs of OpenID Connect issuers.
    """

    def __init__(
        self,
        app: ASGIApp,
        build: Path,
        *,
        bucket_url: str | None,
        base_path: str = "",
        issuers: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._responses = StaticFiles(directory=build)
        self._build = build
        self._built_at = 0
        self._files: Mapping[str, Path] = {}
        self._api = frozenset((*_API, *(f"{base_path}{path}" for path in _API)))
        self._security_headers = security_headers(bucket_url, issuers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if is_read and scope["path"] not in self._api:
            try:
                response = self._response(scope)
            except FileNotFoundError:  # The build is being replaced at this moment.
                response = _not_found()
            response.headers.update(self._security_headers)
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _response(self, scope: Scope) -> Response:
        self._list_files()
        path = scope["path"]
        if path not in self._files:
            if not _PAGE.fullmatch(path):
                return _not_found()
            path = _INDEX
        file = self._files[path]
        encoding = _encoding(file, Headers(scope=scope).get("accept-encoding", ""))
        sent = file if encoding is None else _encoded(file, encoding)
        # Responds with 304 if the client has this file: each encoding has its own ETag.
        response = self._responses.file_response(sent, os.stat(sent), scope)
        if encoding is not None and response.status_code != 304:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = _FOREVER if path.startswith(_HASHED) else "no-cache"
        return response

    def _list_files(self) -> None:
        """List the files of the build, again if it has changed since."""
        built_at = (self._build / "index.html").stat().st_mtime_ns
        if built_at != self._built_at:
            self._files = public_files(self._build)
            self._built_at = built_at


def _not_found() -> Response:
    return PlainTextResponse("Not Found", 404, {"Cache-Control": "no-cache"})


def public_files(build: Path) -> Mapping[str, Path]:
    """Return the files that clients may get, by path. Others are for tools, such as .vite/."""
    files = {f"/{path.relative_to(build).as_posix()}": path for path in sorted(build.rglob("*"))}
    return {
        path: file
        for path, file in files.items()
        if file.is_file() and "/." not in path and file.suffix not in _NOT_PUBLIC
    }


def _encoding(file: Path, accepted: str) -> str | None:
    """Return the best encoding that the client accepts and the build has; None for none.

    Only files are compressed, never responses of the API: those contain tokens and signed URLs next
    to text that others may choose, such as filenames, and the compressed length would tell how
    similar they are (BREACH).
    """
    qualities: dict[str, str] = {}
    for entry in accepted.lower().split(","):
        name, _, parameter = entry.partition(";")
        qualities[name.strip()] = parameter.replace(" ", "")
    for encoding in _ENCODINGS:
        wanted = encoding in qualities and not _ZERO.fullmatch(qualities[encoding])
        if wanted and _encoded(file, encoding).is_file():
            return encoding
    return None


def _encoded(file: Path, encoding: str) -> Path:
    return file.with_name(file.name + _ENCODINGS[encoding])


def security_headers(bucket_url: str | None, issuers: Sequence[str] = ()) -> dict[str, str]:
    """Return the headers of the web client's pages. CloudFront adds the same (template.yaml)."""
    return {
        "Content-Security-Policy": content_security_policy(bucket_url, issuers),
        "Referrer-Policy": "no-referrer",
        # Browsers ignore it over plain HTTP (RFC 6797, 8.1).
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }


def content_security_policy(bucket_url: str | None, issuers: Sequence[str] = ()) -> str:
    """Return the policy for the web client's pages. Without a URL (AWS), any HTTPS host is allowed.

    The hosts of AWS buckets depend on the region and the bucket's name.
    """
    bucket = bucket_url or "https:"
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("connect-src 'self'", bucket, *map(_origin, issuers))),
            f"img-src 'self' blob: data: {bucket}",
            f"media-src 'self' blob: {bucket}",
            "font-src 'self' data:",
            "style-src 'self' 'unsafe-inline'",
            f"script-src 'self' {_INLINE_SCRIPT}",
            "worker-src 'self' blob:",
            # The browser's own PDF viewer.
            f"frame-src {bucket}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
