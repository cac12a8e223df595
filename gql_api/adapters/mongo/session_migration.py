"""Migration 2: moves sessions from the collection `sessions` into the documents of their users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.users import ENABLED, USERS
from gql_api.domain.accounts import SESSIONS_MAX
from gql_api.domain.deployment import Tell

SESSIONS = "sessions"
_BATCH = 1000
_BATCH_SECONDS = 50  # MongoDB ends a transaction after a minute.


async def move_sessions(database: Database, tell: Tell) -> None:
    """Move the live sessions of enabled users, and delete the others.

    Each batch is moved in one transaction. If the previous release refreshes or ends one of these
    sessions meanwhile, the transaction conflicts and is repeated. So an interruption loses no
    session, and no session is moved after it has ended.
    """
    moved = 0
    while count := await in_transaction(
        database.client, lambda session: _move(database, session), _BATCH_SECONDS
    ):
        moved += count
        tell(f"Moved {moved:,} sessions into the documents of their users.")


async def _move(database: Database, session: AsyncClientSession) -> int:
    """Move the sessions of the next users; returns their number."""
    rows = (
        await database[SESSIONS].find({}, session=session).sort("owner_id").limit(_BATCH).to_list()
    )
    if not rows:
        return 0
    await database[SESSIONS].delete_many(
        {"_id": {"$in": [row["_id"] for row in rows]}}, session=session
    )
    now = datetime.now(UTC)
    updates = [
        UpdateOne({"_id": owner_id, "disabled": ENABLED}, {"$push": _addition(list(of_owner), now)})
        for owner_id, of_owner in groupby(rows, key=lambda row: row["owner_id"])
    ]
    await database[USERS].bulk_write(updates, ordered=False, session=session)
    return len(rows)


def _addition(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """Return the argument of `$push` that adds the live sessions, in the order of their last use.

    That is the order of their expiry, unless it is capped. The time of the last use is not known.
    """
    live = sorted((row for row in rows if row["expires_at"] > now), key=lambda it: it["expires_at"])
    documents = [
        {
            "id": row["_id"],
            "family_hash": row["family_hash"],
            "token_hash": row["token_hash"],
            "created_at": row["created_at"],
            "last_used_at": row["created_at"],
            "expires_at": row["expires_at"],
            "ends_at": row["ends_at"],
            "user_agent": None,
        }
        for row in live
    ]
    # Sessions that the new release has begun meanwhile were used later.
    return {"sessions": {"$each": documents, "$position": 0, "$slice": -SESSIONS_MAX}}
