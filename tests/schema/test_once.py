"""Values shared by several resolvers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from gql_api.schema.once import Once


async def test_it_is_computed_once_however_many_ask_meanwhile() -> None:
    computed = 0

    async def compute() -> int:
        nonlocal computed
        await asyncio.sleep(0)
        computed += 1
        return computed

    value = Once(compute)
    assert await asyncio.gather(*(value.get() for _ in range(5))) == [1] * 5
    assert await value.get() == 1


async def test_none_is_a_value() -> None:
    calls: list[int] = []

    async def compute() -> None:
        calls.append(1)

    value = Once(compute)
    await value.get()
    await value.get()
    assert calls == [1]


async def test_an_error_is_not_kept() -> None:
    outcomes: Iterator[int | Exception] = iter([ConnectionError("once"), 7])

    async def compute() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    value = Once(compute)
    with pytest.raises(ConnectionError):
        await value.get()
    assert await value.get() == 7
