"""File names and media types of uploads and downloads."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from media_client.errors import SourceError
from media_client.names import escaped_in_json, local_path, visible
from media_client.transfer.download import partial_name
from media_client.transfer.source import Source, guess_type, shown

TABLE = Path(__file__).parents[3] / "tests/attacks/visible_names.json"
CASES: list[dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_names_are_shown_as_in_the_table_of_all_clients(case: dict[str, Any]) -> None:
    assert visible(case["name"]) == case["shown"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_json_keeps_names_and_shows_what_they_hide(case: dict[str, Any]) -> None:
    line = escaped_in_json(json.dumps(case, ensure_ascii=False))
    assert json.loads(line) == case
    assert visible(line) == line


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "a.txt"),
        ("photos/2026/a.jpg", "photos/2026/a.jpg"),
        ("../../etc/passwd", "_../_../etc/passwd"),
        ("/etc//./passwd", "etc/passwd"),
        ("a\\..\\b", "a_.._b"),
        ("", "_"),
        (".", "_"),
        ("..", "_.."),
        ("///", "_"),
        (".ssh/-rf", "_.ssh/_-rf"),
        ("a\nb\x7f", "a_b_"),
        ("写" * 70 + ".jpg", "写" * 70 + ".jpg"),
        ("写" * 90 + ".jpg", "写" * 83 + ".jpg"),
        ("ä" * 200, "ä" * 127),
        ("holiday\u202egnp.exe", "holiday_gnp.exe"),
        ("\u200b", "_"),
    ],
)
def test_a_download_stays_in_its_folder(name: str, expected: str) -> None:
    assert local_path(name, windows=False) == PurePosixPath(expected)


def test_a_folder_that_the_user_names_gets_names_as_they_are() -> None:
    path = local_path(".git/../-x", keep_leading=True, windows=False)
    assert path == PurePosixPath(".git/_../-x")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C:/Windows/a.txt", "C_/Windows/a.txt"),
        ("con", "_con"),
        ("AUX.tar.gz", "_AUX.tar.gz"),
        ("com1 .txt", "_com1 .txt"),
        ("conference.txt", "conference.txt"),
        ("a. /b...", "a._/b.._"),
        ('what?*<>|".txt', "what______.txt"),
        ("..", "_._"),
        ("a.txt:stream", "a.txt_stream"),
    ],
)
def test_a_download_on_windows_means_only_a_file(name: str, expected: str) -> None:
    assert local_path(name, windows=True) == PureWindowsPath(expected)


def test_partial_files_have_names_that_fit() -> None:
    upload_id = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"
    name = partial_name("写" * 83 + ".jpg", upload_id)
    assert len(name.encode()) <= 255
    assert name.endswith(f".jpg.{upload_id}.part")


def test_media_types_are_guessed_from_names() -> None:
    assert guess_type("a.jpg") == "image/jpeg"
    assert guess_type("a.tar.gz") == "application/octet-stream"
    assert guess_type("a") == "application/octet-stream"


@pytest.mark.parametrize(
    "content_type", ["foo", "image/", "/png", "image/*", "a b/c", "bild/é", "\n"]
)
def test_what_is_no_media_type_is_sent_as_unknown_bytes(content_type: str) -> None:
    source = Source.at("a.jpg", content_type=content_type)
    assert source.content_type == "application/octet-stream"


@pytest.mark.parametrize(
    "content_type", ["video/webm;codecs=vp8,opus", "text/plain;", " A/b ; c=d"]
)
def test_media_types_are_left_to_the_service(content_type: str) -> None:
    assert Source.at("a.jpg", content_type=content_type).content_type == content_type


def test_names_that_are_not_unicode_are_sent_and_printed_readably() -> None:
    path = os.fsdecode(b"a\xffb")
    assert Source.at(path).filename == "a\ufffdb"
    assert shown(path) == "a\ufffdb"
    assert shown("a\x1b[31m\nb") == "a[U+001B][31m[U+000A]b"
    assert shown("") == ""


def test_only_regular_files_are_accepted(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        Source.at(tmp_path).fingerprint()
    with pytest.raises(SourceError, match="No such file"):
        Source.at(tmp_path / "missing").fingerprint()
