"""The upload engine: it never hangs, and what it began is stored, resumable or cancelled."""

from __future__ import annotations

import asyncio
import errno
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client.python.tests.conftest import MEDIA, Account, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.service import free_port

from media_client import AsyncMediaClient, MediaClient, Options, Source, UploadFilter, UploadStatus
from media_client.errors import SourceError, Stopped, Unauthenticated
from media_client.transfer.engine import Engine
from media_client.transfer.job import Job, Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.progress import Silent

MIB = 1024 * 1024
PART = 16 * MIB
_DEADLINE_SECONDS = 60  # Only reached by a run that hangs.


def raised_by(call: Callable[[], object]) -> BaseException | None:
    """Return what the call raises; fail if it hangs. It runs in another thread."""
    raised: list[BaseException | None] = []

    def run() -> None:
        try:
            call()
            raised.append(None)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_DEADLINE_SECONDS)
    assert raised, "the call hangs"
    return raised[0]


def assert_no_threads() -> None:
    """Assert that no thread of a run is left."""
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"sender", "completion", "uploads"}


def statuses(account: Account, tag: str) -> list[UploadStatus]:
    """Return the statuses of the uploads with this tag."""
    with account.client() as client:
        return sorted(upload.status for upload in client.uploads(UploadFilter(tags=[tag])))


def sparse(path: Path, size: int) -> Path:
    """Create a file of zeros."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


class Faulty(Silent):
    """Callbacks of which one raises an exception."""

    def __init__(self, method: str, error: BaseException) -> None:
        self.stored: set[str] = set()
        self._method = method
        self._error = error

    def _called(self, method: str) -> None:
        if method == self._method:
            raise self._error

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        self._called("begin")

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self._called("advance")

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""
        self._called("end")

    def note(self, text: str) -> None:
        """See `Progress`."""
        self._called("note")

    def finished(self, outcome: Outcome) -> None:
        """Called by the engine for each outcome."""
        if outcome.upload is not None:
            self.stored.add(outcome.upload.id)
        self._called("finished")


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("finished", OSError(errno.ENOSPC, "No space left on device")),
        ("begin", RuntimeError("a bug")),
        ("advance", BrokenPipeError()),
        ("advance", TimeoutError()),
        ("end", KeyboardInterrupt()),
        ("note", SystemExit(3)),
        ("sources", ZeroDivisionError()),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.parametrize("journaled", [True, False], ids=["journal", "no journal"])
def test_an_exception_of_the_caller_ends_the_run(
    account: Account, tmp_path: Path, tag: str, method: str, error: BaseException, journaled: bool
) -> None:
    sparse(tmp_path / "film.bin", PART + 1)
    paths = [tmp_path / "film.bin", *(tmp_path / f"{number}.txt" for number in range(5))]
    for path in paths[1:]:
        path.write_bytes(b"x")
    faulty = Faulty(method, error)
    caller_stop = threading.Event()
    place = tmp_path / "journal"
    if method == "note":
        place.write_text("")  # The journal can't be written, which is noted.

    def sources() -> Iterator[Source]:
        for path in paths:
            yield Source.at(path, tags=[tag])
        if method == "sources":
            raise error

    with account.client() as client:
        journal = Journal(place, client.url) if journaled else None
        options = Options(jobs=2)
        engine = Engine(client.api, options, faulty, faulty.finished, caller_stop, journal)
        raised = raised_by(lambda: engine.run(sources()))
        if method == "note" and not journaled:
            assert raised is None
        else:
            assert raised is error
        assert_no_threads()
        assert not caller_stop.is_set()
        left = Journal(place, client.url)
        left.load()
        resumable = {entry.upload_id for entry in left.leftovers()}
        uploads = client.uploads(UploadFilter(tags=[tag], status=[UploadStatus.PENDING]))
        assert {upload.id for upload in uploads} <= resumable
        assert not faulty.stored & resumable


def test_stdout_on_a_full_disk(media: Media, tag: str) -> None:
    media.write("a.txt")
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [MEDIA, "upload", "a.txt", "--tag", tag],
            cwd=media.files,
            env=media.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=_DEADLINE_SECONDS,
            check=False,
        )
    assert result.returncode not in (0, 130)
    assert statuses(media.account, tag) == ["STORED"]
    assert media("resume", "--list").stdout == ""


class StopsAtFirstByte(Silent):
    """Sets an event as soon as a byte was sent."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self._stop.set()


def test_a_stopped_upload_without_a_journal_is_cancelled(
    account: Account, tmp_path: Path, tag: str
) -> None:
    stop = threading.Event()
    path = sparse(tmp_path / "film.bin", 2 * PART)
    with account.client() as client, pytest.raises(Stopped, match=r"stopped\.$"):
        client.upload_file(path, tags=[tag], progress=StopsAtFirstByte(stop), stop=stop)
    assert statuses(account, tag) == ["CANCELLED"]
    assert_no_threads()


def test_the_waiting_for_the_service_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x")
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    nowhere = MediaClient(f"http://127.0.0.1:{free_port()}", token="mus_x")
    with nowhere, pytest.raises(Stopped):
        nowhere.upload_file(tmp_path / "a.txt", stop=stop)


def test_a_silent_bucket_does_not_delay_the_end(
    far_account: Account,
    proxy: FaultProxy,
    tmp_path: Path,
    tag: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All bytes were sent, but there is no response. The thread that waits is left behind."""
    monkeypatch.setattr("media_client.transfer.engine._GRACE_SECONDS", 0.1)
    (tmp_path / "a.txt").write_bytes(b"x")
    proxy.hold_after = 1
    stop = threading.Event()
    with far_account.client() as client:
        progress = StopsAtFirstByte(stop)
        raised = raised_by(
            lambda: client.upload_file(tmp_path / "a.txt", tags=[tag], progress=progress, stop=stop)
        )
    assert isinstance(raised, Stopped)
    assert statuses(far_account, tag) == ["CANCELLED"]


class Order(Silent):
    """Holds back the large file until the small one has its ticket, then counts."""

    def __init__(self) -> None:
        self.sent = 0
        self.sent_before_small: int | None = None
        self._small_begun = threading.Event()

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        if name == "small.txt":
            self._small_begun.set()

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        assert isinstance(key, Job)
        if key.source.filename == "small.txt":
            self.sent_before_small = self.sent_before_small or self.sent
        else:
            assert self._small_begun.wait(_DEADLINE_SECONDS)
            self.sent += count


def test_a_small_file_does_not_wait_for_large_ones(
    account: Account, tmp_path: Path, tag: str
) -> None:
    """With one connection, at most two parts of the large files are sent before it."""
    names = ["film.bin", "other.bin", "small.txt"]
    for name in names[:2]:
        sparse(tmp_path / name, 3 * PART)
    (tmp_path / "small.txt").write_bytes(b"6 byte")
    order = Order()
    with account.client() as client:
        outcomes = client.upload_all(
            [Source.at(tmp_path / name, tags=[tag]) for name in names],
            options=Options(jobs=1),
            progress=order,
        )
        assert all(outcome.upload for outcome in outcomes)
    assert order.sent == 6 * PART
    assert order.sent_before_small is not None
    assert order.sent_before_small <= 2 * PART


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_jobs_at_all_are_refused(jobs: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Options(jobs=jobs)


# ---------------------------------------------------------------- outcomes, one by one


def test_closing_the_iterator_ends_the_run(account: Account, tmp_path: Path, tag: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"x")
    film = sparse(tmp_path / "film.bin", 2 * PART)
    closed = threading.Event()

    def sources() -> Iterator[Source]:
        yield Source.at(tmp_path / "a.txt", tags=[tag])
        yield Source.at(tmp_path / "missing", tags=[tag])
        yield Source.at(film, tags=[tag])

    class Held(Silent):
        def advance(self, key: object, count: int) -> None:
            assert isinstance(key, Job)
            if key.source.path == film:
                assert closed.wait(_DEADLINE_SECONDS)

    with account.client() as client:
        outcomes = client.upload_all(sources(), progress=Held())
        first = next(outcomes)
        assert isinstance(first.error, SourceError)
        assert next(outcomes).upload
        closed.set()
        outcomes.close()
    assert_no_threads()
    assert UploadStatus.PENDING not in statuses(account, tag)


def test_errors_surface_from_the_iterator(account: Account, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x")
    with MediaClient(account.url, token="mus_nonsense") as client:
        outcomes = client.upload_all([Source.at(tmp_path / "a.txt")])
        with pytest.raises(Unauthenticated):
            next(outcomes)
    assert_no_threads()


async def test_the_asynchronous_iterator(account: Account, tmp_path: Path, tag: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"x")
    film = sparse(tmp_path / "film.bin", 2 * PART)
    sources = [Source.at(path, tags=[tag]) for path in (tmp_path / "a.txt", film)]
    caller_stop = threading.Event()
    async with AsyncMediaClient(account.url, token=account.token) as client:
        assert [outcome.error async for outcome in client.upload_all(sources)] == [None, None]
        entered = asyncio.Event()
        loop = asyncio.get_running_loop()

        class Held(Silent):
            def begin(self, key: object, name: str, size: int, done: int) -> None:
                loop.call_soon_threadsafe(entered.set)

        async def upload() -> None:
            held = Held()
            async for _ in client.upload_all([sources[1]], progress=held, stop=caller_stop):
                pass

        task = asyncio.create_task(upload())
        await entered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not caller_stop.is_set()
    assert_no_threads()
    assert UploadStatus.PENDING not in statuses(account, tag)
