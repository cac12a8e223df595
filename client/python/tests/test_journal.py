"""The journal: entries of dead runs, and files that a crash truncated."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from media_client.transfer import journal as journal_module
from media_client.transfer.journal import Entry, Journal

SERVER = "http://127.0.0.1/graphql"


def _entry(upload_id: str, path: str = "/a", server: str = SERVER) -> Entry:
    return Entry(server, upload_id, path, 5, 1, 2, "a", "text/plain", ["x"], False)


def _dead_run(directory: Path, *lines: str) -> None:
    """Run these lines of Python in a process that then dies."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from client.python.tests.test_journal import SERVER, Journal, _entry\n"
        f"journal = Journal(Path({str(directory)!r}), SERVER)\n" + "\n".join(lines)
    )
    subprocess.run([sys.executable, "-c", f"{code}\nos._exit(9)"], check=False)


def test_the_entries_of_a_dead_run(tmp_path: Path) -> None:
    _dead_run(
        tmp_path,
        "journal.begin([_entry('1', '/a'), _entry('2', '/b'), _entry('3', '/c')])",
        "journal.done(['2'])",
        "journal.drop(['3'])",
    )
    journal = Journal(tmp_path, SERVER)
    journal.load()
    assert [entry.upload_id for entry in journal.leftovers()] == ["1"]
    entry = journal.find(_entry("2", "/b").source)
    assert entry
    assert entry.done
    assert journal.find(_entry("3", "/c").source) is None
    assert journal.find(_entry("4", "/nowhere").source) is None


def test_entries_taken_over_are_dropped_from_the_old_file(tmp_path: Path) -> None:
    _dead_run(tmp_path, "journal.begin([_entry('1', '/a'), _entry('2', '/b')])")
    journal = Journal(tmp_path, SERVER)
    journal.load()
    assert len(journal.leftovers()) == 2
    journal.begin([_entry("1", "/a")])
    other = Journal(tmp_path, SERVER)
    other.load()  # The first upload now belongs to a run that is alive.
    assert [entry.upload_id for entry in other.leftovers()] == ["2"]
    journal.begin([_entry("2", "/b")])
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    journal.done(["1", "2"])
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_line_is_ignored(tmp_path: Path) -> None:
    _dead_run(tmp_path, "journal.begin([_entry('1', '/a'), _entry('2', '/b')])")
    [path] = tmp_path.glob("*.jsonl")
    os.truncate(path, path.stat().st_size - 9)
    journal = Journal(tmp_path, SERVER)
    journal.load()
    assert [entry.upload_id for entry in journal.leftovers()] == ["1"]


def test_entries_of_other_servers_are_left_alone(tmp_path: Path) -> None:
    _dead_run(tmp_path, "journal.begin([_entry('1', '/a', 'http://elsewhere/graphql')])")
    journal = Journal(tmp_path, SERVER)
    journal.load()
    assert journal.leftovers() == ()
    assert len(list(tmp_path.glob("*.jsonl"))) == 1


def test_a_successful_run_leaves_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new", SERVER)
    journal.load()
    journal.begin([_entry("1")])
    [path] = (tmp_path / "new").glob("*.jsonl")
    assert path.stat().st_mode & 0o777 == 0o600
    journal.done(["1"])
    journal.close()
    assert list((tmp_path / "new").iterdir()) == []


def test_only_the_journal_needs_filelock() -> None:
    code = (
        "import sys, pathlib; sys.modules['filelock'] = None; import media_client\n"
        "media_client.MediaClient('http://localhost')\n"
        "media_client.Journal(pathlib.Path('journal'), 'http://localhost')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"pip install 'media-client[cli]'" in result.stderr


def test_a_file_is_not_read_again_for_each_of_its_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a line for each of thousands of files."""
    _dead_run(tmp_path, "journal.begin([_entry(str(n), f'/{n}') for n in range(20)])")
    reads = 0

    def counted(data: bytes) -> dict[str, Entry]:
        nonlocal reads
        reads += 1
        return replay(data)

    replay = journal_module._replay
    monkeypatch.setattr(journal_module, "_replay", counted)
    journal = Journal(tmp_path, SERVER)
    journal.load()
    for entry in journal.leftovers():
        journal.forget(entry)
    assert reads == 2
    assert list(tmp_path.iterdir()) == []
