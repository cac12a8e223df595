"""The limits that an operator sets for the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple, TypeAlias

from gql_api.domain.parts import GIB, MIB
from gql_api.domain.processing import NOT_PROCESSED, TO_PROCESS, Processing, is_media
from gql_api.domain.uploads import Upload

IpAddress: TypeAlias = IPv4Address | IPv6Address
IpNetwork: TypeAlias = IPv4Network | IPv6Network

# How long a request that started in time may still be arriving after its URL has expired.
ARRIVAL_SECONDS = 3600


class UploadPolicy(NamedTuple):
    """Limits for uploads. Sizes are in bytes, times in seconds. A quota of None means no quota.

    `quota_bytes` and `quota_uploads` limit what each user may have at once.

    `checksum_read_max_bytes` limits the size of objects that are read to verify a declared checksum
    if the bucket reports none; larger files cannot declare one. `key_prefix` neither starts nor
    ends with a slash. `check_file_types`: whether the filename and the first bytes must match the
    declared type. If `single_part_max_bytes` is 0, every upload is a multipart upload. Uploads are
    deleted after `trash_ttl_seconds` in the trash. `process_media`: whether facts and renditions
    are derived from media. Deleted uploads stay in the feed of changes for `changes_kept_days`.
    """

    max_upload_bytes: int = 5 * 1024 * GIB
    single_part_max_bytes: int = 16 * MIB
    quota_bytes: int | None = 100 * GIB
    quota_uploads: int | None = 1_000_000
    content_types: tuple[str, ...] = ("*/*",)
    url_ttl_seconds: int = 900
    pending_ttl_seconds: int = 7 * 86_400
    trash_ttl_seconds: int = 30 * 86_400
    checksum_read_max_bytes: int = 5 * GIB
    key_prefix: str = "uploads"
    check_file_types: bool = False
    process_media: bool = False
    changes_kept_days: int = 30

    @property
    def renditions_prefix(self) -> str:
        """The key prefix of files that are derived from uploads; differs for each `key_prefix`."""
        own = self.key_prefix
        return "renditions" if own == "uploads" else f"{own}-renditions"

    def first_processing(self, upload: Upload) -> Processing:
        """Return what is recorded when the upload's object is found in the bucket."""
        wanted = self.process_media and is_media(upload.content_type, upload.size_bytes)
        return TO_PROCESS if wanted else NOT_PROCESSED

    def last_arrival(self, signed_at: datetime) -> datetime:
        """Return the time after which no request that was signed at `signed_at` delivers bytes."""
        return signed_at + timedelta(seconds=self.url_ttl_seconds + ARRIVAL_SECONDS)

    def trash_ends_at(self, trashed_at: datetime) -> datetime:
        """Return when an upload that was moved to the trash at `trashed_at` is deleted for good."""
        return trashed_at + timedelta(seconds=self.trash_ttl_seconds)

    def tombstone_ends_at(self, deleted_at: datetime) -> datetime:
        """Return when an upload that was deleted at `deleted_at` leaves the feed of changes."""
        return deleted_at + timedelta(days=self.changes_kept_days)


class SessionPolicy(NamedTuple):
    """Lifetimes of tokens, in seconds.

    A refresh token expires after `refresh_ttl_seconds` without use, a session after
    `session_max_seconds` in any case.
    """

    access_ttl_seconds: int = 900
    refresh_ttl_seconds: int = 30 * 86_400
    session_max_seconds: int = 180 * 86_400


class ProxyPolicy(NamedTuple):
    """The proxy in front of the service, and how a request proves that it came through it.

    `header`: the lower-case name of the header in which the proxy passes the client's address; None
    if there is no proxy. `secrets`: the proxy adds one of these values to each request; empty if it
    adds none. `networks`: the addresses that the proxy connects from; empty if they are unknown.
    """

    header: str | None = None
    secrets: tuple[str, ...] = ()
    networks: tuple[IpNetwork, ...] = ()

    def __repr__(self) -> str:
        """Show no secret."""
        return f"ProxyPolicy({self.header!r}, networks={self.networks!r})"
