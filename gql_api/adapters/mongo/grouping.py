"""Group commit: what is asked while an earlier answer is on its way is asked together.

A round trip to MongoDB costs the process several times what one more question in it does. So one
group of questions is under way at a time, and those that come meanwhile form the next one. Nobody
waits for others to come: whoever is alone goes alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import Unavailable

Q = TypeVar("Q")
A = TypeVar("A")

# Nobody waits any longer for a group of others: it may hang on a connection that is dead, as after
# a Lambda environment was frozen. The next group goes beside it then.
_PATIENCE_SECONDS = 4.0


class Grouped(Generic[Q, A]):
    """Calls `answer` with groups of questions; it gives one answer or exception for each, in order.

    A question is asked after its caller has come, never before: the answer is as fresh as if it
    had been asked alone. A caller that goes away takes nobody with it, and what he has asked for
    is done all the same, as it is where his connection breaks after the server has got it.
    """

    def __init__(
        self, answer: Callable[[Sequence[Q]], Awaitable[Sequence[A | BaseException]]], most: int
    ) -> None:
        self._answer = answer
        self._most = most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None
        self._asking_since = 0.0

    async def ask(self, question: Q) -> A:
        """The answer to one question.

        Raises:
            Unavailable: no time is left.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, answer))
        late = loop.time() - self._asking_since > _PATIENCE_SECONDS
        if self._asking is None or self._asking.done() or late:
            self._asking_since = loop.time()
            # In a context of its own: the time limits of the caller are not those of the group.
            self._asking = asyncio.create_task(self._ask_all(), context=Context())
        try:
            async with asyncio.timeout(seconds_left()):
                return await answer
        except TimeoutError as error:
            raise Unavailable("database") from error

    async def _ask_all(self) -> None:
        """Answer group after group until nobody waits, or until another task has taken over."""
        while self._waiting and self._asking is asyncio.current_task():
            self._asking_since = asyncio.get_running_loop().time()
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._ask_group(group)
        if self._asking is asyncio.current_task():
            self._asking = None

    async def _ask_group(self, group: Sequence[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers: Sequence[A | BaseException]
            answers = await self._answer([question for question, _ in group])
        except Exception as error:
            answers = [error] * len(group)
        for (_, future), answer in zip(group, answers, strict=True):
            if future.done():  # Its caller has gone away.
                continue
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
