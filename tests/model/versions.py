"""What versions and events must be, whatever has happened: checked after each step of the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gql_api.adapters.mongo.outbox import events_in
from gql_api.domain.uploads import Upload
from tests.services.relay_world import Sink


def visible(upload: Upload) -> tuple[object, ...]:
    """Return what clients see of an upload, except for its transfer."""
    known = upload.processing
    # An operator who has media processed again changes nothing that clients keep.
    facts = (known.etag, known.media, known.renditions)
    return upload.status, upload.filename, upload.tags, upload.etag, upload.trashed_at, facts


class Versions:
    """Remembers the last version of each upload, and compares it with the sink and the records."""

    def __init__(self) -> None:
        self.sink = Sink()
        self._seen: dict[str, Upload] = {}

    def check(self, records: Iterable[Upload], rows: Iterable[dict[str, Any]]) -> None:
        """Assert that each version has been handed over or waits, and never differs."""
        waiting = {row["_id"]: list(events_in(row)) for row in rows}
        there = set()
        for upload in records:
            there.add(upload.id)
            last = self._seen.get(upload.id, upload)
            assert last.version <= upload.version, (last, upload)
            if last.version == upload.version:
                assert visible(last) == visible(upload), (last, upload)
            self._seen[upload.id] = upload
        arrived = self.sink.first_of_each()
        for upload in self._seen.values():
            versions = [event.version for event in arrived.get(upload.id, [])]
            assert versions == sorted(versions), (upload, versions)
            known = {*versions, *(event.version for event in waiting.get(upload.id, []))}
            # A sweep may have deleted the upload and purged its tombstone in one step.
            last_version = upload.version if upload.id in there else max(known)
            assert known == set(range(2, last_version + 1)), (upload, versions)
            assert last_version >= upload.version

    def count(self) -> tuple[int, int]:
        """Return how many events have arrived, and how many of them for the first time."""
        first = sum(map(len, self.sink.first_of_each().values()))
        return len(self.sink.events), first
