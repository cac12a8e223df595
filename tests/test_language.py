"""The style guide's rules for English that a test can check: no gendered pronouns, no riddles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tracked_files import ROOT, tracked_files

# Users are "the user" and "they". Words inside identifiers do not match: `_` is a word character.
PRONOUNS = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
# CONTRIBUTING.md: plain, current English.
ARCHAIC = re.compile(r"\b(?:lest|whosesoever|thereby|whoever|whatever)\b", re.IGNORECASE)
# Third-party text, generated lists, and this file.
NOT_OURS = {"LICENSE", "common_passwords.LICENSE", "requirements.lock", Path(__file__).name}


def matches(pattern: re.Pattern[str], *, without: str | None = None) -> list[str]:
    """Return each line that matches, as `path:line: text`; skip the folder `without`."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked_files()
        if path.name not in NOT_OURS and path.relative_to(ROOT).parts[0] != without
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


def report(lines: list[str]) -> str:
    return "\n".join([f"{len(lines)} lines to rewrite:", *lines])


def test_no_gendered_pronouns() -> None:
    lines = matches(PRONOUNS)
    assert not lines, report(lines)


def test_no_archaic_words_outside_the_tests() -> None:
    lines = matches(ARCHAIC, without="tests")
    assert not lines, report(lines)


def test_the_search_reads_the_repository() -> None:
    """An empty result means something: the search finds the title of the README."""
    assert any(line.startswith("README.md:1: # ") for line in matches(re.compile(r"^# ")))


@pytest.mark.parametrize("text", ["His quota", "if he has none", "as (s)he", "the user's, not her"])
def test_pronouns_are_found(text: str) -> None:
    assert PRONOUNS.search(text)


@pytest.mark.parametrize("text", ["this", "the others", "the user's own", "where", "_his_", "SHA"])
def test_other_words_are_not_found(text: str) -> None:
    assert not PRONOUNS.search(text)
