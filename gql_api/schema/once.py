"""Values shared by several resolvers of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
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


class OncePer(Generic[K, T]):
    """Values that are each computed once per key."""

    def __init__(self, compute: Callable[[K], Awaitable[T]]) -> None:
        self._compute = compute
        self._values: dict[K, Once[T]] = {}

    async def get(self, key: K) -> T:
        """Return the value for the key; raises the error of computing it."""
        value = self._values.get(key)
        if value is None:
            value = self._values[key] = Once(lambda: self._compute(key))
        return await value.get()
