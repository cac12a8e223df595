"""The deployment: whether its database is prepared, and whether its bucket belongs to it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from time import monotonic

from gql_api.domain.bucket import Bucket
from gql_api.domain.deployment import RELEASE, Deployment, Deployments
from gql_api.domain.errors import NotPrepared
from gql_api.domain.unknown_objects import UnknownObjects

_MARKER_MAX_BYTES = 100
_RENEWED_AFTER = timedelta(hours=1)
_UNPROBED_SECONDS = 60


def marker_key(key_prefix: str) -> str:
    """Return the key of the object that carries the bucket's identity; it is not an upload's."""
    return f".media-upload-service/{key_prefix}/identity"


class DeploymentService:
    """Reads the deployment's record, and gives database and bucket one identity.

    The bucket's identity is an object for each key prefix. A database that is empty, belongs to
    another environment, or was chosen by a mistyped name does not carry the same identity. The
    identity is renewed every hour, so that a database restored from a backup does not carry it
    either: it lacks the records of newer objects.
    """

    def __init__(
        self,
        *,
        deployments: Deployments,
        unknown_objects: UnknownObjects,
        bucket: Bucket,
        key_prefix: str,
    ) -> None:
        self._deployments = deployments
        self._unknown_objects = unknown_objects
        self._bucket = bucket
        self._key_prefix = key_prefix
        self._marker_key = marker_key(key_prefix)
        self._known: Deployment | None = None
        self._read_again_at = 0.0

    async def current(self) -> Deployment:
        """Return the deployment's record. Once it is complete, it is read only once per process.

        While the store has not been probed, the record is read again every minute: the probe may
        still be running, or the record may have been made by an earlier release.

        Raises:
            NotPrepared: the database is not prepared for this release.
        """
        known = self._known
        if known is None or (known.traits is None and monotonic() >= self._read_again_at):
            await self.refresh()
        if self._known is None:
            raise NotPrepared
        return self._known

    async def refresh(self) -> Deployment:
        """Read the record again and return it, even if the database is not prepared."""
        found = await self._deployments.read()
        self._read_again_at = monotonic() + _UNPROBED_SECONDS
        self._known = found if found.release >= RELEASE else None
        return found

    async def owns_bucket(self) -> bool:
        """Return whether database and bucket carry the same identity at this moment."""
        # Looks twice: between the two reads, another process may have replaced the identity.
        return await self._carry_the_same() or await self._carry_the_same()

    async def is_foreign(self) -> bool:
        """Return whether the database has an identity that the bucket does not carry.

        A database without one has never been used with this release's proof, so nothing is known.
        """
        return (await self.refresh()).identity is not None and not await self.owns_bucket()

    async def _carry_the_same(self) -> bool:
        marker = await self.marker()
        found = await self.refresh()
        return marker is not None and marker in (found.identity, found.next_identity)

    async def renew_identity(self, now: datetime) -> None:
        """Replace the identity if it is old; the caller has checked that the bucket carries it.

        Both the old and the next one count until the bucket carries the next one, so a crash at any
        point does no harm. Processes that do this concurrently agree on the next identity.
        """
        found = await self.refresh()
        recent = found.renewed_at is not None and now - found.renewed_at < _RENEWED_AFTER
        if found.identity is None or recent:
            return
        identity = await self._deployments.begin_renewal(found.identity, _new_identity())
        if identity is not None:
            await self._mark(identity)
            await self._deployments.finish_renewal(identity, now)

    async def marker(self) -> str | None:
        """Return the identity that the bucket carries; None if it carries none."""
        content = await self._bucket.read_small(self._marker_key, _MARKER_MAX_BYTES)
        return None if content is None else content.decode("utf-8", "replace")

    async def identify(self) -> bool:
        """Give an unused bucket and an unused database one identity.

        Returns whether both carry the same identity now. Safe to repeat and to run concurrently:
        the database decides which identity it is.
        """
        if await self.marker() is None and await self._both_unused():
            await self._mark(await self._deployments.claim_identity(_new_identity()))
        return await self.owns_bucket()

    async def adopt(self) -> str:
        """Give database and bucket a new identity, even if both are in use; returns it.

        Any other database that carried the bucket's identity no longer owns the bucket. Objects
        that were noted as unknown before must be seen twice again.
        """
        identity = _new_identity()
        await self._unknown_objects.clear()
        await self._deployments.replace_identity(identity)
        await self._mark(identity)
        await self.refresh()
        return identity

    async def _both_unused(self) -> bool:
        listed = await self._bucket.list_objects(f"{self._key_prefix}/", "", 1)
        return not listed and await self._deployments.is_unused()

    async def _mark(self, identity: str) -> None:
        await self._bucket.write_small(self._marker_key, identity.encode())


def _new_identity() -> str:
    return str(uuid.uuid4())
