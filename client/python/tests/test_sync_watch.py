"""media sync --watch, Ctrl-C, and two processes, against a real service."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Hashable
from functools import partial
from threading import Event

import pytest
from client.python.tests.recorder import Recorder
from client.python.tests.service import wait_until
from client.python.tests.sync_command import Sync

from media_client.cli import sync_run
from media_client.errors import Stopped
from media_client.sync import Pull, Push, Sides
from media_client.sync.watch import watch


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
