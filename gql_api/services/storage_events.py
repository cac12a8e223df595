"""Storage events: the bucket says that an object has been created.

The format is that of Amazon S3 ("Event message structure" in the S3 User Guide), which MinIO
sends as well, with `s3:` before the event's name. Nothing in an event is believed but that it is
worth a look at the bucket, and that it is not where it tells of what was looked at already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from gql_api.domain.uploads import upload_id_of
from gql_api.services.settling import SettlingService


class StorageEventService:
    """Settles what storage events name."""

    def __init__(self, *, settling: SettlingService, bucket_name: str, key_prefix: str) -> None:
        self._settling = settling
        self._bucket_name = bucket_name
        self._key_prefix = key_prefix

    async def handle(self, event: Mapping[str, Any]) -> int:
        """Settle every upload whose object the event says was created; how many it named.

        Records of other buckets, keys and kinds are passed over, as is anything malformed: it
        would be malformed at the next delivery, too.
        """
        etags: dict[str, str | None] = {}
        for key, etag in self._created(event):
            # Of two objects under one key, either may be the one that is there.
            etags[key] = etag if etags.get(key, etag) == etag else None
        for key, etag in etags.items():
            upload_id = upload_id_of(self._key_prefix, key)
            if upload_id is not None:
                await self._settling.settle_object(upload_id, key, etag)
        return len(etags)

    def _created(self, event: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
        """Key and ETag of each object that was created."""
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
