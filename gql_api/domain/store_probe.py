"""The port of the probe, which finds out what the store does by trying it."""

from __future__ import annotations

from typing import Protocol

from gql_api.domain.deployment import StoreTraits


class ProbeFailed(Exception):
    """The store could not be probed; the message says which request failed and how."""


class StoreProbe(Protocol):
    """Tries the store with tiny objects apart from the uploads; leaves at most one of them."""

    async def probe(self) -> StoreTraits:
        """Return what the store was seen to do.

        Raises:
            ProbeFailed: the store refuses what every upload needs, such as a signed PUT.
            Unavailable: the store cannot be reached or fails temporarily.
        """
        ...
