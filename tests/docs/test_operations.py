"""docs/operations.md documents every command for operators and every alarm of the template."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest

from gql_api.admin.__main__ import PROGRAM, parser
from tests.docs.markdown import read, table

TEXT = read("docs/operations.md")
LINES = sorted(set(re.findall(rf"{PROGRAM} ([^`\n]+)", TEXT)))


def commands(within: argparse.ArgumentParser, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of each command that has no commands of its own."""
    groups = [
        action for action in within._actions if isinstance(action, argparse._SubParsersAction)
    ]
    if not groups:
        yield path
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, *path, name)


@pytest.mark.parametrize("line", LINES)
def test_every_documented_command_is_valid(line: str) -> None:
    assert parser().parse_args(shlex.split(line)).run


def test_every_command_is_documented_in_the_table() -> None:
    rows = [row[0].removeprefix(f"{PROGRAM} ").split() for row in table(TEXT, "command")]

    undocumented = {
        command
        for command in commands(parser())
        if not any(tuple(row[: len(command)]) == command for row in rows)
    }
    assert undocumented == set()


def test_every_alarm_is_documented_and_no_other() -> None:
    alarms = re.findall(
        r"^  (\w+)Alarm:\n    Type: AWS::CloudWatch::Alarm", read("template.yaml"), re.MULTILINE
    )

    assert sorted(row[0] for row in table(TEXT, "alarm")) == sorted(alarms)
    assert all(all(row) for row in table(TEXT, "alarm"))
