"""Values that several resolvers of one request share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """A value that is computed when it is first asked for, once however many ask meanwhile.

    An error is not kept: whoever asks next tries anew.
    """

    def __init__(self, compute: Callable[[], Awaitable[T]]) -> None:
        self._compute = compute
        self._lock = asyncio.Lock()
        self._values: list[T] = []

    async def get(self) -> T:
        """The value, or the error of computing it."""
        async with self._lock:
            if not self._values:
                self._values.append(await self._compute())
        return self._values[0]
