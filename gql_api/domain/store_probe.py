"""The port of the probe, which finds out what the store does by trying it.

StoreProblem
├── ProbeFailed     a request that every upload needs failed
└── UnusableStore   it lacks what these settings need
"""

from __future__ import annotations

from typing import Protocol

from gql_api.domain.deployment import StoreTraits


class StoreProblem(Exception):
    """The service cannot work with this store; the message says why and what to change."""


class ProbeFailed(StoreProblem):
    """The store could not be probed; the message says which request failed and how."""


class UnusableStore(StoreProblem):
    """The store lacks what these settings need."""


class StoreProbe(Protocol):
    """Tries the store with tiny objects outside the uploads' prefix; leaves at most one there."""

    async def probe(self) -> StoreTraits:
        """Return what the store was seen to do.

        Raises:
            ProbeFailed: the store refuses what every upload needs, such as a signed PUT.
            Unavailable: the store cannot be reached or fails temporarily.
        """
        ...
