"""Every command has an example, in its help and in the README, which name all exit statuses."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from media_client.cli.exits import ExitStatus
from media_client.cli.main import media

README = (Path(__file__).parents[1] / "README.md").read_text()


Words = tuple[str, ...]


def _commands(group: click.Group, *words: str) -> Iterator[tuple[Words, click.Command]]:
    """Yield all commands and groups below a group, with their words."""
    for name, command in group.commands.items():
        yield (*words, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, *words, name)


COMMANDS = dict(_commands(media))
GROUPS = {words for words, command in COMMANDS.items() if isinstance(command, click.Group)}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_an_example(words: Words) -> None:
    text = CliRunner().invoke(media, [*words, "--help"]).stdout
    example = text.partition("Example:\n")[2].partition("\n\n")[0]
    assert re.search(rf"\bmedia (--\w+ \w+ )?{' '.join(words)}\b", example), text
    for line in re.findall(r"\bmedia (.+)", example):
        _parse(line)


def test_the_lists_of_commands_describe_each_in_full() -> None:
    for words in ((), *GROUPS):
        commands = CliRunner().invoke(media, [*words, "--help"]).stdout.partition("Commands:")[2]
        assert commands
        assert "..." not in commands


def test_the_readme_shows_every_command_with_valid_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "company-ca.pem").touch()  # The only file that the examples must find.
    lines = re.findall(r"^\$ (?:.* \| )?media (.+)$", README, re.MULTILINE)
    shown = {_parse(line) for line in lines}
    assert shown == set(COMMANDS) - GROUPS


def _parse(line: str) -> Words:
    """Parse an example and return the words of its command. Raises an error if it is invalid."""
    arguments = shlex.split(re.split(r" [<>|] ", line.rstrip(")"))[0], comments=True)
    start = next(place for place, word in enumerate(arguments) if word in media.commands)
    words: Words = (arguments[start],)
    while words in GROUPS:
        words = tuple(arguments[start : start + len(words) + 1])
    options = arguments[:start] + arguments[start + len(words) :]
    COMMANDS[words].make_context(" ".join(words), options)
    return words


def test_the_readme_and_the_help_have_each_exit_status() -> None:
    help_text = CliRunner().invoke(media, ["--help"]).stdout
    for text in (README, help_text):
        statuses = text.split("Exit status:")[1].split("terminated")[0]
        assert {int(number) for number in re.findall(r"\d+", statuses)} == {*ExitStatus}


def test_the_help_of_each_command_points_to_the_options_of_all() -> None:
    for words in COMMANDS.keys() - GROUPS:
        text = CliRunner().invoke(media, [*words, "--help"]).stdout
        assert "`media --help` shows the options of all commands" in text
        assert "--bandwidth" not in text
