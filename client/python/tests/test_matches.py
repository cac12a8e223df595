"""Uploads named on the command line by id, by exact name, or by a pattern; links; the trash."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from client.python.tests.conftest import ID, MEDIA, Account, Media
from client.python.tests.in_process import InProcess

from media_client import MediaClient, Source, UploadFilter
from media_client.cli.matches import literal_part

SPOOFED, SHOWN = "\x1b[2Jevil\u202egnp.exe", "[U+001B][2Jevil[U+202E]gnp.exe"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", ""),
        ("photos/*.jpg", "photos/"),
        ("a*bcd?ef", "bcd"),
        ("x[0-9]long*", "long"),
        ("name[", "name"),
        ("a[*]bc", "bc"),
        ("[]]", ""),
    ],
)
def test_the_service_searches_for_the_longest_literal_part(pattern: str, expected: str) -> None:
    assert literal_part(pattern) == expected


@pytest.fixture
def ids(media: Media, tag: str) -> Iterator[dict[str, str]]:
    """The ids of small uploads, whose names begin with the tag, by the rest of the name."""
    path = media.write("small", 10)
    names = ["/a.txt", "/b.txt", "/c/d.jpg", " [1].pdf", " 1.pdf"]
    with media.account.client() as client:
        outcomes = client.upload_all(
            [Source.at(path, filename=tag + name, tags=[tag]) for name in names]
        )
        found = {
            outcome.source.filename.removeprefix(tag): outcome.upload.id
            for outcome in outcomes
            if outcome.upload
        }
        yield found
        client.delete_uploads(list(found.values()))


def test_names_and_patterns(run: InProcess, ids: dict[str, str], tag: str) -> None:
    def named(*words: str) -> set[str]:
        result = run("info", *words, "--json")
        assert (result.returncode, result.stderr) == (0, "")
        return {
            json.loads(line)["filename"].removeprefix(tag)
            for line in result.stdout.split("\n")[:-1]
        }

    assert named(f"{tag}/a.txt") == {"/a.txt"}
    assert named(ids["/a.txt"].upper(), f"{tag}/a.txt", f"{tag}/[ab].txt") == {"/a.txt", "/b.txt"}
    assert named(f"{tag}/*") == {"/a.txt", "/b.txt", "/c/d.jpg"}
    assert named(f"{tag} [1].pdf") == {" [1].pdf"}
    assert named(f"{tag}?[1].pdf") == {" 1.pdf"}
    missing = run("info", f"{tag}/A.txt", f"{tag}/*.png", f"{tag}/b.txt")
    assert missing.returncode == 4
    assert missing.stderr == (
        f"media: There is no upload named {tag}/A.txt.\nmedia: No upload matches {tag}/*.png.\n"
    )
    assert f"Name     {tag}/b.txt\n" in missing.stdout
    assert [run("info", word).returncode for word in ("", " ", "x" * 300, "x" * 300 + "*")] == [
        4
    ] * 4


def test_a_name_of_several_uploads(run: InProcess, ids: dict[str, str], tag: str) -> None:
    renamed = run("mv", f"{tag}/b.txt", f"{tag}/a.txt", "--json")
    assert json.loads(renamed.stdout)["filename"] == f"{tag}/a.txt"
    assert run("mv", f"{tag}/a.txt", "c", "--json").returncode == 1
    several = run("rm", f"{tag}/a.txt", "--json")
    assert several.returncode == 1
    error = json.loads(several.stdout)["error"]
    assert error["code"] == "AmbiguousName"
    assert {match[0] for match in ID.finditer(error["message"])} == {ids["/a.txt"], ids["/b.txt"]}


def test_tags_of_all_matches(run: InProcess, ids: dict[str, str], tag: str) -> None:
    both = run("tag", f"{tag}/?.txt", "--add", "x").stdout.splitlines()
    assert {*both} == {f"{ids[f'/{name}.txt']}\t{tag}/{name}.txt\t{tag},x" for name in "ab"}
    assert run("tag", f"{tag}/a.txt", "--clear").stdout == ""


def test_the_trash_by_name(run: InProcess, ids: dict[str, str], tag: str) -> None:
    two = {ids["/a.txt"], ids["/b.txt"]}
    assert {*run("rm", f"{tag}/*.txt").stdout.split()} == two
    assert run("rm", f"{tag}/a.txt").returncode == 4
    assert {*run("restore", f"{tag}/*").stdout.split()} == two
    assert run("restore", f"{tag}/*").returncode == 4
    run("rm", ids["/a.txt"])
    refused = run("rm", "--forever", f"{tag}/*.txt", ids["/a.txt"])
    assert (refused.returncode, refused.stderr) == (
        6,
        "media: Nothing was deleted, because stdin is not a terminal. "
        "Pass --yes to delete 2 uploads (20 B) for good.\n",
    )
    gone = run("rm", "--forever", "--yes", f"{tag}/*.txt", "--json").stdout.splitlines()
    assert {json.loads(line)["id"] for line in gone} == two


def test_links_work_without_signing_in(run: InProcess, ids: dict[str, str], tag: str) -> None:
    result = run("share", f"{tag}/a.txt", "--expires", "90s")
    assert re.fullmatch(rf"media: The link to {tag}/a.txt expires at \S+Z.\n", result.stderr)
    with urlopen(result.stdout.strip()) as response:
        assert len(response.read()) == 10
    [line] = run("share", ids["/a.txt"], "--json").stdout.splitlines()
    assert {*json.loads(line)} == {"id", "filename", "url", "expiresAt"}
    for wrong in ("1", "8d", "-1h", "0s", "1w"):
        assert run("share", "a", f"--expires={wrong}").returncode == 2


# ---------------------------------------------------------------- on a terminal


def _on_a_terminal(media: Media, answer: str, *words: str) -> tuple[str, str]:
    """Run the command with stdin and stdout on a terminal. Returns these and stderr."""
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [MEDIA, *words],
        cwd=media.files,
        env=media.environment,
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(terminal)
        os.write(main, answer.encode())
        pieces = []
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # Linux: the other side was closed.
                break
            if not piece:
                break
            pieces.append(piece)
        _, stderr = process.communicate(timeout=60)
    os.close(main)
    return b"".join(pieces).decode(), stderr


def test_ls_on_a_terminal_shows_30(media: Media, client: MediaClient, tag: str) -> None:
    path = media.write("small")
    sources = [Source.at(path, filename=str(n), tags=[tag]) for n in range(32)]
    assert len(list(client.upload_all(sources))) == 32
    screen, stderr = _on_a_terminal(media, "", "ls", "--tag", tag)
    assert screen.count("STORED") == 30
    assert stderr == "media: 2 more. --all lists all of them.\n"
    assert media("ls", "--tag", tag).stdout.count("\n") == 32


def test_the_question_shows_what_a_name_hides(media: Media, client: MediaClient, tag: str) -> None:
    client.upload_file(media.write("small"), filename=SPOOFED, tags=[tag])
    [upload] = client.uploads(UploadFilter(tags=[tag]))
    _, stderr = _on_a_terminal(media, "y\n", "rm", "--forever", upload.id)
    assert stderr.startswith(f"Delete {SHOWN} (10 B) for good? [y/N]: ")
    assert client.find_upload(upload.id) is None


@pytest.fixture
def client(account: Account) -> Iterator[MediaClient]:
    with account.client() as client:
        yield client
