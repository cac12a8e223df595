"""The parent's end of the pipes to the decoding process."""

from __future__ import annotations

import os
import subprocess  # nosec B404
import time
from collections.abc import Mapping
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

from gql_api.adapters.media.messages import HEADER

_PIECE_BYTES = 1024 * 1024


class ChildFailed(Exception):
    """The process ended, or broke the rules. `signal` ended it; 0 if none did."""

    def __init__(self, message: str, signal: int = 0) -> None:
        super().__init__(message)
        self.signal = signal


class Channel:
    """Sends messages to a process and receives its own, until a time that is fixed at the start."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Use the pipes of `process`, which must have both."""
        if process.stdin is None or process.stdout is None:
            raise ValueError("the process has no pipes")
        self._process = process
        self._input, self._output = process.stdin.fileno(), process.stdout.fileno()
        os.set_blocking(self._input, False)
        self._stop_at = time.monotonic() + seconds
        self._seconds = seconds

    def send(self, kind: bytes, body: bytes) -> None:
        """Write one message.

        Raises:
            ChildFailed: the process did not take it.
            TimeoutError: the time is over.
        """
        rest = memoryview(HEADER.pack(kind, len(body)) + body)
        while rest:
            self._wait(writing=True)
            try:
                rest = rest[os.write(self._input, rest) :]
            except BrokenPipeError:
                raise self._ended() from None

    def receive(self, max_bytes: Mapping[bytes, int]) -> tuple[bytes, bytes]:
        """Return the kind and the body of the next message.

        Raises:
            ChildFailed: none came, or one of another kind or size than `max_bytes` allows.
            TimeoutError: the time is over.
        """
        kind, length = HEADER.unpack(self._exactly(HEADER.size))
        if length > max_bytes.get(kind, -1):
            raise ChildFailed("it sent a message that is not allowed")
        return kind, self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        pieces = bytearray()
        while len(pieces) < length:
            self._wait(writing=False)
            piece = os.read(self._output, min(_PIECE_BYTES, length - len(pieces)))
            if not piece:
                raise self._ended()
            pieces += piece
        return bytes(pieces)

    def _wait(self, *, writing: bool) -> None:
        end, event = (self._input, EVENT_WRITE) if writing else (self._output, EVENT_READ)
        remaining = self._stop_at - time.monotonic()
        with DefaultSelector() as selector:
            selector.register(end, event)
            if remaining <= 0 or not selector.select(remaining):
                raise TimeoutError(f"decoding took more than {self._seconds:g} seconds")

    def _ended(self) -> ChildFailed:
        """Return the error for a process that has closed its pipe."""
        try:
            code = self._process.wait(max(0.0, self._stop_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            return ChildFailed("it closed its pipe")
        return ChildFailed(f"it ended with status {code}", signal=max(0, -code))
