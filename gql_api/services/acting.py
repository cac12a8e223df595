"""Lets a team's backend act for its users, with an operator's key and the header Act-As."""

from __future__ import annotations

from datetime import datetime

from gql_api.domain import opaque_tokens
from gql_api.domain.accounts import ApiKeyScope, Identity, Viewer
from gql_api.domain.errors import Forbidden
from gql_api.domain.operator_keys import OperatorKeyStore, is_acting_subject
from gql_api.services.external_users import ExternalUsers
from gql_api.services.security_log import Entry


class ActingService:
    """Finds the users that requests with an operator's key act for."""

    def __init__(self, *, keys: OperatorKeyStore, users: ExternalUsers) -> None:
        self._keys = keys
        self._users = users

    async def viewer(
        self, token: str, subject: str | None, entry: Entry, now: datetime
    ) -> Viewer | None:
        """Return the enabled user that the request acts for, else None.

        An unknown user is created. The key's issuer is part of the identity, and accounts with a
        password have none, so the key reaches the users of one issuer only. It may do what an API
        key with the scope ALL may: not manage the account. `entry` is completed, but a subject is
        noted only once the key is known.

        Raises:
            Forbidden: the request names no user, or one that is no subject.
        """
        known = opaque_tokens.is_operator_key(token)
        key = await self._keys.find(opaque_tokens.key_hash(token), now) if known else None
        if key is None:
            return None
        entry.api_key = key.id
        if subject is None or not is_acting_subject(subject):
            raise Forbidden("This key acts for users: name one in the header Act-As.")
        entry.external_id = subject
        user = await self._users.seen(Identity(key.issuer, subject), now)
        entry.user = user.id
        return None if user.disabled else Viewer(user, api_key_id=key.id, scope=ApiKeyScope.ALL)
