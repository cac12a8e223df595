"""The feed of changes: an owner's uploads in the order of their last change.

A place in the feed is the cluster time at which the database made the change, and the id of the
upload. A change may become visible after a later one: its transaction got its place when it wrote
the record, but committed afterwards. So a reader that has seen a place has not seen all before it,
unless the longest time that a write may take has passed since.

A cursor therefore has two places. Everything up to `safe` has been listed and can no longer grow.
The reader has also been shown everything that was visible up to `at`. While there are more pages,
it goes on after `at`; when it has reached the end, it begins again after `safe`. So a new change is
listed at once, those of the last `LAG_SECONDS` are listed again, and none is skipped.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from gql_api.domain.errors import BadUserInput
from gql_api.domain.ids import is_id
from gql_api.domain.uploads import Upload

LAG_SECONDS = 100
"""The longest time from the write of a record to its commit, with a margin of ten seconds.

The service's own limit for a transaction (8 s) proves nothing: its process may be suspended between
two statements, as Lambda does, and go on later. MongoDB ends every transaction that is older than
`transactionLifetimeLimitSeconds`, 60 by default, but looks for them only once in half of that time
(MongoDB manual, "Transactions", "Production Considerations").
"""

CHANGES_MAX = 100
_LIST = "CHANGES"
_SECONDS_END = 2**32


class Place(NamedTuple):
    """A place in the feed: a cluster time, in seconds and an increment, and the id of an upload.

    Uploads that have not changed since a release without the feed come first, at the time 0.
    """

    seconds: int
    increment: int
    upload_id: str


class Cursor(NamedTuple):
    """Where a reader goes on: see the module. `at` is never before `safe`."""

    safe: Place
    at: Place


class ChangePage(NamedTuple):
    """Uploads in the order of their last change, tombstones among them.

    `end` is None if the feed is empty. `more`: whether further changes are visible after these.
    """

    uploads: Sequence[Upload]
    end: Cursor | None
    more: bool


class ChangeFeed(Protocol):
    """Lists the changes of an owner's uploads."""

    async def page(self, owner_id: str, after: Cursor | None, limit: int) -> ChangePage:
        """Return up to `limit` uploads that changed after the cursor, or from the beginning."""
        ...


def next_cursor(after: Cursor | None, last: Place | None, more: bool, now: int) -> Cursor | None:
    """Return the cursor behind a page.

    `last` is the place of the page's last upload, and `now` the cluster time, in seconds, up to
    which the page has seen all that was committed.
    """
    at = last or (after.at if after else None)
    if at is None:
        return None
    reached = min(at, Place(max(0, now - LAG_SECONDS), 0, ""))
    if after is None:
        safe = reached
    else:
        safe = max(after.safe, reached) if after.safe == after.at else after.safe
    # A reader that is slower than the writers never reaches the end. It lists twice what it passes.
    is_late = now - safe.seconds > 2 * LAG_SECONDS and at > safe
    return Cursor(safe, at) if more and not is_late else Cursor(safe, safe)


def to_text(cursor: Cursor) -> str:
    """Return the opaque form of the cursor."""
    places = [list(cursor.safe)]
    if cursor.at != cursor.safe:
        places.append(list(cursor.at))
    data = json.dumps([_LIST, *places], separators=(",", ":"))
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def from_text(text: str) -> Cursor:
    """Return the cursor that `to_text` made. Clients can forge cursors: trust nothing.

    Raises:
        BadUserInput: it is none.
    """
    invalid = BadUserInput("after is not a cursor of this list. Use one from endCursor.")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        match json.loads(data):
            case [str(name), safe] if name == _LIST:
                return Cursor(_place(safe), _place(safe))
            case [str(name), safe, at] if name == _LIST and _place(safe) < _place(at):
                return Cursor(_place(safe), _place(at))
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid from error
    raise invalid


def checked_size(first: int | None) -> int:
    """Return the size of a page.

    Raises:
        BadUserInput: it is outside of 0 to 100.
    """
    if first is None:
        return CHANGES_MAX
    if not 0 <= first <= CHANGES_MAX:
        raise BadUserInput(f"first must be between 0 and {CHANGES_MAX}.")
    return first


def _place(value: object) -> Place:
    match value:
        case [int(seconds), int(increment), str(upload_id)] if (
            {type(seconds), type(increment)} == {int}
            and 0 <= seconds < _SECONDS_END
            and 0 <= increment < _SECONDS_END
            and (not upload_id or is_id(upload_id))
        ):
            return Place(seconds, increment, upload_id)
    raise ValueError("not a place")
