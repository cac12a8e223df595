"""What a transfer tells while it runs. All methods may be called from several threads."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of each file and its bytes. `key` tells files apart."""

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """A file begins; `done` bytes of it are there already."""

    def advance(self, key: object, count: int) -> None:
        """Bytes were sent; a negative count takes back those of a part that is sent again."""

    def end(self, key: object, error: str | None) -> None:
        """A file has ended."""

    def note(self, text: str) -> None:
        """Something worth knowing that is no failure."""


class Silent:
    """Tells nobody."""

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""

    def note(self, text: str) -> None:
        """See `Progress`."""
