"""How many requests one user may send in a minute (OWASP ASVS 5.0, 2.4.1).

The count is shared by all processes, but not at the price of a write for each request: a process
adds what it has let through at most once a second, and learns from the answer what all have. So
a user may pass his limit by what he can send within a second; he can't keep doing so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gql_api.domain.account_stores import RequestCounters
from gql_api.domain.clock import Clock
from gql_api.domain.errors import TooManyRequests

_ADD_EVERY = timedelta(seconds=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Count:
    """What is known of one user's requests in this minute."""

    total: int = 0
    not_added: int = 0
    added_at: datetime = _NEVER


class RequestRates:
    """Counts requests by user. Without a limit it does nothing."""

    def __init__(self, *, counters: RequestCounters, clock: Clock, per_minute: int | None) -> None:
        self._counters = counters
        self._clock = clock
        self._per_minute = per_minute
        self._minute = _NEVER
        self._counts: dict[str, _Count] = {}

    async def count(self, user_id: str) -> None:
        """Count a request.

        Raises:
            TooManyRequests: the user has sent more than he may in this minute.
        """
        if self._per_minute is None:
            return
        now = self._clock()
        count = self._count_of(user_id, now.replace(second=0, microsecond=0))
        count.not_added += 1
        if now - count.added_at >= _ADD_EVERY:
            adding, count.not_added, count.added_at = count.not_added, 0, now
            count.total = await self._counters.add(user_id, self._minute, adding)
        if count.total + count.not_added > self._per_minute:
            raise TooManyRequests(self._per_minute, 60 - now.second)

    def _count_of(self, user_id: str, minute: datetime) -> _Count:
        """The user's count in this minute; those of the minutes before are forgotten."""
        if minute != self._minute:
            self._minute = minute
            self._counts = {}
        return self._counts.setdefault(user_id, _Count())
