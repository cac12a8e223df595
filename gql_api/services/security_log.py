"""The security log: authentication events and refusals (OWASP ASVS 5.0, 16.3).

One line of JSON per event, in UTC, with the id and the network address of the request:

    {"time": "2026-11-24T05:58:56.194+00:00", "event": "login", "outcome": "refused",
     "reason": "INVALID_CREDENTIALS", "user": "01a2…", "address": "192.0.2.1", "request_id": "6f…"}

No user input is logged, not even a username: people type passwords into that field. Known users
are identified by their ids. So nobody can forge a line, and no line contains a secret. The external
id of a user that a backend acts for is logged, because only the holder of an operator's key can
send one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum

from gql_api.domain.accounts import Viewer
from gql_api.domain.errors import Failure, RequestError

logger = logging.getLogger("gql_api.security")


class Event(StrEnum):
    """The logged events. Access with a valid token is not logged: it adds nothing to the login.

    Every request of a backend that acts for a user is: its key could act for any other.
    """

    SIGN_UP = "sign_up"
    LOGIN = "login"
    REFRESH = "refresh"
    LOGOUT = "logout"
    END_SESSION = "end_session"
    ACCESS = "access"
    CHANGE_PASSWORD = "change_password"
    CREATE_API_KEY = "create_api_key"
    REVOKE_API_KEY = "revoke_api_key"
    CREATE_OPERATOR_KEY = "create_operator_key"
    REVOKE_OPERATOR_KEY = "revoke_operator_key"
    ACT_AS = "act_as"


_origin: ContextVar[dict[str, str | None]] = ContextVar("_origin")


@contextmanager
def coming_from(request_id: str, address: str | None) -> Iterator[None]:
    """Attribute the events of the block to this request and this network address."""
    token = _origin.set({"address": address, "request_id": request_id})
    try:
        yield
    finally:
        _origin.reset(token)


class Entry:
    """The ids involved in an event, filled in as they become known.

    `api_key` is the key that was created or revoked, or the one that a refused request used, or
    that acts for a user. `external_id` is the name by which it did.
    """

    def __init__(
        self,
        event: Event,
        user: str | None = None,
        session: str | None = None,
        api_key: str | None = None,
        sessions_ended: int | None = None,
        external_id: str | None = None,
    ) -> None:
        self.event = event
        self.user = user
        self.session = session
        self.api_key = api_key
        self.sessions_ended = sessions_ended
        self.external_id = external_id

    @classmethod
    def by(cls, event: Event, viewer: Viewer) -> Entry:
        """Return the entry for an event of a signed-in user."""
        return cls(event, viewer.user.id, viewer.session_id, viewer.api_key_id)

    def succeeded(self) -> None:
        """Log a success."""
        self._write(logging.INFO, "success", None)

    def refused(self, reason: str) -> None:
        """Log a refusal; `reason` is an error code."""
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
            "external_id": self.external_id,
            "sessions_ended": self.sessions_ended,
            **_origin.get({}),
        }
        known = {name: value for name, value in line.items() if value is not None}
        logger.log(level, "%s", json.dumps(known))


@contextmanager
def recorded(entry: Entry) -> Iterator[Entry]:
    """Log whether the block succeeds or is refused.

    Outages and crashes appear in the error log instead, under the same request id.
    """
    try:
        yield entry
    except (Failure, RequestError) as error:
        entry.refused(error.code)
        raise
    entry.succeeded()
