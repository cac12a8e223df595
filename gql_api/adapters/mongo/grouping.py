"""Group commit: questions that arrive while a round trip is in flight share the next one.

A question is a read or a write, and its result is the answer.

A round trip to MongoDB costs this process several times as much as one more question in it. So
only one group of questions is in flight at a time, and those that arrive meanwhile form the next
group. There is no delay to collect questions: a single question is sent at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from typing import Generic, Protocol, TypeVar

from gql_api.adapters.mongo.blocking_client import is_blocking
from gql_api.adapters.mongo.database import Database
from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import Unavailable

Q = TypeVar("Q")
A = TypeVar("A")
Asked = TypeVar("Asked", contravariant=True)
Answered = TypeVar("Answered", covariant=True)

# If a group takes longer, the next one is sent concurrently: the first may hang on a dead
# connection, such as after a Lambda environment was frozen.
_PATIENCE_SECONDS = 4.0


class Questions(Protocol[Asked, Answered]):
    """Takes one question at a time."""

    async def ask(self, question: Asked) -> Answered:
        """Return the answer to one question."""
        ...


def grouped(
    database: Database,
    answer: Callable[[Sequence[Q]], Awaitable[Sequence[A | BaseException]]],
    most: int,
    *,
    batches: bool = False,
) -> Questions[Q, A]:
    """Return a `Questions` that calls `answer` with at most `most` questions for this database.

    With a blocking client, no question arrives while another is being answered, so each is sent
    alone. With `batches`, questions that one request asks at the same time still form groups. Such
    a group has the time limit of the request, because asyncio cannot interrupt the client.
    """
    if not is_blocking(database):
        return Grouped(answer, most)
    return Grouped(answer, most, copy_context) if batches else Single(answer)


class Single(Generic[Q, A]):
    """Calls `answer` with one question at a time, without a task for it."""

    def __init__(
        self, answer: Callable[[Sequence[Q]], Awaitable[Sequence[A | BaseException]]]
    ) -> None:
        self._answer = answer

    async def ask(self, question: Q) -> A:
        """Return the answer to one question."""
        [answer] = await self._answer([question])
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Grouped(Generic[Q, A]):
    """Calls `answer` with groups of questions; it returns one answer or error for each, in order.

    A group is sent after all of its questions have arrived, so each answer is as fresh as if its
    question had been sent alone. Cancelling a caller affects neither the other callers nor its own
    question, which is processed anyway, as if the connection had broken after sending a request.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Awaitable[Sequence[A | BaseException]]],
        most: int,
        context: Callable[[], Context] = Context,
    ) -> None:
        """`context` returns the context that a group runs in.

        By default it is empty, so that the deadline of one caller does not limit the others.
        """
        self._answer = answer
        self._most = most
        self._context = context
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None
        self._asking_since = 0.0

    async def ask(self, question: Q) -> A:
        """Return the answer to one question.

        Raises:
            Unavailable: the deadline has passed.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, answer))
        late = loop.time() - self._asking_since > _PATIENCE_SECONDS
        if self._asking is None or self._asking.done() or late:
            self._asking_since = loop.time()
            self._asking = asyncio.create_task(self._ask_all(), context=self._context())
        try:
            async with asyncio.timeout(seconds_left()):
                return await answer
        except TimeoutError as error:
            raise Unavailable("database") from error

    async def _ask_all(self) -> None:
        """Answer one group after another until none waits or another task has taken over."""
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
            if future.done():  # The caller was cancelled.
                continue
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
