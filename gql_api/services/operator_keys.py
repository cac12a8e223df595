"""Operators' keys: created, listed and revoked by commands."""

from __future__ import annotations

from collections.abc import Sequence

from gql_api.domain import opaque_tokens
from gql_api.domain.accounts import API_KEY_NAME_MAX_LENGTH
from gql_api.domain.clock import Clock
from gql_api.domain.errors import FieldError, InvalidInput
from gql_api.domain.ids import is_id, new_id
from gql_api.domain.issuers import Issuer
from gql_api.domain.operator_keys import (
    OWN_ISSUER,
    OperatorKey,
    OperatorKeyStore,
    is_acting_issuer,
)
from gql_api.domain.text import flaw
from gql_api.services.security_log import Entry, Event, recorded


class OperatorKeyService:
    """Manages the keys with which backends act for users. `issuers` are those of the settings."""

    def __init__(self, *, keys: OperatorKeyStore, issuers: Sequence[Issuer], clock: Clock) -> None:
        self._keys = keys
        self._issuers = [issuer.issuer for issuer in issuers]
        self._clock = clock

    async def create(self, name: str, issuer: str | None) -> tuple[str, OperatorKey]:
        """Create a key; returns its secret, which cannot be retrieved later, and the key.

        It acts for the users of `issuer`: the same ones that the issuer's tokens sign in. Without
        it, for those of the only issuer of the settings or, if there is none, for users whom only
        backends know.

        Raises:
            InvalidInput: an invalid name or issuer, or the settings have several issuers.
        """
        with recorded(Entry(Event.CREATE_OPERATOR_KEY)) as entry:
            if problem := flaw(name, API_KEY_NAME_MAX_LENGTH):
                raise InvalidInput([FieldError(("name",), problem)])
            now = self._clock()
            token = opaque_tokens.new_operator_key()
            key = OperatorKey(new_id(now), name, self._issuer(issuer), now, None)
            await self._keys.insert(key, opaque_tokens.key_hash(token))
            entry.api_key = key.id
            return token, key

    def is_configured(self, issuer: str) -> bool:
        """Return whether the tokens of an issuer are accepted, or it has none."""
        return issuer == OWN_ISSUER or issuer in self._issuers

    def _issuer(self, issuer: str | None) -> str:
        if issuer is None and len(self._issuers) > 1:
            raise _invalid_issuer(f"must be one of {', '.join([*self._issuers, OWN_ISSUER])}")
        chosen = issuer or next(iter(self._issuers), OWN_ISSUER)
        if not is_acting_issuer(chosen):
            raise _invalid_issuer(f"must be the https URL of an issuer, or {OWN_ISSUER}")
        return chosen

    async def list(self) -> Sequence[OperatorKey]:
        """Return all keys, newest first."""
        return await self._keys.list()

    async def revoke(self, key_id: str) -> bool:
        """Delete a key, which stops working immediately; returns False if there is no such key."""
        deleted = is_id(key_id) and await self._keys.delete(key_id)
        if deleted:
            Entry(Event.REVOKE_OPERATOR_KEY, api_key=key_id).succeeded()
        return deleted


def _invalid_issuer(problem: str) -> InvalidInput:
    return InvalidInput([FieldError(("issuer",), problem)])
