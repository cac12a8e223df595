"""What the example application stores of the events that it receives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from album.files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files.db")


def event(version: int, *, owner: str | None = "ada", **changes: Any) -> dict[str, Any]:
    """Return an event of one upload, with the fields of docs/webhooks.md that the app reads."""
    upload = {
        "id": "1",
        "version": version,
        "filename": "photo.jpg",
        "size": 1000,
        "status": "STORED",
        "storedAt": "2030-01-31T12:00:00.123Z",
        "trashedAt": None,
        "processing": "PENDING",
        "media": None,
    }
    return {
        "type": "upload.stored",
        "data": {"upload": upload | changes, "owner": {"externalId": owner}},
    }


DELETED = {
    "type": "upload.deleted",
    "data": {
        "upload": {"id": "1", "version": 5, "status": "DELETED"},
        "owner": {"externalId": "ada"},
    },
}


def test_lists_a_users_stored_files(files: Files) -> None:
    files.apply(event(2))

    assert [file.filename for file in files.list("ada")] == ["photo.jpg"]
    assert files.list("grace") == []


def test_the_highest_version_wins(files: Files) -> None:
    files.apply(event(3, filename="new.jpg"))
    files.apply(event(2, filename="old.jpg"))
    files.apply(event(3, filename="new.jpg"))

    assert [file.filename for file in files.list("ada")] == ["new.jpg"]


def test_an_old_event_brings_no_deleted_file_back(files: Files) -> None:
    files.apply(event(2))
    files.apply(DELETED)
    files.apply(event(4))

    assert files.list("ada") == []


@pytest.mark.parametrize("change", [{"status": "REJECTED"}, {"trashedAt": "2030-01-31T12:00:01Z"}])
def test_hides_what_is_not_stored(files: Files, change: dict[str, Any]) -> None:
    files.apply(event(2))
    files.apply(event(3, **change))

    assert files.list("ada") == []


def test_only_pictures_have_a_thumbnail(files: Files) -> None:
    files.apply(event(2, processing="DONE", media={"thumbhash": None}))
    assert not files.list("ada")[0].has_picture

    files.apply(event(3, processing="DONE", media={"thumbhash": "1QcSHQRn"}))
    assert files.list("ada")[0].has_picture


def test_ignores_accounts_with_a_password(files: Files) -> None:
    files.apply(event(2, owner=None))

    assert files.list("ada") == []
