"""The security log: who came in, who did not, and who was refused what (OWASP ASVS 5.0, 16.3).

One line of JSON for each event, in UTC, with the id and the address of the request:

    {"time": "2026-11-24T05:58:56.194+00:00", "event": "login", "outcome": "refused",
     "reason": "INVALID_CREDENTIALS", "user": "01a2…", "address": "192.0.2.1", "request_id": "6f…"}

Nothing that was typed in is logged, not even a username: people type passwords there. Whoever is
known is named by his id. So no line can be forged, and none holds a secret.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from gql_api.domain.accounts import Viewer
from gql_api.domain.errors import Failure, RequestError

logger = logging.getLogger("gql_api.security")


class Event(StrEnum):
    """What is logged. Access with a valid token is not: it says no more than the login before."""

    SIGN_UP = "sign_up"
    LOGIN = "login"
    REFRESH = "refresh"
    LOGOUT = "logout"
    ACCESS = "access"
    CHANGE_PASSWORD = "change_password"
    CREATE_API_KEY = "create_api_key"
    REVOKE_API_KEY = "revoke_api_key"


_origin: ContextVar[dict[str, str | None]] = ContextVar("_origin")


@contextmanager
def coming_from(request_id: str, address: str | None) -> Iterator[None]:
    """Within the block, each event is that of this request, which came from this address."""
    token = _origin.set({"address": address, "request_id": request_id})
    try:
        yield
    finally:
        _origin.reset(token)


@dataclass(slots=True)
class Entry:
    """What is known of an event, as ids; it is filled in while the event goes on.

    `api_key` is the key that was made or revoked, or the one that its holder was refused with.
    """

    event: Event
    user: str | None = None
    session: str | None = None
    api_key: str | None = None
    sessions_ended: int | None = None

    @classmethod
    def by(cls, event: Event, viewer: Viewer) -> Entry:
        """An event of somebody who is signed in, by a session or an API key."""
        return cls(event, viewer.user.id, viewer.session_id, viewer.api_key_id)

    def succeeded(self) -> None:
        """Log that it went well."""
        self._write(logging.INFO, "success", None)

    def refused(self, reason: str) -> None:
        """Log that it was refused; `reason` is a code, not a text."""
        self._write(logging.WARNING, "refused", reason)

    def _write(self, level: int, outcome: str, reason: str | None) -> None:
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "event": self.event.value,
            "outcome": outcome,
            "reason": reason,
            "user": self.user,
            "session": self.session,
            "api_key": self.api_key,
            "sessions_ended": self.sessions_ended,
            **_origin.get({}),
        }
        told = {name: value for name, value in line.items() if value is not None}
        logger.log(level, "%s", json.dumps(told))


@contextmanager
def recorded(entry: Entry) -> Iterator[Entry]:
    """Log how the block ends: well, or with a refusal.

    Outages and crashes are in the error log, under the same request id.
    """
    try:
        yield entry
    except (Failure, RequestError) as error:
        entry.refused(error.code)
        raise
    entry.succeeded()
