"""Presigned requests to the bucket, and the port that signs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.uploads import Checksum


class PresignedRequest(NamedTuple):
    """A request that anyone may send to the bucket, unchanged, until it expires.

    `headers` must be set explicitly. Host and Content-Length are signed as well, but every HTTP
    client sends them itself, and browsers do not allow scripts to set them.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    expires_at: datetime


class Presigner(Protocol):
    """Signs requests to the bucket without contacting it. No request outlives the credentials.

    An adapter raises only for wrong use or wrong settings, such as credentials that have expired.
    """

    def put_object(
        self,
        key: str,
        size_bytes: int,
        content_type: str,
        checksum: Checksum | None,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        """Sign a PUT of the whole object that does not overwrite (`If-None-Match: *`)."""
        ...

    def upload_parts(
        self,
        key: str,
        multipart_id: str,
        parts: Iterable[tuple[int, int, str | None]],
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> Sequence[PresignedRequest]:
        """Sign PUTs of parts, given as number, size in bytes and SHA-256 in Base64 or None."""
        ...

    def get_object(
        self,
        key: str,
        content_type: str,
        content_disposition: str,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        """Sign a GET of the object whose response has these two headers and is not cached."""
        ...

    def get_rendition(self, key: str, content_type: str, *, at: datetime) -> PresignedRequest:
        """Sign a GET whose response has this type, and may be cached by the browser for an hour.

        The URL is the same for up to an hour while the credentials stay the same. It is valid for
        at least one more hour, if the credentials are.
        """
        ...
