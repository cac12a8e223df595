"""The two sides of a sync: a local folder, and the uploads whose names begin with a prefix."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from media_client.errors import Stopped
from media_client.library import pages
from media_client.models import OrderDirection, Upload, UploadOrderField, UploadStatus
from media_client.operations import UploadFilter
from media_client.service import ServiceClient
from media_client.sync.filters import Filters
from media_client.sync.paths import composed
from media_client.sync.state import State
from media_client.transfer.options import DEFAULT_JOBS

_SEARCH_MAX = 255  # The service rejects longer texts, and no name is longer.


@dataclass(frozen=True, slots=True)
class Sides:
    """What is synced, and how.

    `prefix`: see `library_prefix`. `delete`: also delete what the source does not have. `jobs`:
    maximum number of concurrent requests. `stop`: an event that interrupts the sync.
    """

    client: ServiceClient
    folder: Path
    prefix: str
    filters: Filters = field(default_factory=Filters)
    state: State = field(default_factory=State)
    delete: bool = False
    jobs: int = DEFAULT_JOBS
    stop: threading.Event = field(default_factory=threading.Event)

    def check_not_stopped(self) -> None:
        """Raise Stopped if the stop event was set."""
        if self.stop.is_set():
            raise Stopped("The sync was stopped. Run it again to continue.")

    def uploads(self) -> Mapping[str, Sequence[Upload]]:
        """Return the stored uploads by path below the prefix, and for each path newest first.

        Raises:
            ApiError, NetworkError, NotSignedIn: they can't be listed.
            Stopped: the stop event was set.
        """
        found: dict[str, list[Upload]] = {}
        for upload in self._stored():
            self.check_not_stopped()
            name = composed(upload.filename)
            path = name.removeprefix(self.prefix)
            if name.startswith(self.prefix) and path and self.filters.includes(path):
                found.setdefault(path, []).append(upload)
        return found

    def _stored(self) -> Iterator[Upload]:
        library = self.client.for_run(self.stop)
        order, newest = UploadOrderField.CREATED_AT, OrderDirection.DESC
        for page in pages(library, _stored_below(self.prefix), order, newest, None, facts=False):
            yield from page.uploads


def _stored_below(prefix: str) -> UploadFilter:
    # The service finds the text anywhere in a name and ignores case: it only narrows the list.
    search = prefix if prefix.strip() and len(prefix) <= _SEARCH_MAX else None
    return UploadFilter(status=[UploadStatus.STORED], search=search)
