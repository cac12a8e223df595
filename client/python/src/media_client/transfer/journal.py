"""A journal of uploads in progress, so that a later run can resume those of a killed run.

Each run appends lines to its own file in the state directory, and holds a lock on it while the
process lives. A line that a crash truncated is ignored. A run deletes its file when no upload is
left. Entries of dead runs are looked up by path, and removed from the old file once the current run
has taken them over.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from media_client.transfer.locks import try_lock
from media_client.transfer.source import Fingerprint, Source


@dataclass(frozen=True, slots=True)
class Entry:
    """A started upload, identified by `server` and `upload_id`, and the file that it sends."""

    server: str
    upload_id: str
    path: str
    size: int
    mtime_ns: int
    inode: int
    filename: str
    content_type: str
    tags: Sequence[str]
    checksums: bool
    done: bool = False

    @property
    def fingerprint(self) -> Fingerprint:
        """The file's fingerprint when the upload was started."""
        return Fingerprint(self.size, self.mtime_ns, self.inode)

    @property
    def source(self) -> Source:
        """The file as a source, to upload it again."""
        return Source(Path(self.path), self.filename, self.content_type, tuple(self.tags))


def absolute(path: Path) -> str:
    """Return a path as the journal stores it: absolute, even if it is not valid Unicode."""
    return os.fspath(Path(os.path.abspath(path)))


class Journal:
    """The uploads of this run, and those that dead runs left unfinished."""

    def __init__(self, directory: Path, server: str) -> None:
        self._directory = directory
        self._server = server
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._path: Path | None = None
        self._open: set[str] = set()
        self._dead_entries: dict[str, tuple[Entry, Path]] = {}

    def load(self) -> None:
        """Read the journals of dead runs. A file stays until all its uploads are taken over.

        Raises:
            OSError: a journal can't be read.
        """
        for path in sorted(self._directory.glob("run-*.jsonl")):
            with _unless_alive(path) as lines:
                if lines is None:
                    continue
                entries = _replay(lines)
                if not any(not entry.done for entry in entries.values()):
                    path.unlink(missing_ok=True)
                for entry in entries.values():
                    if entry.server == self._server:
                        self._dead_entries[entry.path] = (entry, path)

    def leftovers(self) -> Sequence[Entry]:
        """Return the unfinished uploads of dead runs."""
        return tuple(entry for entry, _ in self._dead_entries.values() if not entry.done)

    def find(self, path: Path) -> Entry | None:
        """Return a dead run's entry for a file, or None.

        The entry is `done` if this file was uploaded before the run died.
        """
        entry, _ = self._dead_entries.get(absolute(path), (None, None))
        return entry

    def begin(self, entries: Iterable[Entry]) -> None:
        """Record started uploads. Call this before sending any of their bytes.

        Raises:
            OSError: the journal can't be written.
        """
        entries = list(entries)
        with self._lock:
            self._append({"begin": asdict(entry)} for entry in entries)
            self._open |= {entry.upload_id for entry in entries}
        for entry in entries:
            self.forget(entry.path)

    def done(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads are complete."""
        self._close("done", upload_ids)

    def drop(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads were abandoned and must not be resumed."""
        self._close("drop", upload_ids)

    def forget(self, path: str) -> None:
        """Drop a dead run's entry for a file."""
        entry, file = self._dead_entries.pop(path, (None, None))
        if entry is None or file is None:
            return
        with _unless_alive(file, append=True) as lines:
            if lines is None:
                return
            lines.append(json.dumps({"drop": entry.upload_id}))
            if all(left.done for left in _replay(lines).values()):
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Close this run's file, and delete it if no upload is left."""
        with self._lock:
            if self._file is None or self._path is None:
                return
            if not self._open:
                self._path.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _close(self, event: str, upload_ids: Iterable[str]) -> None:
        with self._lock:
            known = [upload_id for upload_id in upload_ids if upload_id in self._open]
            self._append({event: upload_id} for upload_id in known)
            self._open.difference_update(known)

    def _append(self, lines: Iterable[Mapping[str, Any]]) -> None:
        data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        if not data:
            return
        if self._file is None:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path = self._directory / f"run-{uuid.uuid4().hex}.jsonl"
            descriptor = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
            self._file = os.fdopen(descriptor, "ab", buffering=0)
            try_lock(descriptor)
        self._file.write(data)


@contextmanager
def _unless_alive(path: Path, append: bool = False) -> Iterator[list[str] | None]:
    """Yield the lines of a dead run's file, or None if its run is alive.

    With `append`, lines that the caller adds to the list are appended to the file.
    """
    try:
        file = path.open("a+b" if append else "rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        if not try_lock(file.fileno()):
            yield None
            return
        file.seek(0)
        lines = file.read().decode("utf-8", "replace").splitlines()
        count = len(lines)
        yield lines
        if append:
            file.write("".join(f"\n{line}" for line in lines[count:]).encode() + b"\n")


def _replay(lines: Sequence[str]) -> dict[str, Entry]:
    """Replay the events in the lines. Returns the remaining entries by upload id."""
    entries: dict[str, Entry] = {}
    for line in lines:
        try:
            event = json.loads(line)
            if "begin" in event:
                entry = Entry(**event["begin"])
                entries[entry.upload_id] = entry
            elif "done" in event and event["done"] in entries:
                entry = entries[event["done"]]
                entries[entry.upload_id] = Entry(**{**asdict(entry), "done": True})
            elif "drop" in event:
                entries.pop(event["drop"], None)
        except (ValueError, TypeError, KeyError):
            continue  # Truncated by a crash, or written by another version.
    return entries
