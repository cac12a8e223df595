"""Sessions in MongoDB, inside the documents of their users. Only hashes of tokens are stored.

So beginning a session, and ending sessions together with a change of the password or the state of
the user, is one update of one document, conditional on what was verified before. The sessions of a
user are in the order of their last use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.api_keys import API_KEYS
from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.grouping import grouped
from gql_api.adapters.mongo.users import (
    ENABLED,
    USER_FIELDS,
    USERS,
    session_document,
    signed_in,
    text,
    user_from,
)
from gql_api.domain.accounts import SESSIONS_MAX, NewSession, UserSession, Viewer

Document: TypeAlias = dict[str, Any]
ViewerQuery: TypeAlias = tuple[str, str, datetime]
"""A user's id, their session's id, and the time at which the session must be live."""

_VIEWERS_MOST = 1000
_SESSIONS = {"$ifNull": ["$sessions", []]}


class MongoSessions:
    """Stores sessions. Ending a session removes it, so that its tokens cannot be used again."""

    def __init__(self, database: Database) -> None:
        self._client = database.client
        self._users = database[USERS]
        self._api_keys = database[API_KEYS]
        self._viewers = grouped(database, self._find_viewers, _VIEWERS_MOST)

    async def begin(
        self, user_id: str, session: NewSession, *, verified_hash: str, new_hash: str
    ) -> bool:
        """See `SessionStore.begin`."""
        verified = {
            "_id": text(user_id),
            "password_hash": text(verified_hash),
            "disabled": ENABLED,
        }
        changes = {
            "password_hash": {"$literal": new_hash},
            "sessions": _latest(
                _where({"$gt": ["$$this.expires_at", session.created_at]}),
                [{"$literal": session_document(session)}],
            ),
        }
        result = await self._users.update_one(verified, [{"$set": changes}])
        return result.matched_count == 1

    async def rotate(
        self, family: str, token: str, new_token: str, *, now: datetime, expires_at: datetime
    ) -> Viewer | None:
        """Replace the session's token and return its viewer.

        Returns None unless `token` is the current token of a live session of an enabled user. The
        replacement is one conditional update, so only one of several concurrent calls succeeds.
        """
        current = {
            "family_hash": text(family),
            "token_hash": text(token),
            "expires_at": {"$gt": now},
        }
        renewed = {
            "token_hash": {"$literal": new_token},
            "last_used_at": now,
            "expires_at": {"$min": [expires_at, "$$this.ends_at"]},
        }
        of_family = {"$eq": ["$$this.family_hash", {"$literal": family}]}
        sessions = {
            "$concatArrays": [
                _where({"$not": of_family}),
                {
                    "$map": {
                        "input": _where(of_family),
                        "in": {"$mergeObjects": ["$$this", renewed]},
                    }
                },
            ]
        }
        found = await self._users.find_one_and_update(
            {"sessions": {"$elemMatch": current}, "disabled": ENABLED},
            [{"$set": {"sessions": sessions}}],
            {**USER_FIELDS, "sessions": _where(of_family)},
        )
        return None if found is None else _viewer(found, found["sessions"][0])

    async def change_password(
        self, viewer: Viewer, old_hash: str, new_hash: str, *, revoke_api_keys: bool, now: datetime
    ) -> int | None:
        """See `SessionStore.change_password`."""
        user_id, session_id = viewer.user.id, text(viewer.session_id)
        verified = {**signed_in(user_id, session_id, now), "password_hash": text(old_hash)}
        changes = {
            "$set": {"password_hash": new_hash},
            "$pull": {"sessions": {"id": {"$ne": session_id}}},
        }

        async def change(session: AsyncClientSession | None = None) -> int | None:
            before = await self._users.find_one_and_update(
                verified, changes, LIVENESS, session=session
            )
            if before is None:
                return None
            if revoke_api_keys:
                await self._api_keys.delete_many({"owner_id": user_id}, session=session)
            return live_count(before, now) - 1

        return await (in_transaction(self._client, change) if revoke_api_keys else change())

    async def end_family(self, family: str) -> int:
        """See `SessionStore.end_family`."""
        result = await self._users.update_one(
            {"sessions.family_hash": text(family)},
            {"$pull": {"sessions": {"family_hash": text(family)}}},
        )
        return result.modified_count

    async def end(self, user_id: str, session_id: str) -> int:
        """See `SessionStore.end`."""
        result = await self._users.update_one(
            {"_id": text(user_id)}, {"$pull": {"sessions": {"id": text(session_id)}}}
        )
        return result.modified_count

    async def end_all(self, user_id: str, now: datetime) -> int:
        """See `SessionStore.end_all`."""
        before = await self._users.find_one_and_update(
            {"_id": text(user_id)}, {"$set": NO_SESSIONS}, LIVENESS
        )
        return live_count(before, now)

    async def list(self, user_id: str, now: datetime) -> Sequence[UserSession]:
        """See `SessionStore.list`."""
        found = await self._users.find_one({"_id": text(user_id)}, {"_id": 0, "sessions": 1})
        sessions = (found or {}).get("sessions", [])
        return [_session_from(it) for it in reversed(sessions) if it["expires_at"] > now]

    async def find_viewer(self, user_id: str, session_id: str, now: datetime) -> Viewer | None:
        """Return the viewer of a live session; None if it has ended or the user is disabled.

        Runs on every request: one look-up by `_id`. Requests that arrive while another look-up is
        in flight share the next one.
        """
        return await self._viewers.ask((text(user_id), text(session_id), now))

    async def _find_viewers(self, queries: Sequence[ViewerQuery]) -> Sequence[Viewer | None]:
        user_ids = list({user_id for user_id, _, _ in queries})
        session_ids = list({session_id for _, session_id, _ in queries})
        asked = _where({"$in": ["$$this.id", {"$literal": session_ids}]})
        rows = self._users.find(
            {"_id": {"$in": user_ids}, "disabled": ENABLED}, {**USER_FIELDS, "sessions": asked}
        )
        found = {
            (row["_id"], session["id"]): (row, session)
            async for row in rows
            for session in row["sessions"]
        }

        def viewer(user_id: str, session_id: str, now: datetime) -> Viewer | None:
            row, session = found.get((user_id, session_id), (None, None))
            if row is None or session is None or session["expires_at"] <= now:
                return None
            return _viewer(row, session)

        return [viewer(*query) for query in queries]


NO_SESSIONS: Mapping[str, Any] = {"sessions": []}
LIVENESS: Mapping[str, Any] = {"_id": 0, "sessions.expires_at": 1}
"""The projection for `live_count`."""


def live_count(user: Mapping[str, Any] | None, now: datetime) -> int:
    """Return how many sessions of the document are live."""
    sessions: Iterable[Document] = (user or {}).get("sessions", ())
    return sum(session["expires_at"] > now for session in sessions)


def _latest(*sessions: object) -> Document:
    return {"$slice": [{"$concatArrays": list(sessions)}, -SESSIONS_MAX]}


def _where(condition: Document) -> Document:
    return {"$filter": {"input": _SESSIONS, "cond": condition}}


def _viewer(user: Document, session: Document) -> Viewer:
    return Viewer(user_from(user), session_id=session["id"], logged_in_at=session["created_at"])


def _session_from(session: Document) -> UserSession:
    return UserSession(
        id=session["id"],
        created_at=session["created_at"],
        last_used_at=session["last_used_at"],
        user_agent=session.get("user_agent"),
    )
