"""Identifies the sender of a request by their bearer token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gql_api.domain import opaque_tokens
from gql_api.domain.account_stores import AccessTokens, ApiKeyStore, SessionStore
from gql_api.domain.accounts import Viewer
from gql_api.domain.clock import Clock
from gql_api.domain.errors import Forbidden, RequestError, Unauthenticated
from gql_api.services import request_log
from gql_api.services.acting import ActingService
from gql_api.services.request_rates import RequestRates
from gql_api.services.security_log import Entry, Event

if TYPE_CHECKING:
    from gql_api.services.external_sign_ins import ExternalSignIns


class Requester:
    """The sender of a request for a change that itself checks that their session is live.

    `session_id` is None for an API key, which was checked before.
    """

    def __init__(self, user_id: str, entry: Entry, rates: RequestRates) -> None:
        self.user_id = user_id
        self.session_id = entry.session
        self._entry = entry
        self._rates = rates
        self._is_known = False

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Log the request according to the outcome of the change that is made in this context.

        The change raises `Unauthenticated` if the session has ended. If the first change of a
        request does, the request does not count towards the user's limit, so that an ended session
        cannot use it up.
        """
        record = request_log.current()
        before, record.user = record.user, self.user_id
        try:
            yield
        except Unauthenticated:
            record.user = before
            if not self._is_known:
                self._rates.take_back(self.user_id)
                self._entry.refused("INVALID_TOKEN")
            raise
        finally:
            self._is_known = True


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
        acting: ActingService | None = None,
        external: ExternalSignIns | None = None,
    ) -> None:
        self._sessions = sessions
        self._api_keys = api_keys
        self._tokens = tokens
        self._clock = clock
        self._rates = rates
        self._acting = acting
        self._external = external

    async def viewer(self, bearer_token: str, act_as: str | None = None) -> Viewer | None:
        """Return the enabled user of an access token or an API key; None if it is invalid.

        With an operator's key, return the user whose external id is `act_as`.

        An access token is valid only as long as its session, so that logging out or disabling a
        user takes effect immediately. This costs no extra query: the user is read anyway. One of
        an issuer is valid until it expires or its user is disabled.

        Raises:
            Forbidden: an operator's key without `act_as`, or `act_as` without such a key.
            IssuerUnavailable: the token needs the keys of an issuer that does not answer.
            TooManyRequests: the user has exceeded the request limit of this minute.
        """
        if bearer_token.startswith(opaque_tokens.OPERATOR_KEY_PREFIX):
            return await self._acting_viewer(bearer_token, act_as)
        if act_as is not None:
            raise Forbidden("Act-As needs an operator's key.")
        entry = Entry(Event.ACCESS)
        viewer = await self._viewer(bearer_token, entry)
        if viewer is None:
            entry.refused("INVALID_TOKEN")
            return None
        request_log.current().user = viewer.user.id
        await self._rates.count(viewer.user.id)
        return viewer

    async def _acting_viewer(self, token: str, act_as: str | None) -> Viewer | None:
        """Return the user that a backend acts for, and log that it does."""
        entry, viewer = Entry(Event.ACT_AS), None
        try:
            if self._acting is not None:
                viewer = await self._acting.viewer(token, act_as, entry, self._clock())
            if viewer is not None:
                request_log.current().user = viewer.user.id
                await self._rates.count(viewer.user.id)
        except RequestError as error:
            entry.refused(error.code)
            raise
        if viewer is None:
            entry.refused("INVALID_TOKEN")
        else:
            entry.succeeded()
        return viewer

    async def requester(self, bearer_token: str) -> Requester | None:
        """Return the sender of an access token, whose session is not checked yet.

        Returns None where `viewer` must decide: for a key, an issuer's or an invalid token, and a
        user who has exceeded the request limit.
        """
        claims = self._tokens.read(bearer_token, self._clock())
        if claims is None:
            return None
        if not await self._rates.admits(claims.user_id):
            self._rates.take_back(claims.user_id)
            return None
        entry = Entry(Event.ACCESS, claims.user_id, claims.session_id)
        return Requester(claims.user_id, entry, self._rates)

    def known(self, viewer: Viewer) -> Requester:
        """Return the requester for a viewer who was already looked up."""
        return Requester(viewer.user.id, Entry.by(Event.ACCESS, viewer), self._rates)

    async def _viewer(self, bearer_token: str, entry: Entry) -> Viewer | None:
        now = self._clock()
        if bearer_token.startswith(opaque_tokens.API_KEY_PREFIX):
            if not opaque_tokens.is_api_key(bearer_token):
                return None
            return await self._api_keys.find_viewer(opaque_tokens.key_hash(bearer_token), now)
        claims = self._tokens.read(bearer_token, now)
        if claims is None:
            return await self._external.viewer(bearer_token, entry, now) if self._external else None
        entry.user, entry.session = claims.user_id, claims.session_id
        return await self._sessions.find_viewer(claims.user_id, claims.session_id, now)
