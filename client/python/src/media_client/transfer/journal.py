"""A journal of uploads in progress, so that a later run can resume those of a killed run.

Each run appends lines to its own file in the state directory, and holds the lock beside it while
the process lives. A line that a crash truncated is ignored. A run deletes its file when no upload
is left. Entries of dead runs are looked up by what they upload, and removed from the old file once
the current run has taken them over.
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
from typing import IO, TYPE_CHECKING, Any

from media_client.errors import ConfigurationError
from media_client.transfer.source import Fingerprint, Source

if TYPE_CHECKING:
    from filelock import BaseFileLock


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


Key = tuple[str, str, str, tuple[str, ...]]


def _key(entry: Entry) -> Key:
    return entry.path, entry.filename, entry.content_type, tuple(entry.tags)


class Journal:
    """The uploads of this run, and those that dead runs left unfinished.

    Raises:
        ConfigurationError: the package filelock is not installed.
    """

    def __init__(self, directory: Path, server: str) -> None:
        _lock_beside(directory)  # Fails now rather than in the middle of an upload.
        self._directory = directory
        self._server = server
        self._lock = threading.Lock()
        self._alive: BaseFileLock | None = None
        self._file: IO[bytes] | None = None
        self._path: Path | None = None
        self._open: set[str] = set()
        self._dead_entries: dict[Key, list[tuple[Entry, Path]]] = {}
        self._unfinished: dict[Path, set[str]] = {}

    def load(self) -> None:
        """Read the journals of dead runs. A file stays until all its uploads are taken over.

        Raises:
            OSError: a journal can't be read.
        """
        self._dead_entries.clear()
        for path in sorted(self._directory.glob("run-*.jsonl")):
            with _held(path) as held:
                if not held:
                    continue
                entries = _replay(path.read_bytes())
                self._unfinished[path] = {it.upload_id for it in entries.values() if not it.done}
                if not self._unfinished[path]:
                    path.unlink(missing_ok=True)
                for entry in entries.values():
                    if entry.server == self._server:
                        self._dead_entries.setdefault(_key(entry), []).append((entry, path))

    def leftovers(self) -> Sequence[Entry]:
        """Return the unfinished uploads of dead runs."""
        return tuple(
            entry
            for entries in self._dead_entries.values()
            for entry, _ in entries
            if not entry.done
        )

    def find(self, source: Source) -> Entry | None:
        """Return a dead run's entry for a file with the same name, type and tags, or None.

        The entry is `done` if this file was uploaded before the run died.
        """
        key = absolute(source.path), source.filename, source.content_type, tuple(source.tags)
        entries = self._dead_entries.get(key)
        return entries[-1][0] if entries else None

    def find_upload(self, upload_id: str) -> Entry | None:
        """Return a dead run's entry for an unfinished upload, or None."""
        return next((it for it in self.leftovers() if it.upload_id == upload_id), None)

    def begin(self, entries: Iterable[Entry]) -> None:
        """Record started uploads, which replace those of dead runs for the same files.

        Call this before sending any of their bytes.

        Raises:
            OSError: the journal can't be written.
        """
        entries = list(entries)
        with self._lock:
            self._append({"begin": asdict(entry)} for entry in entries)
            self._open |= {entry.upload_id for entry in entries}
        for entry in entries:
            self.forget(entry)

    def done(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads are complete."""
        self._close("done", upload_ids)

    def drop(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads were abandoned and must not be resumed."""
        self._close("drop", upload_ids)

    def forget(self, entry: Entry) -> None:
        """Drop a dead run's entry: the one of this upload, or else the one that `find` returns."""
        dead = self._dead_entries.get(_key(entry), [])
        known = [it for it in dead if it[0].upload_id == entry.upload_id]
        for old, path in known or dead[-1:]:
            dead.remove((old, path))
            self._unfinished[path].discard(old.upload_id)
            self._drop_from(path, old.upload_id)

    def _drop_from(self, path: Path, upload_id: str) -> None:
        with _held(path) as held:
            if not held:
                return
            with path.open("ab") as file:
                file.write(f"\n{json.dumps({'drop': upload_id})}\n".encode())
            if self._unfinished[path]:
                return  # Reading the file for each of its entries would take minutes for thousands.
            if all(entry.done for entry in _replay(path.read_bytes()).values()):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close this run's file, and delete it if no upload is left."""
        with self._lock:
            if self._alive is None or self._file is None or self._path is None:
                return
            self._file.close()
            self._file = None
            if not self._open:
                self._path.unlink(missing_ok=True)
            _release(self._alive, self._path)
            self._alive = None
            self._open.clear()

    def _close(self, event: str, upload_ids: Iterable[str]) -> None:
        with self._lock:
            known = [upload_id for upload_id in upload_ids if upload_id in self._open]
            if self._path is not None and self._file is None:
                return  # A thread that was left behind when the run ended.
            self._append({event: upload_id} for upload_id in known)
            self._open.difference_update(known)

    def _append(self, lines: Iterable[Mapping[str, Any]]) -> None:
        data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        if not data:
            return
        if self._file is None:
            self._create()
        if self._file is not None:
            self._file.write(data)

    def _create(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = self._directory / f"run-{uuid.uuid4().hex}.jsonl"
        self._alive = _lock_beside(self._path)
        self._alive.acquire(blocking=False)
        descriptor = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        self._file = os.fdopen(descriptor, "ab", buffering=0)


def _lock_beside(path: Path) -> BaseFileLock:
    """Return the lock of a journal. The kernel releases it when its process dies."""
    try:
        from filelock import FileLock  # Only the command and users of the journal install it.
    except ImportError as error:
        raise ConfigurationError(
            "The journal needs the package filelock. Install it with: "
            "pip install 'media-client[cli]'"
        ) from error
    return FileLock(path.with_suffix(".lock"), thread_local=False)


def _release(lock: BaseFileLock, path: Path) -> None:
    """Release a journal's lock, and delete the lock if it has outlived the journal."""
    lock.release()
    if not path.exists():
        path.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Lock the file of a dead run. Yields False if its run is alive, or the file is gone."""
    from filelock import Timeout

    lock = _lock_beside(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield path.exists()
    finally:
        _release(lock, path)


def _replay(data: bytes) -> dict[str, Entry]:
    """Replay the events in a file. Returns the remaining entries by upload id."""
    lines = data.decode("utf-8", "replace").splitlines()
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
