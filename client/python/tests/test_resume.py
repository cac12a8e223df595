"""Uploads that were begun earlier: resumed, given up or cancelled."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.in_process import InProcess
from client.python.tests.test_engine import PART, sparse

from media_client import Journal, MediaClient, Options, Source, UploadStatus
from media_client.errors import SourceError, Stopped, UploadClosed, UploadNotFound
from media_client.operations import UploadRequest
from media_client.transfer.journal import Entry
from media_client.transfer.progress import Silent

UNKNOWN_ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"


class Totals(Silent):
    """Counts the bytes sent; sets an event after a number of them."""

    def __init__(self, stop: threading.Event | None = None, after: int = 0) -> None:
        self.sent = 0
        self._stop = stop
        self._after = after

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self.sent += count
        if self._stop is not None and self.sent > self._after:
            self._stop.set()


def _journal(media: Media, client: MediaClient) -> Journal:
    return Journal(media.home / "state/media/uploads", client.url)


def _interrupted(media: Media, path: Path) -> str:
    """Record an upload as an interrupted run does, before its first byte. Returns its id."""
    size, name = path.stat().st_size, path.name
    with media.account.client() as client:
        upload = client.request_upload(UploadRequest(name, "text/plain", size)).upload
        journal = _journal(media, client)
        status = Source.at(path).fingerprint()
        journal.begin(
            [
                Entry(
                    server=client.url,
                    upload_id=upload.id,
                    path=str(path),
                    size=size,
                    mtime_ns=status.mtime_ns,
                    inode=status.inode,
                    filename=name,
                    content_type="text/plain",
                    tags=(),
                    checksums=False,
                )
            ]
        )
        journal.close()
    return upload.id


def _status(media: Media, upload_id: str) -> UploadStatus:
    with media.account.client() as client:
        return client.get_upload(upload_id).status


def test_a_file_that_is_gone_does_not_fail_for_ever(media: Media, run: InProcess) -> None:
    path = media.write("gone.txt")
    upload_id = _interrupted(media, path)
    path.unlink()
    pending = run("resume")
    assert pending.returncode == 6
    assert "still pending" in pending.stderr
    assert "media resume --forget" in pending.stderr
    with media.account.client() as client:
        client.cancel_upload(upload_id)
    closed = run("resume")
    assert closed.returncode == 6
    assert "is CANCELLED, and was forgotten." in closed.stderr
    nothing = run("resume")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, "", "")


def test_forget(media: Media, run: InProcess) -> None:
    one, two = media.write("one.txt"), media.write("two.txt")
    ids = [_interrupted(media, one), _interrupted(media, two)]
    one.unlink()
    forgotten = run("resume", "--forget", str(one), "--json")
    assert forgotten.returncode == 0
    assert json.loads(forgotten.stdout)["id"] == ids[0]
    assert [_status(media, upload_id) for upload_id in ids] == ["CANCELLED", "PENDING"]
    assert run("resume", "--list").stdout.startswith(ids[1])
    assert run("resume", "--forget").returncode == 0
    assert _status(media, ids[1]) == "CANCELLED"
    assert list((media.home / "state/media/uploads").iterdir()) == []
    assert run("resume", "--forget", "--list").returncode == 2


def test_a_changed_file_whose_upload_has_ended_is_uploaded_anew(
    media: Media, run: InProcess
) -> None:
    path = media.write("a.txt")
    upload_id = _interrupted(media, path)
    path.write_bytes(b"changed")
    assert "--restart" in run("resume").stderr
    with media.account.client() as client:
        client.cancel_upload(upload_id)
    assert run("resume").returncode == 0
    assert run("resume", "--list").stdout == ""


def test_cancel(media: Media, run: InProcess) -> None:
    path = media.write("a.txt")
    upload_id = _interrupted(media, path)
    result = run("cancel", upload_id, UNKNOWN_ID, "--json")
    assert result.returncode == 4
    cancelled, failed = map(json.loads, result.stdout.splitlines())
    assert (cancelled["id"], cancelled["status"]) == (upload_id, "CANCELLED")
    assert (failed["id"], failed["error"]["code"]) == (UNKNOWN_ID, "UPLOAD_NOT_FOUND")
    assert run("resume", "--list").stdout == ""
    with media.account.client() as client:
        stored = client.upload_file(path).id
    too_late = run("cancel", stored)
    assert too_late.returncode == 5
    assert too_late.stderr.startswith(f"media: {stored}: ")
    many = run("cancel", *[UNKNOWN_ID] * 51)  # More than fit into one request.
    assert (many.returncode, len(many.stderr.splitlines())) == (4, 51)


def test_an_empty_name_is_no_file(media: Media, run: InProcess) -> None:
    media.write("a.txt")
    for arguments in (["upload", "-r", ""], ["upload", ""], ["upload", "--dry-run", ""]):
        result = run(*arguments)
        assert result.returncode == 6, arguments
        assert result.stdout == ""
        assert result.stderr == "media: '' can't be read: No such file or directory.\n"
    resumed = run("resume", "", "--json")
    assert resumed.returncode == 6
    assert json.loads(resumed.stdout)["error"]["code"] == "SourceError"
    with pytest.raises(SourceError, match="No such file"):
        Source.at("")


def test_errors_that_end_the_command_are_json_too(media: Media, run: InProcess) -> None:
    path = media.write("a.txt")
    media.environment["MEDIA_TOKEN"] = "mus_nonsense"
    for arguments in (["upload", str(path)], ["ls"], ["info", "a.txt"]):
        result = run(*arguments, "--json")
        assert result.returncode == 3
        assert json.loads(result.stdout)["error"]["code"] == "Unauthenticated"
    assert run("ls").stdout == ""


def test_an_upload_is_resumed_on_another_machine(
    account: Account, media: Media, run: InProcess, tmp_path: Path
) -> None:
    path = sparse(media.files / "film.bin", 3 * PART)
    stop = threading.Event()
    with account.client() as client:
        first = Journal(tmp_path / "first", client.url)
        with pytest.raises(Stopped):
            client.upload_file(
                path,
                filename="rome.bin",
                tags=["rome"],
                options=Options(jobs=1),
                progress=Totals(stop, after=PART),
                journal=first,
                stop=stop,
            )
        first.load()
        [entry] = first.leftovers()
        other = sparse(media.files / "short.bin", 3 * PART - 1)
        refused = run("resume", entry.upload_id, str(other))
        assert refused.returncode == 6
        assert "it is another file" in refused.stderr
        rest = Totals()
        upload = client.upload_file(path, upload_id=entry.upload_id, progress=rest)
        assert (upload.id, upload.filename, upload.status) == (
            entry.upload_id,
            "rome.bin",
            "STORED",
        )
        assert rest.sent == 2 * PART
    again = run("resume", entry.upload_id, str(path))
    assert (again.returncode, again.stdout) == (0, f"{entry.upload_id}\trome.bin\n")


def test_uploads_that_cannot_be_resumed_on_another_machine(media: Media, run: InProcess) -> None:
    path = media.write("a.txt", 5)
    with media.account.client() as client:
        declared = UploadRequest("a", "text/plain", 5, checksum="A" * 43 + "=")
        upload = client.request_upload(declared).upload
        with pytest.raises(SourceError, match="SHA256 checksum"):
            client.upload_file(path, upload_id=upload.id)
        assert client.cancel_upload(upload.id).status == "CANCELLED"
        with pytest.raises(UploadClosed, match="CANCELLED"):
            client.upload_file(path, upload_id=upload.id)
        with pytest.raises(UploadNotFound):
            client.upload_file(path, upload_id=UNKNOWN_ID)
    missing = run("resume", UNKNOWN_ID, str(path))
    assert missing.returncode == 4
