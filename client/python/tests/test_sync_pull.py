"""media sync from the library to a folder, and the cache of hashes, against a real service."""

from __future__ import annotations

import dataclasses
import os
import time
import unicodedata
from pathlib import Path

from client.python.tests.sync_command import Sync

from media_client import Options
from media_client.errors import TargetError
from media_client.sync import Filters, Pull, Result, Sides, State
from media_client.sync.folder import contents
from media_client.transfer import checksums


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


# ---------------------------------------------------------------- hashes


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
