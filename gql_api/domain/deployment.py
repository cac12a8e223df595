"""What a deployment records about itself: its release, its identity, and its store's traits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.uploads import ChecksumAlgorithm

# The number of the newest set of indexes and migrations. This code works with databases that
# `python -m gql_api.admin prepare` has brought to this release or to a later one.
RELEASE = 4


class StoreTraits(NamedTuple):
    """What the probe saw the store do. The service relies on nothing else.

    `verifies_checksums`: it refuses an object whose `x-amz-checksum-sha256` is wrong.
    `conditional_writes`: it honors `If-None-Match`. `lists_parts` and `lists_multiparts`: it lists
    parts and multipart uploads. `keeps_content_types`: it returns the content type that was sent.
    `refuses_unsigned_headers`: it refuses `x-amz-*` headers that the signature does not cover.
    `verifies_crc64nvme`: it computes the CRC-64/NVME of an object itself, in one part or in
    several, and reports it.
    """

    verifies_checksums: bool
    conditional_writes: bool
    lists_parts: bool
    lists_multiparts: bool
    keeps_content_types: bool
    refuses_unsigned_headers: bool
    verifies_crc64nvme: bool


class Deployment(NamedTuple):
    """The record of a deployment in its database.

    `release`: the number of the newest set of indexes and migrations that was applied; 0 if none
    was. `identity`: a random text; unknown objects are deleted only while the bucket carries the
    same one; `renewed_at` is when it was last replaced, and `next_identity` is set while it is
    being replaced. `traits` is None if the store was never probed; the service then relies on none
    of them.
    """

    release: int = 0
    identity: str | None = None
    traits: StoreTraits | None = None
    next_identity: str | None = None
    renewed_at: datetime | None = None

    @property
    def checksum_algorithms(self) -> tuple[ChecksumAlgorithm, ...]:
        """The algorithms of checksums that clients can declare.

        SHA-256 works with any store, because the object can be read back.
        """
        if self.traits is None or not self.traits.verifies_crc64nvme:
            return (ChecksumAlgorithm.SHA256,)
        return (ChecksumAlgorithm.SHA256, ChecksumAlgorithm.CRC64NVME)


class Deployments(Protocol):
    """Stores the record of the deployment."""

    async def read(self) -> Deployment:
        """Return the record; an empty one if there is none."""
        ...

    async def record_release(self, release: int) -> None:
        """Record that this release's indexes and migrations were applied; never lowers it."""
        ...

    async def record_traits(self, traits: StoreTraits) -> None:
        """Record what the store was seen to do."""
        ...

    async def claim_identity(self, identity: str) -> str:
        """Record the identity unless there is one already; returns the recorded one."""
        ...

    async def replace_identity(self, identity: str) -> None:
        """Record the identity in place of any earlier one."""
        ...

    async def begin_renewal(self, identity: str, next_identity: str) -> str | None:
        """Record the identity that will replace `identity`, unless one is recorded already.

        Returns the recorded next identity; None if `identity` is no longer the current one.
        """
        ...

    async def finish_renewal(self, next_identity: str, at: datetime) -> None:
        """Make `next_identity` the current identity, if it is still the next one."""
        ...

    async def is_unused(self) -> bool:
        """Return whether the database has neither users nor uploads."""
        ...


Tell = Callable[[str], None]
"""Shows one line of progress to an operator."""


class Schema(Protocol):
    """The indexes and migrations of the database."""

    async def apply(self, since: int, tell: Tell) -> None:
        """Create missing indexes and run the migrations after release `since`.

        Has no time limit. Safe to repeat and to run concurrently.
        """
        ...
