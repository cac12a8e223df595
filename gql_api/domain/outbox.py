"""The ports of the outboxes: events wait in the records of uploads until they are relayed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from gql_api.domain.upload_events import UploadEvent
from gql_api.domain.uploads import UploadName

OUTBOX_MAX = 100
"""The events that an outbox keeps. If more wait, the oldest are dropped.

A document of MongoDB may have 16 MB, and a record that has reached it could not even be deleted.
What is dropped is the notice only: a later event of the same upload shows its state and, by its
version, that events are missing.
"""

OVERDUE_AFTER = timedelta(minutes=1)
"""The sweep relays events that have waited for so long. The relay itself takes milliseconds."""


class EventSwitch(Protocol):
    """Tells whether anybody wants events."""

    async def __call__(self) -> bool:
        """Return whether changes are written to outboxes."""
        ...


class Outbox(Protocol):
    """The events that wait to be handed over."""

    async def waiting(self, names: Iterable[UploadName]) -> Sequence[UploadEvent]:
        """Return the events of these uploads; those of one upload in order of their versions."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[UploadName]:
        """Return up to `limit` uploads with overdue events, the longest overdue first."""
        ...

    async def remove(self, events: Sequence[UploadEvent]) -> None:
        """Remove events that `waiting` returned, with all that it returned of these uploads.

        Events that were added since stay. Safe to repeat.
        """
        ...


class RelayQueue(Protocol):
    """Uploads whose events are to be relayed. It may lose some: the sweep finds them."""

    async def send(self, names: Sequence[UploadName]) -> None:
        """Have the events of these uploads relayed soon, by this process or another."""
        ...

    async def finish(self) -> None:
        """Do what this process has to do for that. Never fails."""
        ...

    async def close(self) -> None:
        """Stop."""
        ...


def to_message(names: Iterable[UploadName]) -> str:
    """Return the message that asks for the events of these uploads to be relayed."""
    return json.dumps({"relay": [list(name) for name in names]})


def names_of(message: str) -> Sequence[UploadName]:
    """Return the uploads in a message that `to_message` returned.

    Raises:
        ValueError: the message has another form.
    """
    match json.loads(message):
        case {"relay": list(names)}:
            return [_name(it) for it in names]
    raise ValueError("The message does not ask for events to be relayed.")


def _name(value: object) -> UploadName:
    match value:
        case [str(owner_id), str(upload_id)]:
            return UploadName(owner_id, upload_id)
    raise ValueError("The message does not ask for events to be relayed.")
