"""Standard streams that fail: each ends the command with a clear sentence and an exit status."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path

import pytest
from client.python.tests.conftest import Media
from client.python.tests.in_process import InProcess

import media_client.cli
from media_client.cli.exits import ExitStatus

_FULL = "media: Stdout can't be written: No space left on device.\n"
_NAME = "写真.jpg"


_COMMANDS = (
    "--help",
    "--version",
    "upload --help",
    "whoami",
    "whoami --json",
    "limits",
    "ls",
    "ls --json",
    "api-key ls --help",
    "logout",
    "completion bash",
    "upload a.txt --dry-run",
)


@pytest.mark.parametrize("words", _COMMANDS)
def test_a_full_disk(words: str, media: Media, run: InProcess) -> None:
    media.write("a.txt")
    _store_something(media)
    with open("/dev/full", "w") as full:
        result = run(*words.split(), stdout=full)
    assert (result.returncode, result.stderr) == (ExitStatus.FILE, _FULL)


@pytest.mark.parametrize("words", ["ls", "ls --json", "limits", "completion bash"])
def test_a_closed_pipe(words: str, media: Media, run: InProcess) -> None:
    _store_something(media)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        result = run(*words.split(), stdout=pipe)
    assert (result.returncode, result.stderr) == (ExitStatus.PIPE_CLOSED, "")


def test_an_encoding_that_lacks_characters(media: Media, tag: str, run: InProcess) -> None:
    media.environment["PYTHONIOENCODING"] = "ascii"  # Otherwise files get UTF-8.
    media.write("a.jpg")
    media.write(_NAME)
    path = media.home / "printed"
    with path.open("w", encoding="ascii") as file:
        result = run("upload", _NAME, "a.jpg", "--tag", tag, stdout=file)
    names = {line.partition("\t")[2] for line in path.read_text().splitlines()}
    assert names == {"\\u5199\\u771f.jpg", "a.jpg"}
    assert result.returncode == ExitStatus.FILE
    assert result.stderr == (
        "media: Stdout's encoding ascii lacks characters of a name, which were printed as escapes. "
        "Set PYTHONIOENCODING=utf-8, or pass --json.\n"
    )
    with path.open("w", encoding="ascii") as file:
        listed = run("ls", "--tag", tag, "--json", "--search", ".jpg", stdout=file)
    assert (listed.returncode, listed.stderr) == (ExitStatus.OK, "")
    fields = [json.loads(line) for line in path.read_text().splitlines()]
    assert {it["filename"] for it in fields} == {_NAME, "a.jpg"}


def test_names_are_utf_8_in_any_locale(media: Media) -> None:
    media.write(_NAME)
    posix = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    media.environment.update(posix)
    result = media("upload", "--dry-run", _NAME)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith(f"\t{_NAME}\n")


@pytest.mark.parametrize(
    ("redirection", "status", "message"),
    [
        (
            ">&-",
            ExitStatus.FILE,
            "media: Stdout is closed. To discard the results, redirect it to /dev/null.\n",
        ),
        (">/dev/full", ExitStatus.FILE, _FULL),
        (">/dev/null 2>&-", ExitStatus.NOT_FOUND, ""),
        (">/dev/null 2>/dev/full", ExitStatus.NOT_FOUND, ""),
    ],
)
def test_redirections(
    redirection: str, status: ExitStatus, message: str, media: Media, tag: str
) -> None:
    """As a process: Python flushes the streams again when it ends."""
    command = ("limits",) if message else ("info", "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548")
    media.prefix = ("sh", "-c", f'exec "$0" "$@" {redirection}')
    result = media(*command)
    assert (result.returncode, result.stderr) == (status, message)


def test_a_closed_stdin(media: Media) -> None:
    media.prefix = ("sh", "-c", 'exec "$0" "$@" <&-')
    result = media("login", "-u", media.account.username, "--password-stdin")
    assert (result.returncode, result.stdout) == (ExitStatus.NOT_SIGNED_IN, "")
    assert "Traceback" not in result.stderr
    result = media("upload", "-", "--name", "a.txt")
    assert (result.returncode, result.stdout) == (ExitStatus.FILE, ""), "no empty file is stored"
    assert result.stderr.startswith("media: Stdin is closed.")


@pytest.mark.parametrize("text", ["\udcff", "p\udcc3\n"])
def test_input_that_is_not_text(text: str, media: Media, run: InProcess) -> None:
    result = run("login", "-u", media.account.username, "--password-stdin", stdin=text)
    assert (result.returncode, result.stdout) == (ExitStatus.FILE, "")
    assert re.fullmatch(r"media: Stdin is not valid \S+ text\.\n", result.stderr)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("login", "--username"),
        ("login -u ada", "--password-stdin"),
        ("password", "--password-stdin"),
    ],
)
def test_questions_need_a_terminal(words: str, option: str, run: InProcess) -> None:
    result = run(*words.split(), stdin="answer\n")
    assert (result.returncode, result.stdout) == (ExitStatus.USAGE, "")
    assert f"Stdin is not a terminal to ask a question on: pass {option}." in result.stderr


def test_only_one_module_writes_to_the_streams() -> None:
    """Others would miss its error handling, and print below the progress bars."""
    folder = Path(media_client.cli.__file__).parent
    found = [
        f"{path.name}:{node.lineno}"
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "click.echo")
    ]
    assert found == []


def _store_something(media: Media) -> None:
    with media.account.client() as client:
        if not client.uploads_page(first=1).uploads:
            client.upload_file(media.write("something"))
