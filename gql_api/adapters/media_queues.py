"""Queues of objects to process: Amazon SQS on AWS, and a media worker by HTTP elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from gql_api.adapters.sqs import SqsClient, SqsSender
from gql_api.domain.processing import ATTEMPTS_FAILED, MediaRequest, to_message

_log = logging.getLogger(__name__)

_AT_ONCE = 2
_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.5
_PAUSE_MAX_SECONDS = 15.0
# Longer than the worker may take for a file; see `confinement.Limits`.
_ANSWER_SECONDS = 180


class SqsMediaQueue:
    """Implements `MediaQueue` with Amazon SQS, whose messages invoke the media function."""

    def __init__(self, make_client: Callable[[], SqsClient], queue_url: str) -> None:
        self._sender = SqsSender(make_client, queue_url)

    async def send(self, request: MediaRequest) -> None:
        """See `MediaQueue.send`. boto3's errors pass through, because the caller is retried."""
        await self._sender.send(to_message(request))

    async def close(self) -> None:
        """See `MediaQueue.close`."""


class _WorkerAway(Exception):
    """The worker accepts no connection: it is starting, or not running."""


class _WorkerBrokeOff(Exception):
    """The connection to the worker ended before its answer."""


class _Job(NamedTuple):
    """A request and the number of its attempt. If `alone`, no other is processed meanwhile."""

    request: MediaRequest
    attempt: int = 1
    alone: bool = False


class HttpMediaQueue:
    """Implements `MediaQueue` with a media worker; the requests wait in this process.

    A request that fails three times is given up, as on AWS, where it goes to the dead-letter queue.
    If the worker crashes, any request that it was processing may be the cause, so each of them is
    repeated alone. While the worker is away, all requests wait. Requests that are
    lost when this process ends are sent again by the sweep.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        collect: Callable[[MediaRequest], Awaitable[None]],
        give_up: Callable[[MediaRequest, str], Awaitable[None]],
        first_pause_seconds: float = _FIRST_PAUSE_SECONDS,
    ) -> None:
        """Send to the worker at `url`, `http(s)://host[:port]`.

        `collect` is called with each request that was processed, because not every store sends
        events. `give_up` is called with each that failed, and a sentence for the file's owner.
        """
        self._url = urlsplit(url)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._collect = collect
        self._give_up = give_up
        self._first_pause_seconds = first_pause_seconds
        self._waiting: asyncio.Queue[_Job] = asyncio.Queue()
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._next = asyncio.Lock()
        self._known: set[MediaRequest] = set()
        self._workers: list[asyncio.Task[None]] = []

    async def send(self, request: MediaRequest) -> None:
        """See `MediaQueue.send`. Does nothing if the same request waits or is being processed."""
        if request in self._known:
            return
        self._known.add(request)
        self._waiting.put_nowait(_Job(request))
        if not self._workers:
            # An empty context, so that the caller's time limit does not end the work.
            context = contextvars.Context()
            self._workers = [
                asyncio.create_task(self._work(), context=context) for _ in range(_AT_ONCE)
            ]

    async def close(self) -> None:
        """See `MediaQueue.close`."""
        for task in self._workers:
            task.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            job = await self._waiting.get()
            again = await self._attempt(job)
            if again is None:
                self._known.discard(job.request)
            else:
                # At the end, so that a file that crashes its decoder does not delay the others.
                self._waiting.put_nowait(again)

    async def _attempt(self, job: _Job) -> _Job | None:
        """Have the request processed. Return the next attempt if it failed and is tried again."""
        async with self._turn(alone=job.alone):
            try:
                status = await self._post(to_message(job.request))
            except _WorkerBrokeOff as error:
                status = None
                _log.warning("The media worker broke off: %s", error)
        if status is not None and status < 300:
            await self._report(self._collect(job.request))
            return None
        final = status is not None and status < 500
        if not final and job.attempt < _ATTEMPTS:
            await asyncio.sleep(self._pause_seconds(job.attempt))
            return _Job(job.request, job.attempt + 1, alone=status is None)
        await self._report(self._give_up(job.request, ATTEMPTS_FAILED))
        return None

    @contextlib.asynccontextmanager
    async def _turn(self, *, alone: bool) -> AsyncIterator[None]:
        """Wait for a place at the worker, or for all of its places."""
        places, taken = _AT_ONCE if alone else 1, 0
        try:
            async with self._next:  # Else two that want all places may deadlock.
                for _ in range(places):
                    await self._free.acquire()
                    taken += 1
            yield
        finally:
            for _ in range(taken):
                self._free.release()

    async def _report(self, report: Awaitable[None]) -> None:
        try:
            await report
        except Exception:
            _log.exception("A result could not be recorded. The sweep will ask again.")

    async def _post(self, message: str) -> int:
        """Return the status of the worker's answer; waits while the worker is away."""
        absences = 0
        while True:
            try:
                return await asyncio.to_thread(self._post_now, message)
            except _WorkerAway:
                absences += 1
                await asyncio.sleep(self._pause_seconds(absences))

    def _post_now(self, message: str) -> int:
        # Imported here: on AWS, where messages go to SQS, it would slow down each start.
        import http.client

        secure = self._url.scheme == "https"
        to = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = to(self._url.hostname or "", self._url.port, timeout=_ANSWER_SECONDS)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise _WorkerAway from error
            connection.request("POST", "/", message, self._headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException) as error:
            raise _WorkerBrokeOff(type(error).__name__) from error
        finally:
            connection.close()

    def _pause_seconds(self, failures: int) -> float:
        doublings = min(failures - 1, 10)
        return min(self._first_pause_seconds * (1 << doublings), _PAUSE_MAX_SECONDS)
