"""MediaClient: a method for each operation of the service, and whole transfers on top."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from media_client.api import Api, Tokens
from media_client.pool import Pool
from media_client.tokens import FixedToken, MemoryStore, SessionSource, SessionStore
from media_client.verbs.accounts import Accounts
from media_client.verbs.sending import Sending
from media_client.verbs.transfers import Transfers
from media_client.version import USER_AGENT


class MediaClient(Accounts, Sending, Transfers):
    """The service at `url`, as one user. Safe to use from several threads.

    Give `token` (an API key), or call `login`; its session renews itself, and is kept in `store`,
    which is in memory unless given.
    """

    def __init__(
        self, url: str, *, token: str | None = None, store: SessionStore | None = None
    ) -> None:
        self._session = SessionSource(store or MemoryStore())
        tokens: Tokens = self._session if token is None else FixedToken(token)
        self._pool = Pool()
        self._api = Api(url, tokens, self._pool, USER_AGENT)

    @property
    def url(self) -> str:
        """The address of the service's GraphQL endpoint."""
        return self._api.url

    @property
    def api(self) -> Api:
        """The endpoint itself, for operations and engines of one's own."""
        return self._api

    def close(self) -> None:
        """Close the connections. A session stays."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
