"""media sync of many files that change during the run, killed in the middle and run again.

With SCALE_FACTOR, as in `make soak`, there are 5,000 files.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.recorder import Recorder

from media_client import MediaClient, Upload, UploadFilter, UploadStatus

MANY = 5000 if os.environ.get("SCALE_FACTOR") else 150
_PREFIX = "sync-scale/"


@pytest.fixture
def client(account: Account) -> Iterator[MediaClient]:
    with account.client() as client:
        yield client


def _stored(client: MediaClient, *, trashed: bool = False) -> Mapping[str, Upload]:
    """Return the uploads of this test by path. No path has two."""
    wanted = UploadFilter(status=[UploadStatus.STORED], search=_PREFIX, trashed=trashed)
    uploads = list(client.uploads(wanted))
    found = {upload.filename.removeprefix(_PREFIX): upload for upload in uploads}
    assert len(found) == len(uploads)
    return found


def _write(folder: Path, numbers: range, text: str) -> None:
    for number in numbers:
        path = folder / f"{number % 10}/{number:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text} {number}")


def _killed_at(media: Media, recorder: Recorder, operation: str, count: int) -> None:
    """Run a sync, and kill it when it sends an operation for the `count`th time."""

    def kill(sent: str) -> None:
        if sent == operation and recorder.operations.count(operation) == count:
            process.kill()

    recorder.operations.clear()
    recorder.before = kill
    process = media.start("sync", "many", f"library:{_PREFIX}", "--delete", "--yes")
    process.communicate()
    recorder.before = None
    assert process.returncode == -signal.SIGKILL


def test_a_changing_folder_of_many_files(
    media: Media, recorder: Recorder, client: MediaClient
) -> None:
    """Killed while it sends, and again before it moves the old uploads to the trash."""
    media.environment["MEDIA_URL"] = recorder.url
    folder = media.files / "many"
    _write(folder, range(MANY), "first")
    _killed_at(media, recorder, "completeUploads", max(2, MANY // 200))
    sent = _stored(client)
    assert 0 < len(sent) < MANY
    renamed = min(sent)
    client.update_upload(sent[renamed].id, filename=f"elsewhere {renamed}")

    process = _started(media)
    assert process.stdout
    process.stdout.readline()
    _write(folder, range(MANY - 20, MANY + 20), "while it runs")
    stdout, _ = process.communicate()
    assert process.returncode in (0, 1, 5, 6)  # Files that change while they are sent may fail.
    third = media("sync", "many", f"library:{_PREFIX}")
    assert third.returncode == 0
    assert f"add\t{renamed}" not in third.stdout
    first = _stored(client)
    assert len(first) == MANY + 20
    assert {path: upload.id for path, upload in first.items()}.items() >= {
        path: upload.id
        for path, upload in sent.items()
        if int(path[2:6]) < MANY - 20 and path != renamed
    }.items()
    assert {*stdout.splitlines()} & {f"add\t{path}" for path in sent} == {f"add\t{renamed}"}

    _write(folder, range(0, MANY // 5), "second")
    for number in range(MANY, MANY + 20):
        (folder / f"{number % 10}/{number:04}.txt").unlink()
    _killed_at(media, recorder, "trashUploads", 1)
    done = media("sync", "many", f"library:{_PREFIX}", "--delete", "--yes")
    assert done.returncode == 0, done.stderr
    second = _stored(client)
    assert len(second) == MANY
    replaced = {path for path, upload in second.items() if upload.id != first[path].id}
    assert {int(path[2:6]) for path in replaced} == {*range(0, MANY // 5)}
    trashed = {upload.id for upload in _stored(client, trashed=True).values()}
    assert trashed >= {first[path].id for path in {*first} - {*second} | replaced}

    recorder.operations.clear()
    again = media("sync", "many", f"library:{_PREFIX}", "--delete", "--yes")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert {*recorder.operations} == {"uploads"}
    assert len(recorder.operations) == -(-MANY // 100)


def _started(media: Media) -> subprocess.Popen[str]:
    return media.start("sync", "many", f"library:{_PREFIX}")
