"""The objects that this process has just checked."""

from __future__ import annotations

from gql_api.domain import etags

_MOST = 1000


class RecentObjects:
    """Remembers the ETags of the objects that were stored last, by key.

    The event of an object usually arrives after its client has completed the upload. If both reach
    the same process, as in the embedded stack, the event is handled without a query.
    """

    def __init__(self) -> None:
        self._etags: dict[str, str] = {}

    def add(self, key: str, etag: str) -> None:
        """Remember an object; forget the oldest if there are more than a thousand."""
        self._etags[key] = etag
        if len(self._etags) > _MOST:
            del self._etags[next(iter(self._etags))]

    def discard(self, key: str) -> None:
        """Forget an object."""
        self._etags.pop(key, None)

    def has(self, key: str, etag: str | None) -> bool:
        """Return whether the object with this ETag is remembered."""
        return etags.same(self._etags.get(key), etag)
