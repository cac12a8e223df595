"""Looks at the objects of uploads and deletes them, one call at a time for each upload.

The files that were derived from an object go with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakValueDictionary

from gql_api.domain.bucket import Bucket
from gql_api.domain.processing import NOT_PROCESSED
from gql_api.domain.uploads import ObjectFacts, Upload, missing_parts
from gql_api.services.derived_files import DerivedFiles, calls_to_delete
from gql_api.services.evidence import Evidence


class Look(NamedTuple):
    """The facts of an upload's object, or the numbers of the parts that the bucket lacks."""

    facts: ObjectFacts | None
    missing: Sequence[int]


def calls_to_clear(upload: Upload) -> int:
    """Return the most calls to the storage that `Looks.clear` takes for the upload: at most 4."""
    return 1 + (upload.multipart_id is not None) + calls_to_delete(upload)


class Looks:
    """Asks the bucket about uploads, assembles their parts, and deletes their bytes."""

    def __init__(self, bucket: Bucket, evidence: Evidence, renditions_prefix: str) -> None:
        self._bucket = bucket
        self._evidence = evidence
        self.derived = DerivedFiles(bucket, renditions_prefix)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def look(self, upload: Upload) -> Look:
        """Ask the bucket about a PENDING upload; assembles the parts if all have been received."""
        async with self._turn(upload):
            missing = await self._assemble(upload)
            facts = await self._evidence.facts(upload)
        return Look(facts, missing if facts is None else ())

    async def clear(self, upload: Upload, found: bool = True) -> None:
        """Delete the upload's parts and, unless `found` is False, its object and derived files.

        Takes at most `calls_to_clear` calls.
        """
        async with self._turn(upload):
            await self._clear(upload, found)
            if found:
                await self.derived.delete_recorded(upload)

    async def clear_again(self, upload: Upload) -> None:
        """Delete what arrived after the upload was closed, or what was left of it then."""
        async with self._turn(upload):
            await self._clear(upload, found=True)
            if upload.processing != NOT_PROCESSED:
                await self.derived.delete_found(upload)

    async def _clear(self, upload: Upload, found: bool) -> None:
        if upload.multipart_id is not None:
            await self._bucket.abort_multipart(upload.key, upload.multipart_id)
        if found:
            await self._bucket.delete(upload.key)

    async def _assemble(self, upload: Upload) -> Sequence[int]:
        """Assemble the parts if all have been received; returns the numbers of the missing ones."""
        if upload.multipart_id is None:
            return range(1, upload.plan.count + 1)
        parts = await self._bucket.list_parts(upload.key, upload.multipart_id)
        if parts is None:
            return ()
        missing = missing_parts(upload.plan, {part.number: part.size_bytes for part in parts})
        if not missing:
            planned = [part for part in parts if part.number <= upload.plan.count]
            await self._bucket.complete_multipart(upload.key, upload.multipart_id, planned)
        return missing

    def _turn(self, upload: Upload) -> asyncio.Lock:
        """Return a lock that serializes assembling and clearing of an upload in this process.

        S3 itself does not need it. JuiceFS's gateway does: if two requests complete the same
        multipart upload, one fails, and the object is visible before it has its content type.
        """
        return self._turns.setdefault(upload.id, asyncio.Lock())
