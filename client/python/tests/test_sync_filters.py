"""Which files `media sync` considers, and how its folders are named."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from click.testing import CliRunner
from client.python.tests.sync_command import Sync

from media_client.cli.main import media as media_command
from media_client.sync import Filters, Rule
from media_client.sync.paths import is_safe


def test_the_last_pattern_that_matches_decides(sync: Sync) -> None:
    for name in ("a.jpg", "a.txt", "sub/b.jpg", "sub/c.txt", ".git/config", "raw/x.jpg"):
        sync.write(name, name)
    for options, expected in {
        ("--exclude", "*", "--include", "*.jpg"): ["a.jpg", "raw/x.jpg", "sub/b.jpg"],
        ("--include", "*.jpg", "--exclude", "*"): [],
        ("--exclude", ".git", "--exclude", "*.jpg"): ["a.txt", "sub/c.txt"],
        ("--exclude", "raw/", "--exclude", "/sub/*.txt", "--exclude", ".*"): [
            "a.jpg",
            "a.txt",
            "sub/b.jpg",
        ],
        ("--exclude", "su?", "--include", "sub/b*", "--exclude", ".[a-z]*"): [
            "a.jpg",
            "a.txt",
            "raw/x.jpg",
            "sub/b.jpg",
        ],
    }.items():
        shown = sync.push("--dry-run", *options)
        assert shown.lines == [f"add {path}" for path in expected], options


def test_folders_without_a_file_to_sync_are_not_read() -> None:
    assert Filters([Rule(False, "lost+found")]).skips("a/lost+found")
    assert Filters([Rule(True, "*.jpg"), Rule(False, "a/b")]).skips("a/b")
    assert not Filters([Rule(False, "*"), Rule(True, "*.jpg")]).skips("a")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("a", "b"), "One of SOURCE and DEST must be a local folder"),
        (("library:a", "library:b"), "One of SOURCE and DEST must be a local folder"),
        (("", "library:a"), "The name of the local folder is empty"),
        (("a", "library:/"), "library:/: '/' is not a folder of the library"),
        (("a", "library:../b"), "is not a folder of the library"),
        (("a", "library:b", "--exclude", "/"), "the pattern '/' matches no file"),
        (("a", "library:b", "--watch", "--delete"), "needs --yes"),
    ],
)
def test_invalid_command_lines(arguments: Sequence[str], problem: str) -> None:
    result = CliRunner().invoke(media_command, ["sync", *arguments], env={"COLUMNS": "500"})
    assert result.exit_code == 2
    assert problem in result.stderr.replace("\n", " ")


def test_the_current_folder_and_one_whose_name_begins_with_library(sync: Sync) -> None:
    folder = sync.media.files / "library:x"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    assert sync("./library:x", sync.library).lines == ["add a.txt"]
    assert sync(sync.library, ".").lines == ["add a.txt"]
    assert sync(sync.library, ".", "--dry-run").lines == []
    sync.write("sub/b.txt", "b")
    expected = ["delete folder/sub/b.txt", "delete library:x/a.txt"]
    assert sync(sync.library, ".", "--delete", "--yes").lines == expected
    assert [path.name for path in sync.media.files.iterdir()] == ["a.txt"]
    assert sync(".", f"{sync.library}y").lines == ["add a.txt"]


@pytest.mark.parametrize(
    ("name", "posix", "windows"),
    [
        ("a/b.txt", True, True),
        ("..", False, False),
        ("a/../b", False, False),
        ("/a", False, False),
        ("a//b", False, False),
        ("a\\..\\b", True, False),
        ("C:x", True, False),
        ("con.txt", True, False),
        ("a.", True, False),
        ("a\0b", False, False),
        ("写" * 86, False, True),
    ],
)
def test_names_that_are_safe_in_a_folder(name: str, posix: bool, windows: bool) -> None:
    assert (is_safe(name, windows=False), is_safe(name, windows=True)) == (posix, windows)
