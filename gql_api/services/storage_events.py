"""Storage events: the bucket reports that an object was created.

An event is not trusted: it only triggers a check of the bucket, which is skipped if the event
concerns an object that was checked already. `storage_notices` knows the forms of events.
"""

from __future__ import annotations

from gql_api.domain.read_queue import READ_AT_ONCE_MAX_BYTES, ReadQueue
from gql_api.domain.uploads import upload_name_of
from gql_api.services.settling import SettlingService
from gql_api.services.storage_notices import read_event


class UnknownEvent(ValueError):
    """The event, or a part of it, has a form that the service does not know."""


class StorageEventService:
    """Settles the uploads that storage events name."""

    def __init__(
        self, *, settling: SettlingService, reads: ReadQueue, bucket_name: str, key_prefix: str
    ) -> None:
        self._settling = settling
        self._reads = reads
        self._bucket_name = bucket_name
        self._key_prefix = key_prefix

    async def handle(self, event: object) -> int:
        """Settle every upload whose object was created according to the event.

        Large objects whose checksum the bucket does not report are read later, separately.

        Returns how many objects of the bucket the event names. Other buckets, keys and types of
        events are ignored.

        Raises:
            UnknownEvent: a record has an unknown form. All others have been handled.
        """
        reading = read_event(event)
        etags: dict[str, str | None] = {}
        for notice in reading.notices:
            if notice.bucket == self._bucket_name:
                # If two objects were created under one key, either may be the current one.
                same = etags.get(notice.key, notice.etag) == notice.etag
                etags[notice.key] = notice.etag if same else None
        for key, etag in etags.items():
            await self._settle(key, etag)
        if reading.unknown:
            raise UnknownEvent(f"{reading.unknown} records of the event have an unknown form.")
        return len(etags)

    async def _settle(self, key: str, etag: str | None) -> None:
        name = upload_name_of(self._key_prefix, key)
        if name is None or self._settling.recent.has(key, etag):
            return
        settlement = await self._settling.settle_object(
            name, key, etag, read_max_bytes=READ_AT_ONCE_MAX_BYTES
        )
        if settlement is not None and settlement.unread:
            await self._reads.send(key)
