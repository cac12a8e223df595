"""What the methods of a client need."""

from __future__ import annotations

from media_client.api import Api
from media_client.tokens import SessionSource


class Caller:
    """Holds the endpoint, and the session that `login` begins."""

    _api: Api
    _session: SessionSource
