"""A record of uploads under way, so that a killed run can be taken up where it was.

Each run appends lines to a file of its own in the state directory, and holds a lock on it while it
lives. A line that a crash has cut short is ignored. A run that ends with nothing left to do
deletes its file; the entries of dead runs are looked up by path, and struck out of the files they
came from once they are taken over.
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
    """An upload that was begun. `server` and `upload_id` say where it is, the rest which file."""

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
        """What the file was like."""
        return Fingerprint(self.size, self.mtime_ns, self.inode)

    @property
    def source(self) -> Source:
        """The file, as it is to be sent."""
        return Source(Path(self.path), self.filename, self.content_type, tuple(self.tags))


def absolute(path: Path) -> str:
    """A path as it is kept: absolute, and as text even where it is no Unicode."""
    return os.fspath(Path(os.path.abspath(path)))


class Journal:
    """The uploads of this run, and those that dead runs have left."""

    def __init__(self, directory: Path, server: str) -> None:
        self._directory = directory
        self._server = server
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._path: Path | None = None
        self._open: set[str] = set()
        self._found: dict[str, tuple[Entry, Path]] = {}

    def load(self) -> None:
        """Read what dead runs have left; their files stay until all in them is taken over.

        Raises:
            OSError: the directory can't be read.
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
                        self._found[entry.path] = (entry, path)

    def leftovers(self) -> Sequence[Entry]:
        """The uploads of dead runs that are not finished."""
        return tuple(entry for entry, _ in self._found.values() if not entry.done)

    def find(self, path: Path) -> Entry | None:
        """What a dead run has left of this file; done where it was sent, but not the whole run."""
        found = self._found.get(absolute(path))
        return found[0] if found else None

    def begin(self, entries: Iterable[Entry]) -> None:
        """Note uploads; on the disk before a byte of them is sent.

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
        """These have arrived."""
        self._strike("done", upload_ids)

    def drop(self, upload_ids: Iterable[str]) -> None:
        """These will never arrive, and are not to be taken up again."""
        self._strike("drop", upload_ids)

    def forget(self, path: str) -> None:
        """Strike what a dead run has left of a file."""
        entry, file = self._found.pop(path, (None, None))
        if entry is None or file is None:
            return
        with _unless_alive(file, append=True) as lines:
            if lines is None:
                return
            lines.append(json.dumps({"drop": entry.upload_id}))
            if all(left.done for left in _replay(lines).values()):
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Delete this run's file if nothing is left to do."""
        with self._lock:
            if self._file is None or self._path is None:
                return
            if not self._open:
                self._path.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _strike(self, how: str, upload_ids: Iterable[str]) -> None:
        with self._lock:
            known = [upload_id for upload_id in upload_ids if upload_id in self._open]
            self._append({how: upload_id} for upload_id in known)
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
    """The lines of a dead run's file, None for a living one's; what is added gets appended."""
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
    """What the lines add up to, by upload id."""
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
            continue  # Cut short by a crash, or of another version.
    return entries
