"""The files that were derived from an upload: their keys, and how to delete them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from gql_api.domain.bucket import Bucket
from gql_api.domain.processing import FACTS_NAME, derived_file, file_name, folder
from gql_api.domain.uploads import Upload

# More than there can be, unless an upload's object was replaced hundreds of times.
_LISTED = 1000


class DerivedFiles:
    """Locates and deletes the derived files of single uploads."""

    def __init__(self, bucket: Bucket, renditions_prefix: str) -> None:
        self._bucket = bucket
        self._prefix = renditions_prefix

    def current_folder(self, upload: Upload) -> str | None:
        """Return the folder of what is derived from the recorded object; None if there is none."""
        if not upload.status.stored or upload.etag is None:
            return None
        return folder(self._prefix, *upload.name, upload.etag)

    async def delete_recorded(self, upload: Upload) -> None:
        """Delete the files that the record names; takes `calls_to_delete` calls.

        In a bucket with versions, deleting a file that does not exist would leave a marker.
        """
        known = upload.processing
        if known.etag is not None:
            place = folder(self._prefix, *upload.name, known.etag)
            names = (*(file_name(it.name) for it in known.renditions), FACTS_NAME)
            await self.delete(f"{place}/{name}" for name in names)

    async def delete_found(self, upload: Upload) -> None:
        """Delete all files of the upload: also those that came too late to be recorded."""
        await self.delete_in(f"{self._prefix}/{upload.owner_id}/{upload.id}")

    async def delete_in(self, place: str) -> None:
        """Delete all derived files in a folder, and in those within it."""
        listed = await self._bucket.list_objects(f"{place}/", "", _LISTED)
        keys = [entry.key for entry in listed]
        await self.delete(key for key in keys if derived_file(self._prefix, key) is not None)

    async def delete(self, keys: Iterable[str]) -> None:
        """Delete derived files, up to 1,000.

        The files of facts are deleted last, one by one: JuiceFS's gateway keeps and lists empty
        folders unless their last file was deleted by a call of its own.
        """
        facts: list[str] = []
        pictures: list[str] = []
        for key in keys:
            (facts if key.endswith(f"/{FACTS_NAME}") else pictures).append(key)
        await self._bucket.delete_all(pictures)
        await asyncio.gather(*map(self._bucket.delete, facts))


def calls_to_delete(upload: Upload) -> int:
    """Return how many calls to the storage `delete_recorded` takes: at most 2."""
    known = upload.processing
    return 0 if known.etag is None else 1 + bool(known.renditions)
