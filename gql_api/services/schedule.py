"""When the sweep checks an upload next.

The sweep has three reasons to look at a stored upload: nothing may have processed it, a URL that
was signed earlier may replace its object, and its time in the trash ends. `check_at` is the time of
the first of them; each check finds out what remains.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import Processing, ProcessingStatus
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.evidence import Evidence

# Messages wait longer than this only if the media function is behind or does not work.
PROCESSING_TIME = timedelta(minutes=5)
_CHECK_INTERVAL_MAX = timedelta(hours=6)


class Schedule:
    """Says when a stored upload is checked next; None means never again."""

    def __init__(self, evidence: Evidence, policy: UploadPolicy) -> None:
        self._evidence = evidence
        self._policy = policy

    async def stored(
        self, upload: Upload, now: datetime, processing: Processing
    ) -> datetime | None:
        """Return the first check of an upload that becomes STORED now."""
        overwritable = await self._evidence.may_be_overwritten(upload)
        return _earliest(
            self._policy.last_arrival(now) if overwritable else None,
            _processing_end(processing, now),
        )

    def replaced(self, upload: Upload, now: datetime, processing: Processing) -> datetime | None:
        """Return the next check of a stored upload whose object was found to be replaced now."""
        return _earliest(upload.check_at, _processing_end(processing, now))

    async def checked(self, upload: Upload, now: datetime) -> datetime | None:
        """Return the next check of a stored upload whose object was looked at now."""
        last_look = await self._last_look(upload)
        return _earliest(
            last_look if last_look and now < last_look else None,
            now + wait(upload, now) if _is_pending(upload.processing) else None,
            self._trash_end(upload, now),
        )

    async def processed(self, upload: Upload, now: datetime) -> datetime | None:
        """Return the next check of a stored upload that need not be processed any more.

        Its object was not looked at. If the time of the last look has passed, it is not known
        whether the sweep has looked since, so the check that the record has remains.
        """
        last_look = await self._last_look(upload)
        if last_look is not None and now >= last_look:
            last_look = upload.check_at
        return _earliest(last_look, self._trash_end(upload, now))

    async def _last_look(self, upload: Upload) -> datetime | None:
        """Return when the object can no longer be replaced; None if it cannot be even now."""
        if upload.stored_at is None or not await self._evidence.may_be_overwritten(upload):
            return None
        return self._policy.last_arrival(upload.stored_at)

    def _trash_end(self, upload: Upload, now: datetime) -> datetime | None:
        if upload.status is not UploadStatus.TRASHED:
            return None
        return self._policy.trash_ends_at(upload.trashed_at or now)


def wait(upload: Upload, now: datetime) -> timedelta:
    """Return the time until an upload that waits is checked again: the older, the longer."""
    age = max(now - upload.created_at, timedelta(seconds=FIRST_CHECK_SECONDS))
    return min(age, _CHECK_INTERVAL_MAX)


def _processing_end(processing: Processing, now: datetime) -> datetime | None:
    """Return when the media function should be done with an object that is sent to it now."""
    return now + PROCESSING_TIME if _is_pending(processing) else None


def _is_pending(processing: Processing) -> bool:
    return processing.status is ProcessingStatus.PENDING


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
