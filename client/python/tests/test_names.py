"""File names and media types of uploads and downloads."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from media_client.errors import SourceError
from media_client.names import escaped_in_json, visible
from media_client.transfer.download import safe_name
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
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\\b", "a_b"),
        ("", "_"),
        (".", "_"),
        ("..", "_"),
        ("a\nb\x7f", "a_b_"),
        ("ä" * 200, "ä" * 127),
        ("holiday\u202egnp.exe", "holiday_gnp.exe"),
        ("\u200b", "_"),
    ],
)
def test_a_download_stays_in_its_folder(name: str, expected: str) -> None:
    assert safe_name(name) == expected


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
