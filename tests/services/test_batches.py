"""What operations on many uploads have in common."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.services.batches import for_each


async def test_outcomes_are_in_order_and_a_repeated_id_is_worked_on_once() -> None:
    done: list[str] = []

    async def work(upload_id: str) -> str:
        await asyncio.sleep(0.01 if upload_id == "a" else 0)
        done.append(upload_id)
        return upload_id.upper()

    assert await for_each(["a", "b", "a", "c"], work, at_once=3) == ["A", "B", "A", "C"]
    assert done == ["b", "c", "a"]
    assert await for_each([], work, at_once=3) == []


async def test_an_error_does_not_keep_the_others_from_being_worked_on() -> None:
    running = most = 0
    done: list[str] = []

    async def work(upload_id: str) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        done.append(upload_id)
        if upload_id == "b":
            raise RuntimeError(upload_id)

    with pytest.raises(RuntimeError, match="b"):
        await for_each(list("abcdef"), work, at_once=2)
    assert (sorted(done), most) == (list("abcdef"), 2)
