"""The limits that an operator sets, as the services see them."""

from __future__ import annotations

from dataclasses import dataclass

from gql_api.domain.parts import GIB, MIB


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    """What is accepted and for how long. Sizes in bytes, times in seconds; no quota is None.

    `checksum_read_max_bytes` bounds what is read back to verify a declared checksum where the
    bucket reports none; larger files can't declare one. `key_prefix` has no slash at its ends.
    `check_file_types`: whether names and first bytes have to fit the declared type.
    """

    max_upload_bytes: int = 5 * 1024 * GIB
    single_part_max_bytes: int = 16 * MIB
    quota_bytes: int | None = 100 * GIB
    content_types: tuple[str, ...] = ("*/*",)
    url_ttl_seconds: int = 900
    pending_ttl_seconds: int = 7 * 86_400
    checksum_read_max_bytes: int = 5 * GIB
    key_prefix: str = "uploads"
    check_file_types: bool = False


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How long tokens live, in seconds.

    A refresh token dies after `refresh_ttl_seconds` without use, a session after
    `session_max_seconds` whatever happens.
    """

    access_ttl_seconds: int = 900
    refresh_ttl_seconds: int = 30 * 86_400
    session_max_seconds: int = 180 * 86_400
