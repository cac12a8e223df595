"""Users without a password: created when they are first seen."""

from __future__ import annotations

from datetime import datetime

from gql_api.domain.accounts import Identity, Usage, User
from gql_api.domain.identities import NO_PROFILE, ExternalUserStore, Profile
from gql_api.domain.ids import new_id
from gql_api.services.security_log import Entry, Event


class ExternalUsers:
    """Finds the users of issuers."""

    def __init__(self, store: ExternalUserStore) -> None:
        self._store = store

    async def seen(self, identity: Identity, now: datetime, profile: Profile = NO_PROFILE) -> User:
        """Return the user of this identity, even if disabled.

        An unknown one is created, with the service's quota: SIGN_UP is about passwords, and whom
        an issuer signs in is its operator's decision. Of many requests at once, one creates it.
        """
        user = await self._store.find(identity)
        if user is None:
            user = _new(identity, now, profile)
            if not await self._store.insert(user):
                return await self.seen(identity, now, profile)
            Entry(Event.SIGN_UP, user=user.id).succeeded()
            return user
        return await self._told(user, profile)

    async def _told(self, user: User, profile: Profile) -> User:
        """Return the user with what the issuer now says about them."""
        told = user._replace(
            email=profile.email or user.email, full_name=profile.full_name or user.full_name
        )
        if told != user and not user.disabled:
            await self._store.set_profile(user.id, profile)
        return told


def _new(identity: Identity, now: datetime, profile: Profile) -> User:
    return User(
        id=new_id(now),
        username=identity.subject,
        email=profile.email,
        full_name=profile.full_name,
        created_at=now,
        usage=Usage(bytes=0, uploads=0),
        identity=identity,
    )
