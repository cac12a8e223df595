"""media sync from a folder to the library, against a real service."""

from __future__ import annotations

import errno
import json
import os
import pty
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.recorder import Recorder
from client.python.tests.service import wait_until
from client.python.tests.sync_command import Sync

from media_client import Options
from media_client.errors import SourceChanged, SourceError
from media_client.sync import Push, Result, Sides, State


def test_only_what_changed_is_sent(sync: Sync, recorder: Recorder) -> None:
    """A changed file becomes a new upload, with the tags of the old one, which then goes."""
    sync.media.environment["MEDIA_URL"] = recorder.url
    sync.write("a.txt", "one")
    sync.write("sub/b.txt", "two")
    sync.write("empty", "")
    first = sync.push()
    assert (first.status, first.lines) == (0, ["add a.txt", "add empty", "add sub/b.txt"])
    before = {upload.filename: upload for upload in sync.uploads()}
    old = before[f"{sync.prefix}a.txt"]
    assert old.checksum_algorithm == "SHA256"
    sync.client.update_upload(old.id, tags=["kept"])

    recorder.operations.clear()
    again = sync.push()
    assert (again.status, again.lines) == (0, [])
    assert recorder.operations == ["uploads"]

    sync.write("a.txt", "ONE")
    recorder.operations.clear()
    changed = sync.push()
    assert (changed.status, changed.lines) == (0, ["replace a.txt"])
    assert recorder.operations[-2:] == ["completeUploads", "trashUploads"]
    assert sync.stored() == {"a.txt": "ONE", "sub/b.txt": "two", "empty": ""}
    assert [upload.id for upload in sync.uploads(trashed=True)] == [old.id]
    [new] = [upload for upload in sync.uploads() if upload.filename.endswith("a.txt")]
    assert new.tags == ("kept",)


def test_delete_asks_and_moves_to_the_trash(sync: Sync) -> None:
    sync.write("a.txt", "a")
    sync.store("a.txt", "older")
    gone = {sync.store("gone.txt", "12345").id, sync.store("gone.txt", "12345").id}
    kept = sync.push()
    assert (kept.status, kept.lines) == (0, ["replace a.txt"])
    refused = sync.push("--delete")
    assert (refused.status, refused.lines) == (6, [])
    assert "remove 1 file (10 B) from the library" in refused.stderr
    assert "--yes" in refused.stderr
    shown = sync.push("--delete", "--dry-run")
    assert (shown.status, shown.lines) == (1, ["delete gone.txt"])
    assert {upload.id for upload in sync.uploads()} >= gone
    assert sync.push("--delete", "--exclude", "gone.*", "--dry-run").status == 0

    answers = _answered(sync, "n"), _answered(sync, "y")
    assert [status for status, _ in answers] == [1, 0]
    assert "Move 1 file (10 B) from the library to the trash? [y/N]" in answers[0][1]
    assert sync.stored() == {"a.txt": "a"}
    assert {upload.id for upload in sync.uploads(trashed=True)} >= gone


def _answered(sync: Sync, answer: str) -> tuple[int, str]:
    """Run the command with a terminal as stdin, and answer its question."""
    terminal, stdin = pty.openpty()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "media_client.cli.main",
            "sync",
            "folder",
            sync.library,
            "--delete",
            "--quiet",
        ],
        cwd=sync.media.files,
        env=sync.media.environment,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(terminal, f"{answer}\n".encode())
    _, stderr = process.communicate(timeout=120)
    os.close(terminal)
    os.close(stdin)
    return process.returncode, stderr


def test_an_empty_or_missing_source_deletes_nothing(sync: Sync) -> None:
    sync.store("a.txt", "a")
    empty = sync.push("--delete")
    assert empty.status == 6
    assert "The source has no files" in empty.stderr
    missing = sync("nowhere", sync.library, "--delete", "--yes")
    assert (missing.status, missing.stderr) == (6, "nowhere does not exist.")
    assert set(sync.stored()) == {"a.txt"}
    assert sync.push("--delete", "--yes").lines == ["delete a.txt"]
    assert sync.stored() == {}

    sync.write("b.txt", "b")
    emptied = sync.pull("--delete")
    assert emptied.status == 6
    assert sync.files() == {"b.txt": "b"}
    assert sync.pull("--delete", "--yes").lines == ["delete b.txt"]


def test_files_that_cannot_be_sent_are_reported_and_delete_nothing_of_theirs(sync: Sync) -> None:
    sync.store("sub/pipe", "older")
    sync.store("other", "other")
    (sync.folder / "sub").mkdir()
    os.mkfifo(sync.folder / "sub/pipe")
    (sync.folder / "broken").symlink_to("nowhere")
    composed = unicodedata.normalize("NFC", "é.txt")
    sync.write(unicodedata.normalize("NFD", composed), "one")
    sync.write(composed, "two")
    (sync.folder / "loop").symlink_to(".")
    (sync.folder / "link").symlink_to(composed)
    done = sync.push("--json", "--delete", "--yes")
    assert done.status == 6
    lines = [json.loads(line) for line in done.lines]
    failed = {line["path"]: line["error"]["message"] for line in lines if "error" in line}
    assert {*failed} == {"sub/pipe", "broken", composed}
    assert "not a regular file" in failed["sub/pipe"]
    assert "another Unicode form" in failed[composed]
    changed = {line["path"]: line["action"] for line in lines if "action" in line}
    assert changed == {composed: "add", "link": "add", "other": "delete"}
    assert set(sync.stored()) == {composed, "link", "sub/pipe"}


def test_files_that_change_or_vanish_during_the_run(sync: Sync) -> None:
    """They are reported, the others are sent, and nothing is deleted."""
    for name in ("changes", "vanishes", "stays"):
        sync.write(name, name)
    sync.store("stays", "before")
    sync.store("gone", "gone")
    results: list[Result] = []
    sides = Sides(sync.client, sync.folder, sync.prefix, delete=True)
    push = Push(sides, results.append)
    plan = push.plan()
    sync.write("changes", "CHANGES")
    (sync.folder / "vanishes").unlink()
    push.apply(plan)
    found = {result.path: result for result in results}
    assert {path: str(result.action) for path, result in found.items()} == {
        "changes": "add",
        "vanishes": "add",
        "stays": "replace",
    }
    assert isinstance(found["changes"].error, SourceChanged)
    assert isinstance(found["vanishes"].error, SourceError)
    assert sync.stored() == {"stays": "stays", "gone": "gone"}


def test_a_file_that_changes_after_its_hash_was_computed(sync: Sync) -> None:
    """The service rejects its bytes, and the old upload stays."""
    sync.store("a.txt", "one")
    sync.write("a.txt", "two")
    results: list[Result] = []
    sides = Sides(sync.client, sync.folder, sync.prefix)
    push = Push(sides, results.append)
    plan = push.plan()
    sync.write("a.txt", "six", age_ns=0)
    push.apply(plan)
    [result] = results
    assert str(result.error).startswith(f"{sync.folder}/a.txt changed during the sync.")
    assert sync.stored() == {"a.txt": "one"}
    assert push.plan().changes[0].action == "replace"
    assert not sides.state.replaced()


def test_nothing_is_deleted_if_a_folder_cannot_be_read(
    sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files would seem to be gone. (The tests may run as root, whom no permission stops.)"""
    sync.write("locked/a.txt", "a")
    sync.write("b.txt", "b")
    assert sync.push().status == 0
    scan = os.scandir

    def scandir(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "locked":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    (sync.folder / "b.txt").unlink()
    done = sync.push("--delete", "--yes")
    assert (done.status, done.lines) == (6, [])
    assert "folder/locked can't be read: Permission denied." in done.stderr
    assert "Nothing was deleted" in done.stderr
    assert sync.push("--delete", "--yes", "--exclude", "locked").lines == ["delete b.txt"]
    assert set(sync.stored()) == {"locked/a.txt"}


def test_older_uploads_of_a_path_are_left_alone_until_the_file_changes(sync: Sync) -> None:
    """Not those that a sync was about to replace when it was interrupted."""
    same, older, oldest = (sync.store("a.txt", text) for text in ("same", "older", "oldest"))
    newest = sync.store("a.txt", "same", options=Options(checksum=True))
    sync.write("a.txt", "same")
    with State(sync.media.home / "state/media/sync.db") as state:
        state.begin_replacing([newest.id, oldest.id])
    assert sync.push("--delete", "--yes").lines == []
    with State(sync.media.home / "state/media/sync.db") as state:
        assert state.replaced() == set()
        state.begin_replacing([older.id])
    assert sync.push("--dry-run").lines == ["replace a.txt"]
    assert sync.push().lines == ["replace a.txt"]
    assert [upload.id for upload in sync.uploads()] == [newest.id, oldest.id, same.id]
    sync.write("a.txt", "changed")
    assert sync.push().lines == ["replace a.txt"]
    assert sync.stored() == {"a.txt": "changed"}


def test_a_large_file_continues_after_a_kill(
    far_media: Media, far_account: Account, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(far_media.files)
    with far_account.client() as client:
        sync = Sync(far_media, client)
        size = 40 * 1024 * 1024
        far_media.write("folder/large.bin", size)
        proxy.hold_after = size - 1024 * 1024
        process = far_media.start("sync", "folder", sync.library, "--jobs", "1")
        wait_until(lambda: proxy.received >= size - 1024 * 1024)
        process.kill()
        process.communicate()
        proxy.let_go()
        assert sync.push().lines == ["add large.bin"]
        assert proxy.received < size / 2
        assert sync.push("--dry-run").status == 0


def test_a_file_too_large_to_declare_its_sha256(
    far_media: Media, far_account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service of this test reads no file back. The file is sent without, and known after."""
    monkeypatch.chdir(far_media.files)
    with far_account.client() as client:
        sync = Sync(far_media, client)
        far_media.write("folder/large.bin", 17 * 1024 * 1024)
        first = sync.push()
        assert (first.status, first.lines, first.stderr) == (0, ["add large.bin"], "")
        assert sync.uploads()[0].checksum_algorithm != "SHA256"
        assert sync.push("--dry-run").status == 0

        # What was hashed is not what was sent.
        far_media.write("folder/large.bin", 17 * 1024 * 1024, seed=1)
        with State(far_media.home / "state/media/sync.db") as state:
            push = Push(Sides(client, sync.folder, sync.prefix, state=state), lambda _: None)
            plan = push.plan()
            far_media.write("folder/large.bin", 17 * 1024 * 1024, seed=2)
            push.apply(plan)
        far_media.write("folder/large.bin", 17 * 1024 * 1024, seed=1)
        assert sync.push("--dry-run").lines == ["replace large.bin"]
