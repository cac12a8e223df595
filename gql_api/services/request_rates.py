"""The limit of requests per user and minute (OWASP ASVS 5.0, 2.4.1).

All processes share the count without a write per request: each process adds the requests that it
has admitted at most once per second, and receives the total. A user can therefore exceed the limit
by the requests of one second, but not for longer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gql_api.domain.account_stores import RequestCounters
from gql_api.domain.clock import Clock
from gql_api.domain.errors import TooManyRequests

_ADD_EVERY = timedelta(seconds=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


class _Count:
    """One user's requests in the current minute, as far as this process knows them."""

    def __init__(self) -> None:
        self.total = 0
        self.not_added = 0
        self.added_at = _NEVER


class RequestRates:
    """Counts requests by user. Does nothing if there is no limit."""

    def __init__(self, *, counters: RequestCounters, clock: Clock, per_minute: int | None) -> None:
        self._counters = counters
        self._clock = clock
        self._per_minute = per_minute
        self._minute = _NEVER
        self._counts: dict[str, _Count] = {}

    async def count(self, user_id: str) -> None:
        """Count a request.

        Raises:
            TooManyRequests: the user has exceeded the limit of this minute.
        """
        if self._per_minute is not None and not await self.admits(user_id):
            raise TooManyRequests(self._per_minute, 60 - self._clock().second)

    async def admits(self, user_id: str) -> bool:
        """Count a request, and return whether it is within the limit of this minute."""
        if self._per_minute is None:
            return True
        now = self._clock()
        count = self._count_of(user_id, now.replace(second=0, microsecond=0))
        count.not_added += 1
        if now - count.added_at >= _ADD_EVERY:
            adding, count.not_added, count.added_at = count.not_added, 0, now
            count.total = await self._counters.add(user_id, self._minute, adding)
        return count.total + count.not_added <= self._per_minute

    def take_back(self, user_id: str) -> None:
        """Subtract a counted request that turned out not to be the user's."""
        if (count := self._counts.get(user_id)) is not None:
            count.not_added -= 1

    def _count_of(self, user_id: str, minute: datetime) -> _Count:
        """Return the user's count in this minute; discards those of earlier minutes."""
        if minute != self._minute:
            self._minute = minute
            self._counts = {}
        return self._counts.setdefault(user_id, _Count())
