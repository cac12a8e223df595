"""Sessions in MongoDB. Only hashes of refresh tokens are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from pymongo import IndexModel

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.grouping import Grouped
from gql_api.adapters.mongo.users import MongoUsers, enabled_owner, text, user_from
from gql_api.domain.accounts import Viewer

ViewerQuery: TypeAlias = tuple[str, str, datetime]
"""A user's id, their session's id, and the time at which the session must be live."""

SESSIONS = "sessions"
_VIEWERS_MOST = 1000
INDEXES: Mapping[str, list[IndexModel]] = {
    SESSIONS: [
        IndexModel("family_hash", name="family_hash", unique=True),
        IndexModel("owner_id", name="owner_id"),
        # Queries ignore expired sessions; this only frees their storage.
        IndexModel("expires_at", name="expires_at", expireAfterSeconds=0),
    ]
}


class MongoSessions:
    """Stores sessions. Ending a session deletes it, so that its tokens cannot be used again."""

    def __init__(self, database: Database) -> None:
        self._sessions = database[SESSIONS]
        self._users = MongoUsers(database)
        self._viewers = Grouped(self._find_viewers, _VIEWERS_MOST)

    async def insert(
        self,
        session_id: str,
        user_id: str,
        family: str,
        token: str,
        *,
        created_at: datetime,
        expires_at: datetime,
        ends_at: datetime,
    ) -> None:
        """See `SessionStore.insert`."""
        await self._sessions.insert_one(
            {
                "_id": session_id,
                "owner_id": user_id,
                "family_hash": family,
                "token_hash": token,
                "created_at": created_at,
                "expires_at": expires_at,
                "ends_at": ends_at,
            }
        )

    async def rotate(
        self, family: str, token: str, new_token: str, *, now: datetime, expires_at: datetime
    ) -> Viewer | None:
        """Replace the session's token and return its viewer.

        Returns None unless `token` is the current token of a live session of an enabled user. The
        replacement is one conditional update, so only one of several concurrent calls succeeds.
        """
        session = await self._sessions.find_one_and_update(
            {"family_hash": text(family), "token_hash": text(token), "expires_at": {"$gt": now}},
            [
                {
                    "$set": {
                        "token_hash": {"$literal": new_token},
                        "expires_at": {"$min": [expires_at, "$ends_at"]},
                    }
                }
            ],
            {"owner_id": 1},
        )
        if session is None:
            return None
        user = await self._users.find_enabled(session["owner_id"])
        return None if user is None else Viewer(user, session_id=session["_id"])

    async def end_family(self, family: str) -> int:
        """See `SessionStore.end_family`."""
        result = await self._sessions.delete_one({"family_hash": text(family)})
        return result.deleted_count

    async def end(self, user_id: str, session_id: str | None) -> int:
        """See `SessionStore.end`."""
        if session_id is None:
            result = await self._sessions.delete_many({"owner_id": text(user_id)})
        else:
            result = await self._sessions.delete_one(
                {"_id": text(session_id), "owner_id": text(user_id)}
            )
        return result.deleted_count

    async def count(self, user_id: str, now: datetime) -> int:
        """See `SessionStore.count`."""
        live = {"owner_id": text(user_id), "expires_at": {"$gt": now}}
        return await self._sessions.count_documents(live)

    async def end_others(self, user_id: str, session_id: str) -> int:
        """See `SessionStore.end_others`."""
        result = await self._sessions.delete_many(
            {"owner_id": text(user_id), "_id": {"$ne": text(session_id)}}
        )
        return result.deleted_count

    async def find_viewer(self, user_id: str, session_id: str, now: datetime) -> Viewer | None:
        """Return the viewer of a live session; None if it has ended or the user is disabled.

        Runs on every request: one round trip with two look-ups by `_id`. Requests that arrive
        while another look-up is in flight share the next one.
        """
        return await self._viewers.ask((text(user_id), text(session_id), now))

    async def _find_viewers(self, queries: Sequence[ViewerQuery]) -> Sequence[Viewer | None]:
        earliest = min(now for _, _, now in queries)
        ids = list({session_id for _, session_id, _ in queries})
        live = {"_id": {"$in": ids}, "expires_at": {"$gt": earliest}}
        fields = {"owner_id": 1, "expires_at": 1, "user": 1}
        stages = [{"$match": live}, *enabled_owner("owner_id"), {"$project": fields}]
        async with await self._sessions.aggregate(stages) as rows:
            found = {row["_id"]: row async for row in rows}

        def viewer(user_id: str, session_id: str, now: datetime) -> Viewer | None:
            row = found.get(session_id)
            if row is None or row["owner_id"] != user_id or row["expires_at"] <= now:
                return None
            return Viewer(user_from(row["user"]), session_id=session_id)

        return [viewer(*query) for query in queries]
