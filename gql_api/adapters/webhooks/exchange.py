"""One HTTP/1.1 request and its answer over an open connection.

Only the head of the answer matters. Its body is read as well, so that the receiver can send it all,
but only as much as `BODY_MAX_BYTES`, and none of it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import h11

from gql_api.domain.webhook_sending import SendingFailed

HEAD_MAX_BYTES = 16 * 1024
BODY_MAX_BYTES = 64 * 1024
_READ_BYTES = 4 * 1024
_INTERIM_MAX = 10

_NO_HTTP = "The receiver's answer is not valid HTTP/1.1, or its head has more than 16 KiB."


class Exchange:
    """Sends a request, then reads the head of the answer and, as far as it is wanted, the body."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_MAX_BYTES)

    async def post(
        self, target: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> tuple[int, Mapping[str, str]]:
        """Send a POST request; return the answer's status, and its headers by lower-case name.

        Raises:
            OSError: the connection broke.
            SendingFailed: what came is not an answer, or its head is too large.
        """
        events: tuple[h11.Event, ...] = (
            h11.Request(method="POST", target=target, headers=list(headers)),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        self._writer.write(b"".join(self._http.send(event) or b"" for event in events))
        await self._writer.drain()
        # Interim answers (RFC 9110, 15.2) may come before the final one.
        for _ in range(_INTERIM_MAX):
            event = await self._next_event()
            if isinstance(event, h11.Response):
                found = {name.decode(): value.decode("latin-1") for name, value in event.headers}
                return event.status_code, found
            if not isinstance(event, h11.InformationalResponse):
                break
        raise SendingFailed(_NO_HTTP)

    async def read_body(self) -> None:
        """Read the body to its end, but at most 64 KiB of it.

        Raises:
            OSError: the connection broke.
            SendingFailed: the body is malformed.
        """
        received = 0
        while received < BODY_MAX_BYTES:
            event = await self._next_event()
            if not isinstance(event, h11.Data):
                return
            received += len(event.data)

    async def _next_event(self) -> h11.Event | None:
        """Return the next part of the answer; None if nothing may follow."""
        try:
            while True:
                event = self._http.next_event()
                if isinstance(event, h11.Event):
                    return event
                if event is h11.PAUSED:
                    return None
                self._http.receive_data(await self._reader.read(_READ_BYTES))
        except h11.RemoteProtocolError:
            raise SendingFailed(_NO_HTTP) from None
