"""Requests to the bucket signed in advance, and the port that signs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gql_api.domain.uploads import Checksum


@dataclass(frozen=True, slots=True)
class PresignedRequest:
    """A request that the bucket takes from anybody who sends it exactly so, until it expires.

    `headers` are those to set by hand. Host and Content-Length are signed as well, but every HTTP
    client sends them by itself, and a browser lets nobody set them.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    expires_at: datetime


class Presigner(Protocol):
    """Signs requests to the bucket without asking it. None outlives the credentials."""

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
        """A PUT of the whole object; it does not overwrite (`If-None-Match: *`)."""
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
        """PUTs of parts, each given as number, size in bytes and Base64 SHA-256 or None."""
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
        """A GET of the object, answered with these two headers."""
        ...
