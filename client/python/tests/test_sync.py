"""media sync in both directions, against a real service."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
import unicodedata
import uuid
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event

import click
import pytest
from click.testing import CliRunner
from client.python.tests.conftest import Account, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.recorder import Recorder
from client.python.tests.service import wait_until

from media_client import MediaClient, Options, Upload, UploadFilter
from media_client.cli import sync_run
from media_client.cli.exits import exit_status
from media_client.cli.main import media as media_command
from media_client.errors import MediaError, SourceChanged, SourceError, Stopped, TargetError
from media_client.sync import Filters, Pull, Push, Result, Rule, Sides, State
from media_client.sync.folder import contents
from media_client.sync.paths import is_safe
from media_client.sync.watch import watch
from media_client.transfer import checksums

DAY_NS = 24 * 3600 * 10**9


class Outcome:
    """The exit status, the lines of stdout, and stderr of a command that ran in this process."""

    def __init__(self, result: click.testing.Result) -> None:
        self.status = result.exit_code
        self.stderr = result.stderr
        if isinstance(result.exception, MediaError):
            self.status, self.stderr = exit_status(result.exception), str(result.exception)
        elif not isinstance(result.exception, SystemExit | None):
            raise result.exception
        self.lines = sorted(line.replace("\t", " ") for line in result.stdout.splitlines())


class Sync:
    """The command, run in this process, with a prefix of its own in the library."""

    def __init__(self, media: Media, client: MediaClient) -> None:
        self.media = media
        self.client = client
        self.prefix = f"sync-{uuid.uuid4().hex}/"
        self.library = f"library:{self.prefix}"
        self.folder = media.files / "folder"
        self.folder.mkdir()

    def __call__(self, *arguments: str) -> Outcome:
        """Run `media sync`."""
        result = CliRunner().invoke(media_command, ["sync", *arguments], env=self.media.environment)
        return Outcome(result)

    def push(self, *options: str) -> Outcome:
        """Sync the folder to the library."""
        return self("folder", self.library, *options)

    def pull(self, *options: str) -> Outcome:
        """Sync the library to the folder."""
        return self(self.library, "folder", *options)

    def write(self, name: str, text: str, *, age_ns: int = DAY_NS) -> Path:
        """Write a file in the folder that was last modified a day ago."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        modified = path.stat().st_mtime_ns - age_ns
        os.utime(path, ns=(modified, modified))
        return path

    def store(self, name: str, text: str, **given: object) -> Upload:
        """Upload a file to the library, without a checksum."""
        path = self.media.home / uuid.uuid4().hex
        path.write_text(text)
        return self.client.upload_file(path, filename=self.prefix + name, **given)  # type: ignore[arg-type]

    def uploads(self, *, trashed: bool = False) -> Sequence[Upload]:
        """Return the uploads of this test, newest first."""
        wanted = UploadFilter(status=["STORED"], search=self.prefix, trashed=trashed)
        return list(self.client.uploads(wanted))

    def stored(self) -> dict[str, str]:
        """Return the contents of the library by path. No path has two uploads."""
        found = {}
        for upload in self.uploads():
            path = upload.filename.removeprefix(self.prefix)
            assert path not in found
            copy = self.media.home / "copy"
            found[path] = self.client.download_file(upload.id, copy, overwrite=True).read_text()
        return found

    def files(self) -> dict[str, str]:
        """Return the contents of the folder by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def client(account: Account) -> Iterator[MediaClient]:
    with account.client() as client:
        yield client


@pytest.fixture
def sync(media: Media, client: MediaClient, monkeypatch: pytest.MonkeyPatch) -> Sync:
    monkeypatch.chdir(media.files)
    return Sync(media, client)


@pytest.fixture
def recorder(account: Account) -> Iterator[Recorder]:
    recorder = Recorder(account.url)
    yield recorder
    recorder.close()


# ---------------------------------------------------------------- folder to library


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


# ---------------------------------------------------------------- library to folder


def test_a_folder_gets_what_the_library_has(sync: Sync) -> None:
    sync.store("same.txt", "same")
    sync.store("sub/new.txt", "old")
    sync.store("sub/new.txt", "new")
    sync.store("changed.txt", "theirs")
    sync.write("same.txt", "same")
    changed = sync.write("changed.txt", "ours!!")
    sync.write("extra/deep/x.txt", "x")
    sync.write("extra/kept.bak", "kept")
    shown = sync.pull("--dry-run", "--delete", "--exclude", "*.bak")
    expected = [
        "add sub/new.txt",
        "delete extra/deep/x.txt",
        "replace changed.txt",
        "replace same.txt",
    ]
    assert (shown.status, shown.lines) == (1, expected)
    assert changed.read_text() == "ours!!"
    done = sync.pull("--delete", "--yes", "--exclude", "*.bak")
    assert (done.status, done.lines) == (0, expected)
    assert sync.files() == {
        "same.txt": "same",
        "sub/new.txt": "new",
        "changed.txt": "theirs",
        "extra/kept.bak": "kept",
    }
    assert not (sync.folder / "extra/deep").exists()
    again = sync.pull("--delete", "--yes", "--exclude", "*.bak", "--dry-run")
    assert (again.status, again.lines) == (0, [])


def test_nothing_outside_of_the_folder_is_touched(sync: Sync) -> None:
    outside = sync.media.files / "outside"
    outside.mkdir()
    (sync.folder / "link").symlink_to(outside)
    (sync.folder / "inner").symlink_to("folder")
    target = outside / "target.txt"
    target.write_text("target")
    (sync.folder / "file").symlink_to(target)
    sync.write("folder/x.txt", "x")
    unsafe = ("../up", "a/../../up", "/abs", "a//b", "./a")
    for name in (*unsafe, "link/a/in", "inner/in", "folder", "file", "ok"):
        sync.store(name, name)
    done = sync.pull()
    assert done.status == 6
    assert done.lines == ["add ok", "replace file"]
    assert done.stderr.count("can't be the name of a file here") == len(unsafe)
    for path in ("folder/link/a/in", "folder/inner/in"):
        assert f"{path} is skipped: links to folders are not followed." in done.stderr
    assert "folder/folder is skipped: there is something else of this name." in done.stderr
    assert target.read_text() == "target"
    assert sorted(path.name for path in sync.media.files.iterdir()) == ["folder", "outside"]
    assert [path.name for path in outside.iterdir()] == ["target.txt"]


def test_a_prefix_of_any_characters(sync: Sync) -> None:
    """The service's search narrows the list, and must not lose a name."""
    prefix = "Ünï (1) [x].*+?$ ǅ\\%_ﬁ ß"
    sync.store(f"{unicodedata.normalize('NFD', prefix)}/̸a.txt", "a")
    sync.store(f"{prefix.upper()}/b.txt", "b")
    done = sync(f"{sync.library}{prefix}", "new")
    assert (done.status, done.lines) == (0, ["add ̸a.txt"])
    again = sync("new", f"{sync.library}{prefix}/", "--delete")
    assert (again.status, again.lines) == (0, [])


def test_a_new_folder_with_all_files(sync: Sync) -> None:
    sync.store("a/b.txt", "b")
    done = sync(f"library:{sync.prefix}a", "new/deep")
    assert (done.status, done.lines) == (0, ["add b.txt"])
    assert (sync.media.files / "new/deep/b.txt").read_text() == "b"


def test_files_that_change_during_the_run_are_not_replaced_or_deleted(sync: Sync) -> None:
    sync.store("changes", "theirs")
    sync.store("appears", "theirs")
    sync.write("changes", "ours")
    sync.write("extra", "extra")
    results: list[Result] = []
    pull = Pull(Sides(sync.client, sync.folder, sync.prefix, delete=True), results.append)
    plan = pull.plan()
    for name in ("changes", "appears", "extra"):
        sync.write(name, "newer")
    pull.apply(plan)
    assert {result.path for result in results if isinstance(result.error, TargetError)} == {
        "changes",
        "appears",
    }
    assert set(sync.files().values()) == {"newer"}
    pull.apply(dataclasses.replace(plan, changes=plan.deletions))
    assert results[-1].error is not None
    assert set(sync.files()) == {"changes", "appears", "extra"}


# ---------------------------------------------------------------- comparison


def test_uploads_without_a_sha256_are_known_after_one_sync(sync: Sync) -> None:
    """They are transferred once, unless a CRC-64/NVME shows that they are the same."""
    sync.store("none.txt", "none")
    sync.store("crc.txt", "crc!", options=Options(checksum=True))
    sync.write("none.txt", "none")
    sync.write("crc.txt", "crc!")
    [crc] = [upload for upload in sync.uploads() if upload.filename.endswith("crc.txt")]
    known = crc.checksum_algorithm == "SHA256" or checksums.can_compute(crc.checksum_algorithm)
    assert known
    assert sync.pull().lines == ["replace none.txt"]
    assert sync.pull("--dry-run").status == 0
    assert sync.push("--dry-run").status == 0


def test_a_change_within_the_resolution_of_the_clock_is_found(sync: Sync) -> None:
    """The second write has the size, the time and the inode of the first."""
    path = sync.write("a.txt", "one", age_ns=0)
    before = path.stat()
    assert sync.push().lines == ["add a.txt"]
    with path.open("r+") as file:
        file.write("two")
    os.utime(path, ns=(before.st_mtime_ns, before.st_mtime_ns))
    assert sync.push().lines == ["replace a.txt"]
    assert sync.stored() == {"a.txt": "two"}


def test_a_damaged_cache_is_replaced(sync: Sync) -> None:
    sync.write("a.txt", "one")
    assert sync.push().status == 0
    cache = sync.media.home / "state/media/sync.db"
    for damaged in (b"garbage" * 1000, cache.read_bytes()[:5000] + bytes(3000), b""):
        cache.write_bytes(damaged)
        again = sync.push()
        assert (again.status, again.lines, again.stderr) == (0, [], "")
        with State(cache) as state:
            [file] = contents(sync.folder, Filters()).files.values()
            assert state.sha256_of_file(file)
    cache.unlink()
    cache.mkdir()
    assert sync.push("--dry-run").status == 0


def test_the_cache_forgets_files_that_are_gone(sync: Sync) -> None:
    gone, kept = sync.write("gone.txt", "gone"), sync.write("kept.txt", "kept")
    files = contents(sync.folder, Filters()).files
    with State() as state:
        for file in files.values():
            state.set_file(file, "hash", time.time_ns())
        gone.unlink()
        state.forget_missing(sync.folder, ())
        known = {file.path: state.sha256_of_file(file) for file in files.values()}
    assert known == {Path(gone): None, Path(kept): "hash"}


# ---------------------------------------------------------------- filters and addresses


def test_the_last_pattern_that_matches_decides(sync: Sync) -> None:
    for name in ("a.jpg", "a.txt", "sub/b.jpg", "sub/c.txt", ".git/config", "raw/x.jpg"):
        sync.write(name, name)
    for options, expected in {
        ("--exclude", "*", "--include", "*.jpg"): ["a.jpg", "raw/x.jpg", "sub/b.jpg"],
        ("--include", "*.jpg", "--exclude", "*"): [],
        ("--exclude", ".git", "--exclude", "*.jpg"): ["a.txt", "sub/c.txt"],
        ("--exclude", "raw/", "--exclude", "/sub/*.txt", "--exclude", ".*"): [
            "a.jpg",
            "a.txt",
            "sub/b.jpg",
        ],
        ("--exclude", "su?", "--include", "sub/b*", "--exclude", ".[a-z]*"): [
            "a.jpg",
            "a.txt",
            "raw/x.jpg",
            "sub/b.jpg",
        ],
    }.items():
        shown = sync.push("--dry-run", *options)
        assert shown.lines == [f"add {path}" for path in expected], options


def test_folders_without_a_file_to_sync_are_not_read() -> None:
    assert Filters([Rule(False, "lost+found")]).skips("a/lost+found")
    assert Filters([Rule(True, "*.jpg"), Rule(False, "a/b")]).skips("a/b")
    assert not Filters([Rule(False, "*"), Rule(True, "*.jpg")]).skips("a")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("a", "b"), "One of SOURCE and DEST must be a local folder"),
        (("library:a", "library:b"), "One of SOURCE and DEST must be a local folder"),
        (("", "library:a"), "The name of the local folder is empty"),
        (("a", "library:/"), "library:/: '/' is not a folder of the library"),
        (("a", "library:../b"), "is not a folder of the library"),
        (("a", "library:b", "--exclude", "/"), "the pattern '/' matches no file"),
        (("a", "library:b", "--watch", "--delete"), "needs --yes"),
    ],
)
def test_invalid_command_lines(arguments: Sequence[str], problem: str) -> None:
    result = CliRunner().invoke(media_command, ["sync", *arguments], env={"COLUMNS": "500"})
    assert result.exit_code == 2
    assert problem in result.stderr.replace("\n", " ")


def test_the_current_folder_and_one_whose_name_begins_with_library(sync: Sync) -> None:
    folder = sync.media.files / "library:x"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    assert sync("./library:x", sync.library).lines == ["add a.txt"]
    assert sync(sync.library, ".").lines == ["add a.txt"]
    assert sync(sync.library, ".", "--dry-run").lines == []
    sync.write("sub/b.txt", "b")
    expected = ["delete folder/sub/b.txt", "delete library:x/a.txt"]
    assert sync(sync.library, ".", "--delete", "--yes").lines == expected
    assert [path.name for path in sync.media.files.iterdir()] == ["a.txt"]
    assert sync(".", f"{sync.library}y").lines == ["add a.txt"]


@pytest.mark.parametrize(
    ("name", "posix", "windows"),
    [
        ("a/b.txt", True, True),
        ("..", False, False),
        ("a/../b", False, False),
        ("/a", False, False),
        ("a//b", False, False),
        ("a\\..\\b", True, False),
        ("C:x", True, False),
        ("con.txt", True, False),
        ("a.", True, False),
        ("a\0b", False, False),
        ("写" * 86, False, True),
    ],
)
def test_names_that_are_safe_in_a_folder(name: str, posix: bool, windows: bool) -> None:
    assert (is_safe(name, windows=False), is_safe(name, windows=True)) == (posix, windows)


# ---------------------------------------------------------------- watching


def test_watch_sends_what_changes_until_it_is_stopped(sync: Sync, recorder: Recorder) -> None:
    """Changes need no list of the library. Ctrl-C is the way to end it: the exit status is 0.

    Meanwhile, another process does not sync the same folders.
    """
    sync.write("a.txt", "a")
    sync.media.environment["MEDIA_URL"] = recorder.url
    process = sync.media.start("sync", "folder", sync.library, "--watch")
    assert process.stdout
    assert process.stdout.readline() == "add\ta.txt\n"
    sync.write("b.txt", "b")
    assert process.stdout.readline() == "add\tb.txt\n"
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (0, "")
    assert recorder.operations.count("uploads") == 1
    assert sync.push("--dry-run").status == 0


def test_watch_survives_failures_and_deletes_nothing_if_the_folder_seems_empty(
    sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does a disk that is unmounted for a while, also with --yes."""
    rounds: list[bool] = []
    away = sync.media.files / "away"

    def counted(run: Callable[[bool], None], snapshot: Callable[[], Hashable], stop: Event) -> None:
        def run_and_count(is_due: bool) -> None:
            run(is_due)
            rounds.append(is_due)

        watch(run_and_count, snapshot, stop, poll_seconds=0.01)

    def change_the_folder() -> None:
        try:
            wait_until(lambda: len(rounds) == 1)
            sync.folder.rename(away)
            wait_until(lambda: len(rounds) == 2)
            sync.folder.mkdir()
            wait_until(lambda: len(rounds) == 3)
            sync.folder.rmdir()
            away.rename(sync.folder)
            sync.write("b.txt", "b")
            wait_until(lambda: "b.txt" in sync.stored())
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(sync_run, "watch", counted)
    sync.write("a.txt", "a")
    thread = threading.Thread(target=change_the_folder)
    thread.start()
    done = sync.push("--watch", "--delete", "--yes")
    thread.join()
    assert (done.status, done.lines) == (0, ["add a.txt", "add b.txt"])
    assert "folder does not exist." in done.stderr
    assert "The source has no files" in done.stderr
    assert sync.stored() == {"a.txt": "a", "b.txt": "b"}


def test_a_stop_during_the_comparison_changes_nothing(sync: Sync) -> None:
    sync.store("a.txt", "a")
    for direction in (Push, Pull):
        sync.write("b.txt", "b")
        sides = Sides(sync.client, sync.folder, sync.prefix, delete=True)
        run = direction(sides, lambda _: None)
        plan = run.plan()
        sides.stop.set()
        for action in (run.plan, partial(run.apply, plan)):
            with pytest.raises(Stopped):
                action()
    assert (sync.stored(), sync.files()) == ({"a.txt": "a"}, {"b.txt": "b"})


def test_two_processes_do_not_sync_the_same_folders(sync: Sync, recorder: Recorder) -> None:
    sync.write("a.txt", "a")
    sync.media.environment["MEDIA_URL"] = recorder.url
    outcomes = []

    def sync_again(_operation: str) -> None:
        recorder.before = None
        outcomes.append(sync.media("sync", "folder", sync.library))

    recorder.before = sync_again
    assert sync.push().lines == ["add a.txt"]
    [refused] = outcomes
    assert refused.returncode == 6
    assert f"Another process is syncing folder and {sync.library}." in refused.stderr


def test_watch_waits_until_the_files_are_complete() -> None:
    """It syncs when two snapshots in a row are equal, and differ from that of the last sync."""
    stop = threading.Event()
    snapshots = iter("aabcddd")
    taken: list[str] = []
    synced: list[tuple[str, bool]] = []

    def snapshot() -> str:
        taken.append(next(snapshots))
        return taken[-1]

    def sync(is_due: bool) -> None:
        synced.append(("".join(taken), is_due))
        if len(synced) == 2:
            stop.set()

    watch(sync, snapshot, stop, poll_seconds=0.001)
    assert synced == [("a", True), ("aabcddd", False)]


def test_watch_repeats_without_changes_from_time_to_time() -> None:
    stop = threading.Event()
    synced: list[bool] = []

    def sync(is_due: bool) -> None:
        synced.append(is_due)
        if len(synced) == 3:
            stop.set()

    watch(sync, lambda: None, stop, poll_seconds=0.001, repeat_seconds=0.002)
    assert synced == [True, True, True]
