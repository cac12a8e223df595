"""Values shared by several resolvers of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """A value that is computed once, on first use, even with concurrent callers.

    An error is not cached: the next caller tries again.
    """

    def __init__(self, compute: Callable[[], Awaitable[T]]) -> None:
        self._compute = compute
        self._lock = asyncio.Lock()
        self._values: list[T] = []

    async def get(self) -> T:
        """Return the value; raises the error of computing it."""
        async with self._lock:
            if not self._values:
                self._values.append(await self._compute())
        return self._values[0]
