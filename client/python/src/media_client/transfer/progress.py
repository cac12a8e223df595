"""The interface through which a transfer reports progress."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives progress events. `key` identifies a file; methods are called from any thread."""

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """A file of `size` bytes started; `done` bytes were already transferred earlier."""

    def advance(self, key: object, count: int) -> None:
        """`count` bytes were transferred. A negative count takes back bytes of a failed part."""

    def end(self, key: object, error: str | None) -> None:
        """A file finished, or failed with `error`."""

    def note(self, text: str) -> None:
        """A message for the user that is not a failure of a file."""


class Silent:
    """Ignores all events."""

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""

    def note(self, text: str) -> None:
        """See `Progress`."""
