"""Identifies the sender of a request by their bearer token."""

from __future__ import annotations

from gql_api.domain import opaque_tokens
from gql_api.domain.account_stores import AccessTokens, ApiKeyStore, SessionStore
from gql_api.domain.accounts import Viewer
from gql_api.domain.clock import Clock
from gql_api.services import request_log
from gql_api.services.request_rates import RequestRates
from gql_api.services.security_log import Entry, Event


class AuthenticationService:
    """Finds the user of an `Authorization: Bearer …` token."""

    def __init__(
        self,
        *,
        sessions: SessionStore,
        api_keys: ApiKeyStore,
        tokens: AccessTokens,
        clock: Clock,
        rates: RequestRates,
    ) -> None:
        self._sessions = sessions
        self._api_keys = api_keys
        self._tokens = tokens
        self._clock = clock
        self._rates = rates

    async def viewer(self, bearer_token: str) -> Viewer | None:
        """Return the enabled user of an access token or an API key; None if it is invalid.

        An access token is valid only as long as its session, so that logging out or disabling a
        user takes effect immediately. This costs no extra query: the user is read anyway.

        Raises:
            TooManyRequests: the user has exceeded the request limit of this minute.
        """
        entry = Entry(Event.ACCESS)
        viewer = await self._viewer(bearer_token, entry)
        if viewer is None:
            entry.refused("INVALID_TOKEN")
            return None
        request_log.current().user = viewer.user.id
        await self._rates.count(viewer.user.id)
        return viewer

    async def _viewer(self, bearer_token: str, entry: Entry) -> Viewer | None:
        now = self._clock()
        if bearer_token.startswith(opaque_tokens.API_KEY_PREFIX):
            if not opaque_tokens.is_api_key(bearer_token):
                return None
            return await self._api_keys.find_viewer(opaque_tokens.api_key_hash(bearer_token), now)
        claims = self._tokens.read(bearer_token, now)
        if claims is None:
            return None
        entry.user, entry.session = claims.user_id, claims.session_id
        return await self._sessions.find_viewer(claims.user_id, claims.session_id, now)
