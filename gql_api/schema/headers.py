"""The header fields of a request."""

from __future__ import annotations

from collections.abc import Iterable


class Headers:
    """Header fields as ASGI carries them: names in lower case, and all in Latin-1."""

    def __init__(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            values = self._values.setdefault(name.decode("latin-1").lower(), [])
            values.append(value.decode("latin-1"))

    def all(self, name: str) -> list[str]:
        """Return the values of the fields of this name, in order. `name` is in lower case."""
        return self._values.get(name, [])

    def find(self, name: str) -> str | None:
        """Return the value of the first field of this name; None if there is none."""
        values = self.all(name)
        return values[0] if values else None

    def text(self, name: str) -> str:
        """Return the value of the first field of this name; empty if there is none."""
        return self.find(name) or ""
