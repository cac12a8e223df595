"""Storage events: the bucket reports that an object was created.

The object is an upload's, or a file that the media function derived from one. An event is not
trusted: it only triggers a check of the bucket, which is skipped if the event concerns an object
that was checked already. `storage_notices` knows the forms of events.
"""

from __future__ import annotations

from gql_api.domain.outbox import RelayQueue
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import FACTS_NAME, derived_file
from gql_api.domain.read_queue import READ_AT_ONCE_MAX_BYTES, ReadQueue
from gql_api.domain.uploads import upload_name_of
from gql_api.services.media import MediaService
from gql_api.services.settling import SettlingService
from gql_api.services.storage_notices import read_event


class UnknownEvent(ValueError):
    """The event, or a part of it, has a form that the service does not know."""


class StorageEventService:
    """Settles the uploads that storage events name, and has their media processed."""

    def __init__(
        self,
        *,
        settling: SettlingService,
        reads: ReadQueue,
        media: MediaService,
        bucket_name: str,
        policy: UploadPolicy,
        relay_queue: RelayQueue,
    ) -> None:
        self._settling = settling
        self._reads = reads
        self._media = media
        self._bucket_name = bucket_name
        self._policy = policy
        self._relay_queue = relay_queue

    async def handle(self, event: object) -> int:
        """Settle every upload whose object was created according to the event.

        Large objects whose checksum the bucket does not report are read later, separately. Stored
        media are sent to the media function, and the facts that it has written are recorded.

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
            await self._handle(key, etag)
        if reading.unknown:
            raise UnknownEvent(f"{reading.unknown} records of the event have an unknown form.")
        return len(etags)

    async def _handle(self, key: str, etag: str | None) -> None:
        derived = derived_file(self._policy.renditions_prefix, key)
        if derived is None:
            await self._settle(key, etag)
        elif derived.name == FACTS_NAME:
            await self._media.record(derived)

    async def _settle(self, key: str, etag: str | None) -> None:
        name = upload_name_of(self._policy.key_prefix, key)
        if name is None or self._settling.recent.has(key, etag):
            return
        settlement = await self._settling.settle_object(
            name, key, etag, read_max_bytes=READ_AT_ONCE_MAX_BYTES
        )
        if settlement is None:
            return
        # Another process may have stored it, and left its event to this one.
        await self._relay_queue.send([name])
        if settlement.unread:
            await self._reads.send(key)
        else:
            await self._media.request(settlement.upload)
