"""Users of issuers in MongoDB. They are in the same collection as those with a password."""

from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.users import (
    IDENTITY_KEYS,
    USER_FIELDS,
    USERS,
    identity_filter,
    text,
    user_document,
    user_from,
)
from gql_api.domain.accounts import Identity, User
from gql_api.domain.identities import Profile


class MongoExternalUsers:
    """Implements `ExternalUserStore`."""

    def __init__(self, database: Database) -> None:
        self._users = database[USERS]

    async def find(self, identity: Identity) -> User | None:
        """See `ExternalUserStore.find`."""
        document = await self._users.find_one(identity_filter(identity), USER_FIELDS)
        return None if document is None else user_from(document)

    async def insert(self, user: User) -> bool:
        """See `ExternalUserStore.insert`.

        The document has no password hash, so no password can match.
        """
        try:
            await self._users.insert_one(user_document(user))
        except DuplicateKeyError as error:
            if (error.details or {}).get("keyPattern") == dict.fromkeys(IDENTITY_KEYS, 1):
                return False
            raise
        return True

    async def set_profile(self, user_id: str, profile: Profile) -> None:
        """See `ExternalUserStore.set_profile`."""
        said = {name: value for name, value in profile._asdict().items() if value is not None}
        if said:
            await self._users.update_one({"_id": text(user_id)}, {"$set": said})
