"""What this app knows of its users' files: the newest event of each, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS files (
        id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        owner TEXT NOT NULL,
        filename TEXT,
        size INTEGER,
        stored_at TEXT,
        is_visible INTEGER NOT NULL,
        has_picture INTEGER NOT NULL
    )
"""
# Events may come twice, and an operator may send old ones again: the highest version wins. So a
# deleted file keeps its row, or an old event would bring it back.
_APPLY = """
    INSERT INTO files VALUES (
        :id, :version, :owner, :filename, :size, :stored_at, :is_visible, :has_picture
    )
    ON CONFLICT (id) DO UPDATE SET
        version = excluded.version,
        filename = excluded.filename,
        size = excluded.size,
        stored_at = excluded.stored_at,
        is_visible = excluded.is_visible,
        has_picture = excluded.has_picture
    WHERE excluded.version > files.version
"""
_LIST = """
    SELECT id, filename, size, has_picture FROM files
    WHERE owner = ? AND is_visible ORDER BY stored_at DESC, id DESC LIMIT 100
"""


class File(NamedTuple):
    """A stored file. `has_picture` is whether the service has a thumbnail of it."""

    id: str
    filename: str
    size: int
    has_picture: bool


class Files:
    """The files, in the SQLite database `file`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_SCHEMA)

    def apply(self, event: Mapping[str, Any]) -> None:
        """Store what an event tells; it is on the disk when this returns."""
        upload, owner = event["data"]["upload"], event["data"]["owner"]["externalId"]
        if owner is None:  # Somebody with a password at the service, who is no user of this app.
            return
        row = {
            "id": upload["id"],
            "version": upload["version"],
            "owner": owner,
            "filename": upload.get("filename"),
            "size": upload.get("size"),
            "stored_at": upload.get("storedAt"),
            "is_visible": upload["status"] == "STORED" and upload.get("trashedAt") is None,
            "has_picture": (upload.get("media") or {}).get("thumbhash") is not None,
        }
        with self._connection() as connection:
            connection.execute(_APPLY, row)

    def list(self, owner: str) -> list[File]:
        """Return the newest 100 files of a user, newest first."""
        with self._connection() as connection:
            return [File(*row) for row in connection.execute(_LIST, (owner,))]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._file)
        try:
            with connection:
                yield connection
        finally:
            connection.close()
