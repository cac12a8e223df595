"""The ways to the media function: messages to Amazon SQS, and requests to a media worker."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from botocore.stub import Stubber

from gql_api.adapters import media_queues
from gql_api.adapters.media.confinement import LIMITS
from gql_api.adapters.media_queues import HttpMediaQueue, SqsMediaQueue
from gql_api.adapters.s3.client import make_sqs_client
from gql_api.adapters.sqs import SqsClient
from gql_api.domain.deadline import time_limit
from gql_api.domain.processing import ATTEMPTS_FAILED, MediaRequest, request_of, to_message
from gql_api.media_server import MediaServer
from local import ports

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/media"
TOKEN = "t" * 32


def a_request(number: int = 0) -> MediaRequest:
    return MediaRequest(f"uploads/owner/{number}", '"etag"', str(number))


async def test_it_is_sent_to_sqs() -> None:
    client = make_sqs_client(
        {"aws_access_key_id": "a", "aws_secret_access_key": "s", "region_name": "eu-west-1"}
    )
    made: list[int] = []

    def make() -> SqsClient:
        made.append(threading.get_ident())
        made_client: SqsClient = client
        return made_client

    queue = SqsMediaQueue(make, URL)
    expected = {"QueueUrl": URL, "MessageBody": to_message(a_request())}
    with Stubber(client) as stub:
        stub.add_response("send_message", {"MessageId": "1"}, expected)
        stub.add_client_error("send_message", "QueueDoesNotExist", expected_params=expected)
        await queue.send(a_request())
        with pytest.raises(client.exceptions.QueueDoesNotExist):
            await queue.send(a_request())
    # boto3 is imported once, and not on the event loop.
    assert len(made) == 1
    assert threading.get_ident() not in made
    await queue.close()


class Worker:
    """A media worker that fails as it is told, and records what it is asked and what is reported.

    `failures`: how often each upload still fails; -1 for always. `going_on` lets requests end.
    """

    def __init__(self) -> None:
        self.port = ports.free_port()
        self.failures: dict[str, int] = {}
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0
        self.going_on = threading.Event()
        self.going_on.set()
        self.collected: list[str] = []
        self.given_up: list[tuple[str, str]] = []
        self.reporting_fails = False
        self._lock = threading.Lock()

    def derive(self, request: MediaRequest) -> None:
        with self._lock:
            self.asked.append(request.upload_id)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            left = self.failures.get(request.upload_id, 0)
            self.failures[request.upload_id] = max(left - 1, -1) if left else 0
        self.going_on.wait(10)
        with self._lock:
            self.at_once -= 1
        if left:
            raise RuntimeError("told to fail")

    async def collect(self, request: MediaRequest) -> None:
        self.collected.append(request.upload_id)
        if self.reporting_fails:
            raise ConnectionError("no database")

    async def give_up(self, request: MediaRequest, reason: str) -> None:
        self.given_up.append((request.upload_id, reason))
        if self.reporting_fails:
            raise ConnectionError("no database")

    @contextlib.contextmanager
    def running(self, token: str = TOKEN) -> Iterator[None]:
        with MediaServer("127.0.0.1", self.port, self.derive, token) as listening:
            thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield
            finally:
                self.going_on.set()
                listening.shutdown()
                thread.join()


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
async def queue(worker: Worker) -> AsyncIterator[HttpMediaQueue]:
    queue = HttpMediaQueue(
        f"http://127.0.0.1:{worker.port}",
        TOKEN,
        collect=worker.collect,
        give_up=worker.give_up,
        first_pause_seconds=0.001,
    )
    yield queue
    await queue.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition is true."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - threads change what it looks at.
            await asyncio.sleep(0.005)


async def reported(worker: Worker, count: int) -> None:
    """Wait until this many requests have been collected or given up."""
    await until(lambda: len(worker.collected) + len(worker.given_up) >= count)


async def test_each_request_is_processed_once(worker: Worker, queue: HttpMediaQueue) -> None:
    with worker.running():
        worker.going_on.clear()
        for _ in range(3):
            for number in range(4):
                await queue.send(a_request(number))
        worker.going_on.set()
        await reported(worker, 4)
        assert sorted(worker.asked) == sorted(worker.collected) == ["0", "1", "2", "3"]
        # Once it is done, it may be asked for again.
        await queue.send(a_request(1))
        await reported(worker, 5)
    assert worker.asked[4:] == ["1"]
    assert worker.given_up == []


async def test_at_most_two_are_processed_at_once(worker: Worker, queue: HttpMediaQueue) -> None:
    with worker.running():
        worker.going_on.clear()
        for number in range(6):
            await queue.send(a_request(number))
        await until(lambda: len(worker.asked) == 2)
        await asyncio.sleep(0.1)
        assert len(worker.asked) == 2
        worker.going_on.set()
        await reported(worker, 6)
    assert worker.most_at_once == 2


async def test_the_third_failure_is_final_and_delays_no_other(
    worker: Worker, queue: HttpMediaQueue
) -> None:
    worker.failures = {"0": -1, "1": 2}
    with worker.running():
        for number in range(8):
            await queue.send(a_request(number))
        await reported(worker, 8)
    assert worker.asked.count("0") == worker.asked.count("1") == 3
    assert sorted(worker.collected) == [str(number) for number in range(1, 8)]
    assert worker.given_up == [("0", ATTEMPTS_FAILED)]


async def test_a_refused_message_is_given_up_at_once(worker: Worker, queue: HttpMediaQueue) -> None:
    with worker.running(token="another" * 8):
        await queue.send(a_request())
        await reported(worker, 1)
    assert worker.asked == worker.collected == []
    assert [upload_id for upload_id, _ in worker.given_up] == ["0"]


async def test_a_worker_that_is_away_does_not_count(worker: Worker, queue: HttpMediaQueue) -> None:
    for number in range(3):
        await queue.send(a_request(number))
    await asyncio.sleep(0.2)  # Long enough for more than three attempts.
    assert worker.given_up == []
    with worker.running():
        await reported(worker, 3)
    assert sorted(worker.collected) == ["0", "1", "2"]


async def test_a_worker_that_breaks_off_fails(worker: Worker, queue: HttpMediaQueue) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        worker.asked.append(request_of((await reader.readexactly(length)).decode()).upload_id)
        writer.close()

    async with await asyncio.start_server(break_off, "127.0.0.1", worker.port):
        await queue.send(a_request())
        await reported(worker, 1)
    assert worker.asked == ["0"] * 3
    assert [upload_id for upload_id, _ in worker.given_up] == ["0"]


async def test_a_file_that_ends_its_worker_takes_no_other_with_it(
    worker: Worker, queue: HttpMediaQueue
) -> None:
    """The requests that end together wait together, too."""
    in_flight: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        upload_id = request_of((await reader.readexactly(length)).decode()).upload_id
        worker.asked.append(upload_id)
        in_flight.add(writer)
        # By the time the first breaks off, the other has begun, and it is not done.
        await asyncio.sleep(0.1 if upload_id == "0" else 0.3)
        if upload_id == "0":
            for each in in_flight:
                each.close()
            in_flight.clear()
        elif writer in in_flight:
            in_flight.discard(writer)
            writer.write(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", worker.port):
        for number in range(2):
            await queue.send(a_request(number))
        await reported(worker, 2)
    assert [upload_id for upload_id, _ in worker.given_up] == ["0"]
    assert worker.asked.count("0") == 3
    assert worker.collected == ["1"]


async def test_the_queue_goes_on_when_a_result_cannot_be_recorded(
    worker: Worker, queue: HttpMediaQueue, caplog: pytest.LogCaptureFixture
) -> None:
    worker.reporting_fails = True
    worker.failures = {"0": -1}
    with worker.running():
        for number in range(4):
            await queue.send(a_request(number))
        await reported(worker, 4)
        await queue.send(a_request(1))
        await reported(worker, 5)
    assert caplog.text.count("The sweep will ask again.") >= 4


async def test_the_time_of_the_caller_does_not_limit_the_work(
    worker: Worker, queue: HttpMediaQueue
) -> None:
    with worker.running():
        worker.going_on.clear()
        with time_limit(0.05):
            await queue.send(a_request())
        await asyncio.sleep(0.1)
        worker.going_on.set()
        await reported(worker, 1)
    assert worker.collected == ["0"]


async def test_closing_ends_the_work(worker: Worker, queue: HttpMediaQueue) -> None:
    await queue.send(a_request())
    await asyncio.sleep(0.05)
    await queue.close()
    with worker.running():
        await asyncio.sleep(0.1)
    assert worker.asked == worker.collected == []


def test_an_answer_is_waited_for_longer_than_decoding_may_take() -> None:
    assert LIMITS.elapsed_seconds + 30 < media_queues._ANSWER_SECONDS
