"""What earlier syncs learned, in an SQLite database. A damaged database is replaced by a new one.

- The SHA-256 of local files, valid while size, modification time and inode are the same.
- The SHA-256 of uploads that have none in the library, from when they were sent or fetched.
- The uploads that an interrupted sync was about to replace.

All of it can be lost: files are then hashed again, and some are transferred again.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from media_client.models import Upload
from media_client.sync.folder import LocalFile
from media_client.transfer.checksums import SHA256

_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode TEXT, sha256 TEXT);
CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, sha256 TEXT);
CREATE TABLE IF NOT EXISTS replaced (id TEXT PRIMARY KEY);
"""
# A file that changes twice within the resolution of its modification time looks unchanged the
# second time. 2 s is the resolution of FAT, the coarsest. See "racy Git" in Git's documentation.
RACY_NS = 2_000_000_000
_UNSAVED_MAX = 200
_UNSAVED_MAX_BYTES = 256 * 1024 * 1024


class State:
    """The database at `path`; without one, the state lasts as long as this object.

    If the file can't be used, a later sync has more work, but this one does not fail. Close it
    after use, or use it as a context manager. Safe to use from several threads.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._unsaved: list[tuple[Any, ...]] = []
        self._unsaved_bytes = 0
        self._database = self._open()

    def close(self) -> None:
        """Save everything and close the database."""
        self._save()
        with self._lock:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self._database.close()

    # ------------------------------------------------------------ local files

    def sha256_of_file(self, file: LocalFile) -> str | None:
        """Return the Base64 SHA-256 of a file if it is known and the file has not changed."""
        mark = file.fingerprint
        found = self._run(
            "SELECT sha256 FROM file WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ?",
            [(_key(file.path), mark.size, mark.mtime_ns, str(mark.inode))],
        )
        return found[0][0] if found else None

    def set_file(self, file: LocalFile, sha256: str, read_at_ns: int) -> None:
        """Remember the SHA-256 of a file that was read from `read_at_ns` on (nanoseconds)."""
        mark = file.fingerprint
        if read_at_ns - mark.mtime_ns < RACY_NS:
            return
        with self._lock:
            self._unsaved.append(
                (_key(file.path), mark.size, mark.mtime_ns, str(mark.inode), sha256)
            )
            self._unsaved_bytes += mark.size
            full = len(self._unsaved) >= _UNSAVED_MAX or self._unsaved_bytes >= _UNSAVED_MAX_BYTES
        if full:
            self._save()

    def forget_missing(self, folder: Path, present: Iterable[LocalFile]) -> None:
        """Forget the files below a folder that no longer exist."""
        self._save()
        prefix = _key(folder / "_")[:-1]
        known = self._run(
            "SELECT path FROM file WHERE path >= ? AND path < ?",
            [(prefix, prefix[:-1] + bytes([prefix[-1] + 1]))],
        )
        found = {_key(file.path) for file in present}
        gone = [row for row in known if row[0] not in found and not os.path.lexists(row[0])]
        self._run("DELETE FROM file WHERE path = ?", gone)

    # ------------------------------------------------------------ uploads

    def sha256_of_upload(self, upload: Upload) -> str | None:
        """Return the Base64 SHA-256 of an upload, from the library or from an earlier sync."""
        if upload.checksum_algorithm == SHA256:
            return upload.checksum
        found = self._run("SELECT sha256 FROM upload WHERE id = ?", [(upload.id,)])
        return found[0][0] if found else None

    def set_upload(self, upload: Upload, sha256: str) -> None:
        """Remember the SHA-256 of an upload that has none in the library."""
        if upload.checksum_algorithm != SHA256:
            self._run("INSERT OR REPLACE INTO upload VALUES (?, ?)", [(upload.id, sha256)])

    def replaced(self) -> set[str]:
        """Return the ids of uploads that interrupted syncs were about to replace."""
        return {row[0] for row in self._run("SELECT id FROM replaced", [()])}

    def begin_replacing(self, upload_ids: Iterable[str]) -> None:
        """Record uploads that will be replaced, before the new ones are sent."""
        self._run("INSERT OR REPLACE INTO replaced VALUES (?)", [(id_,) for id_ in upload_ids])

    def end_replacing(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads are in the trash, or are kept after all."""
        self._run("DELETE FROM replaced WHERE id = ?", [(id_,) for id_ in upload_ids])

    # ------------------------------------------------------------ the database

    def _save(self) -> None:
        with self._lock:
            unsaved, self._unsaved, self._unsaved_bytes = self._unsaved, [], 0
        self._run("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", unsaved)

    def _run(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Run a statement for each row in one transaction. Returns what the last one selects."""
        found: list[tuple[Any, ...]] = []
        with self._lock:
            try:
                with self._database:
                    for row in rows:
                        found = self._database.execute(statement, row).fetchall()
            except sqlite3.OperationalError:
                return []  # The disk is full, or another process holds the lock for long.
            except sqlite3.DatabaseError:
                self._database.close()
                self._delete()
                self._database = self._open()
                return []
        return found

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            for attempt in (1, 2):
                try:
                    return _connected(self._path)
                except sqlite3.OperationalError:
                    break
                except sqlite3.DatabaseError:
                    if attempt == 1:
                        self._delete()
                except OSError:
                    break
        return _connected(":memory:")

    def _delete(self) -> None:
        if self._path is not None:
            for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)


def _connected(path: Path | str) -> sqlite3.Connection:
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        database.executescript(_SCHEMA)
        database.execute("SELECT path, size, mtime_ns, inode, sha256 FROM file LIMIT 1").fetchall()
    except BaseException:
        database.close()
        raise
    return database


def _key(path: Path) -> bytes:
    return os.fsencode(os.path.abspath(path))
