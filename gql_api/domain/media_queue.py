"""The port of the queue of objects that the media function processes."""

from __future__ import annotations

from typing import Protocol

from gql_api.domain.processing import MediaRequest


class MediaQueue(Protocol):
    """Objects to process. An object may be sent several times; processing it again is harmless."""

    async def send(self, request: MediaRequest) -> None:
        """Ask for an object to be processed. Returns before that has happened."""
        ...

    async def close(self) -> None:
        """Stop. The sweep sends again what has not been processed."""
        ...


class NoMediaQueue:
    """Implements `MediaQueue` where nothing processes media."""

    async def send(self, request: MediaRequest) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""
