"""Signs in the users of issuers by the tokens that they send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gql_api.domain.accounts import Viewer
from gql_api.domain.issuer_tokens import SignIn, parse_token
from gql_api.domain.issuers import Issuer, Signatures
from gql_api.services.external_users import ExternalUsers
from gql_api.services.key_sets import KeySets
from gql_api.services.security_log import Entry


class ExternalSignIns:
    """Finds the users of the tokens of issuers."""

    def __init__(
        self,
        *,
        issuers: Sequence[Issuer],
        key_sets: KeySets,
        signatures: Signatures,
        users: ExternalUsers,
    ) -> None:
        self._issuers = issuers
        self._key_sets = key_sets
        self._signatures = signatures
        self._users = users

    async def viewer(self, token: str, entry: Entry, now: datetime) -> Viewer | None:
        """Return the enabled user of a valid token, else None; notes the user in `entry`.

        The token is not the session of the user at the issuer: it stays valid until it expires,
        unless the user is disabled here.

        Raises:
            IssuerUnavailable: no keys of the issuer are known, and it does not answer.
        """
        sign_in = await self._read(token, now)
        if sign_in is None:
            return None
        user = await self._users.seen(sign_in.identity, now, sign_in.profile)
        entry.user = user.id
        return None if user.disabled else Viewer(user, logged_in_at=sign_in.authenticated_at)

    async def _read(self, token: str, now: datetime) -> SignIn | None:
        """Return what a token says; None if it is invalid."""
        unverified = parse_token(token, self._issuers, now)
        if unverified is None:
            return None
        key = await self._key_sets.find(unverified.issuer.issuer, unverified.key_id)
        if key is None or not self._signatures.match(token, key, unverified.algorithm):
            return None
        return unverified.sign_in
