"""The public keys of issuers: kept, renewed in time, and used while an issuer is down.

An issuer is asked for its keys when they are an hour old, so that those it has withdrawn end, and
when a token names an unknown one, which may be new. All processes together ask at most once a
minute, however many such tokens arrive. A process that knows no keys at all may ask once a minute
as well. If an issuer does not answer, its keys are used for a day.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from gql_api.domain.clock import Clock
from gql_api.domain.errors import IssuerUnavailable
from gql_api.domain.issuers import Key, KeySet, KeySetSource, KeySetStore

RENEW_AFTER = timedelta(hours=1)
KEEP_FOR = timedelta(days=1)
ASK_EVERY = timedelta(minutes=1)
# How often a process looks whether another one has found new keys.
LOOK_EVERY = timedelta(seconds=5)

_NEVER = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class _Known:
    """What this process knows of one issuer's keys."""

    def __init__(self) -> None:
        self.key_set: KeySet | None = None
        self.looked_at = _NEVER
        self.asked_at = _NEVER
        self.looking = asyncio.Lock()

    def take(self, key_set: KeySet | None) -> None:
        """Take a key set, unless the known one is newer."""
        known = self.key_set
        if key_set and (known is None or known.fetched_at < key_set.fetched_at):
            self.key_set = key_set

    def find(self, key_id: str, now: datetime, age: timedelta) -> Key | None:
        """Return a key of a set that is not older than this."""
        if self.key_set is None or self.key_set.fetched_at <= now - age:
            return None
        return self.key_set.keys.get(key_id)

    def suffices(self, key_id: str, now: datetime) -> bool:
        """Return whether there is no need to look for the key, or no reason to hope for it."""
        return now - self.looked_at < LOOK_EVERY or self.find(key_id, now, RENEW_AFTER) is not None


class KeySets:
    """Finds the keys of issuers."""

    def __init__(self, *, store: KeySetStore, source: KeySetSource, clock: Clock) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def find(self, issuer: str, key_id: str) -> Key | None:
        """Return a key of an issuer; None if it has no key with this id.

        Raises:
            IssuerUnavailable: no keys are known, and the issuer does not answer.
        """
        known = self._known.setdefault(issuer, _Known())
        now = self._clock()
        # While one request waits for the issuer, others use the key that is there.
        waits = not known.looking.locked() or known.find(key_id, now, KEEP_FOR) is None
        if waits and not known.suffices(key_id, now):
            async with known.looking:
                if not known.suffices(key_id, now):
                    await self._look(issuer, key_id, known, now)
                    known.looked_at = now  # Not before: requests at once wait for the answer.
        if known.key_set is None or known.key_set.fetched_at <= now - KEEP_FOR:
            raise IssuerUnavailable(f"There are no keys of {issuer}.")
        return known.key_set.keys.get(key_id)

    async def _look(self, issuer: str, key_id: str, known: _Known, now: datetime) -> None:
        """Take the stored keys and, if they do not help, ask the issuer if it is time to."""
        known.take(await self._store.find(issuer))
        if known.find(key_id, now, RENEW_AFTER) is not None:
            return
        is_turn = await self._store.claim(issuer, now, now - ASK_EVERY)
        has_none = known.key_set is None and known.asked_at <= now - ASK_EVERY
        if is_turn or has_none:
            known.asked_at = now
            await self._ask(issuer, known, now)

    async def _ask(self, issuer: str, known: _Known, now: datetime) -> None:
        try:
            key_set = KeySet(await self._source.fetch(issuer), now)
        except IssuerUnavailable as error:
            _log.warning("The keys of %s could not be renewed: %s", issuer, error.message)
            return
        known.take(key_set)
        await self._store.save(issuer, key_set)
