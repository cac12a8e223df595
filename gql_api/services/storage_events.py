"""Storage events: the bucket reports that an object was created.

The format is that of Amazon S3 ("Event message structure" in the S3 User Guide). MinIO sends the
same format with `s3:` before the event's name. An event is not trusted: it only triggers a check of
the bucket, which is skipped if the event concerns an object that was checked already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from gql_api.domain.uploads import upload_name_of
from gql_api.services.settling import SettlingService


class StorageEventService:
    """Settles the uploads that storage events name."""

    def __init__(self, *, settling: SettlingService, bucket_name: str, key_prefix: str) -> None:
        self._settling = settling
        self._bucket_name = bucket_name
        self._key_prefix = key_prefix

    async def handle(self, event: Mapping[str, Any]) -> int:
        """Settle every upload whose object was created according to the event.

        Returns how many objects the event names. Records for other buckets, keys and event types
        are ignored. So are malformed records: a redelivery would be malformed, too.
        """
        etags: dict[str, str | None] = {}
        for key, etag in self._created(event):
            # If two objects were created under one key, either may be the current one.
            etags[key] = etag if etags.get(key, etag) == etag else None
        for key, etag in etags.items():
            name = upload_name_of(self._key_prefix, key)
            if name is not None:
                await self._settling.settle_object(name, key, etag)
        return len(etags)

    def _created(self, event: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
        """Yield the key and the ETag of each object that was created."""
        records = event.get("Records")
        for record in records if isinstance(records, list) else ():
            match record:
                case {
                    "eventName": str(name),
                    "s3": {
                        "bucket": {"name": self._bucket_name},
                        "object": {"key": str(key)} as it,
                    },
                } if name.removeprefix("s3:").startswith("ObjectCreated:"):
                    etag = it.get("eTag")
                    yield unquote_plus(key), etag if isinstance(etag, str) else None
