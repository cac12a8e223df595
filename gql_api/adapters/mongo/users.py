"""Users in MongoDB, and the look-up of the users that own other records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from gql_api.adapters.mongo.database import Database
from gql_api.domain.account_stores import Credentials
from gql_api.domain.accounts import Identity, NewSession, Quota, Usage, User, fold_username

USERS = "users"
IDENTITY_KEYS = ("identity.issuer", "identity.subject")
INDEXES: Mapping[str, list[IndexModel]] = {
    USERS: [
        IndexModel("username_folded", name="username_folded", unique=True),
        # For refreshes. Not unique: a unique index compares the sessions of different users only.
        IndexModel("sessions.family_hash", name="sessions_family_hash"),
        # Sparse, because accounts with a password have no identity.
        IndexModel([(key, 1) for key in IDENTITY_KEYS], name="identity", unique=True, sparse=True),
    ]
}
ENABLED = {"$in": [False, None]}
"""The values of `disabled` that enable a user; any other value that an operator sets disables."""

_FIELDS = ("username", "email", "full_name", "created_at", "usage", "disabled", "quota_bytes")
USER_FIELDS = dict.fromkeys((*_FIELDS, "identity"), 1)
NO_LIMIT = math.inf
"""The value of `quota_bytes` for no limit. If the field is missing, the service's quota applies."""


class MongoUsers:
    """Implements `UserStore`."""

    def __init__(self, database: Database) -> None:
        self._users = database[USERS]

    async def insert(
        self, user: User, password_hash: str, session: NewSession | None = None
    ) -> bool:
        """See `UserStore.insert`."""
        try:
            await self._users.insert_one(
                {**user_document(user, session), "password_hash": password_hash}
            )
        except DuplicateKeyError as error:
            if (error.details or {}).get("keyPattern") == {"username_folded": 1}:
                return False
            raise
        return True

    async def find_credentials(self, username: str) -> Credentials | None:
        """Return the user with this name, ignoring case, even if the user is disabled."""
        document = await self._users.find_one(
            {"username_folded": text(fold_username(username))}, {**USER_FIELDS, "password_hash": 1}
        )
        if document is None:
            return None
        return Credentials(user_from(document), document["password_hash"])


def user_document(user: User, session: NewSession | None = None) -> dict[str, Any]:
    """Convert a new user, with their first session, to a document without a password."""
    document = {
        "_id": user.id,
        "username": user.username,
        # No username has a "#". The subjects of issuers need not differ when they are folded.
        "username_folded": f"#{user.id}" if user.identity else fold_username(user.username),
        "email": user.email,
        "full_name": user.full_name,
        "created_at": user.created_at,
        "disabled": user.disabled,
        "usage": {"bytes": user.usage.bytes, "uploads": user.usage.uploads},
        "sessions": [] if session is None else [session_document(session)],
        # Kept up to date by `MongoUsage`.
        "visible": {"uploads": 0, "exact": True},
    }
    return {**document, "identity": user.identity._asdict()} if user.identity else document


def identity_filter(identity: Identity) -> dict[str, Any]:
    """Return the filter for the user of an identity."""
    return dict(zip(IDENTITY_KEYS, map(text, identity), strict=True))


def signed_in(user_id: str, session_id: str, now: datetime) -> dict[str, Any]:
    """Return the filter for an enabled user with this live session.

    A write with this filter cannot be made with a session that has ended.
    """
    live = {"id": text(session_id), "expires_at": {"$gt": now}}
    return {**enabled(user_id), "sessions": {"$elemMatch": live}}


def enabled(user_id: str) -> dict[str, Any]:
    """Return the filter for an enabled user with this id."""
    return {"_id": text(user_id), "disabled": ENABLED}


def session_document(session: NewSession) -> dict[str, Any]:
    """Convert a new session to its part of the document of its user."""
    fields = session._asdict()
    return {
        "id": fields.pop("id"),
        "family_hash": fields.pop("family"),
        "token_hash": fields.pop("token"),
        "last_used_at": session.created_at,
        **fields,
    }


def enabled_owner(field: str) -> list[dict[str, Any]]:
    """Return stages that join the user whose id is in `field`, as `user`, in the same round trip.

    Rows whose user does not exist or is disabled are dropped.
    """
    return [
        {
            "$lookup": {
                "from": USERS,
                "localField": field,
                "foreignField": "_id",
                "pipeline": [{"$match": {"disabled": ENABLED}}, {"$project": USER_FIELDS}],
                "as": "user",
            }
        },
        {"$unwind": "$user"},
    ]


def user_from(document: Mapping[str, Any]) -> User:
    """Convert a document of `users` to its user."""
    usage, disabled = document["usage"], document.get("disabled")
    return User(
        id=document["_id"],
        username=document["username"],
        email=document["email"],
        full_name=document["full_name"],
        created_at=document["created_at"],
        usage=Usage(bytes=int(usage["bytes"]), uploads=int(usage["uploads"])),
        # Consistent with `ENABLED`: MongoDB does not treat 0 as false.
        disabled=disabled is not None and disabled is not False,
        quota=_quota(document.get("quota_bytes")),
        identity=_identity(document.get("identity")),
    )


def _identity(fields: Mapping[str, str] | None) -> Identity | None:
    return None if fields is None else Identity(fields["issuer"], fields["subject"])


def _quota(quota_bytes: float | None) -> Quota | None:
    if quota_bytes is None:
        return None
    return Quota(None if quota_bytes == NO_LIMIT else int(quota_bytes))


def text(value: object) -> str:
    """Return `value` if it is a str. MongoDB would interpret a dictionary in a filter as operators.

    Raises:
        TypeError: it is not a str.
    """
    if not isinstance(value, str):
        raise TypeError(f"a filter value must be a str, not {type(value).__name__}")
    return value
