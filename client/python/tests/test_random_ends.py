"""Runs of uploads that end at a random moment, in a random way."""

from __future__ import annotations

import threading
from pathlib import Path
from random import Random

import pytest
from client.python.tests.conftest import Account
from client.python.tests.test_engine import PART, assert_no_threads, raised_by, sparse
from tests.random_work import SOAK_FACTOR, generator

from media_client import Journal, MediaClient, Options, Outcome, Source, UploadFilter
from media_client.errors import Stopped
from media_client.models import UploadStatus
from media_client.transfer.progress import Silent

ROUNDS = 2 * SOAK_FACTOR


class Ends(Silent):
    """Calls `end` at the event with a given number."""

    def __init__(self, number: int) -> None:
        self.stop = threading.Event()
        self.error: RuntimeError | None = None
        self._left = number
        self._lock = threading.Lock()

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        self._count()

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self._count()

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""
        self._count()

    def _count(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left:
                return
        if self.error is not None:
            raise self.error
        self.stop.set()


def _files(folder: Path, random: Random) -> list[Path]:
    paths = [folder / f"{number}.txt" for number in range(random.randint(0, 60))]
    for path in paths:
        path.write_bytes(b"x" * random.randint(0, 300))
    paths += [sparse(folder / "film.bin", PART + 1)] * random.randint(0, 2)
    paths += [folder / "missing"] * random.randint(0, 1)
    random.shuffle(paths)
    return paths


def _pending(client: MediaClient, tag: str) -> set[str]:
    wanted = UploadFilter(tags=[tag], status=[UploadStatus.PENDING])
    return {upload.id for upload in client.uploads(wanted)}


@pytest.mark.random
@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_a_run_began_is_stored_resumable_or_cancelled(
    account: Account, tmp_path: Path, tag: str, number: int
) -> None:
    random = generator(number)
    sources = [Source.at(path, tags=[tag]) for path in _files(tmp_path, random)]
    ends = Ends(random.randint(1, 120))
    ends.error = random.choice([None, RuntimeError("a bug")])
    options = Options(jobs=random.choice([1, 2, 16]), checksum=random.random() < 0.3)
    place = tmp_path / "journal"
    outcomes: list[Outcome] = []
    with account.client() as client:
        journal = Journal(place, client.url) if random.random() < 0.6 else None
        uploads = client.upload_all(
            sources, options=options, progress=ends, journal=journal, stop=ends.stop
        )
        raised = raised_by(lambda: outcomes.extend(uploads))
        assert raised is ends.error or raised is None or isinstance(raised, Stopped)
        assert raised is not None or len(outcomes) == len(sources)
        assert_no_threads()
        left = Journal(place, client.url)
        left.load()
        resumable = {entry.upload_id for entry in left.leftovers()}
        assert _pending(client, tag) <= resumable
        assert not {outcome.upload.id for outcome in outcomes if outcome.upload} & resumable
        rest = client.upload_all([entry.source for entry in left.leftovers()], journal=left)
        assert all(outcome.upload for outcome in rest)
        assert _pending(client, tag) == set()
        assert not place.exists() or list(place.iterdir()) == []
