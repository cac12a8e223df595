"""CHANGELOG.md and docs/upgrading.md describe the version in pyproject.toml."""

from __future__ import annotations

import re
import tomllib

from tests.docs.markdown import read

VERSION = tomllib.loads(read("pyproject.toml"))["project"]["version"]


def test_the_newest_release_is_this_version() -> None:
    headings = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(VERSION)} \(\d{{4}}-\d\d-\d\d\)", headings[1])


def test_every_release_has_notes_for_operators() -> None:
    released = re.findall(r"^## ([\d.]+) ", read("CHANGELOG.md"), re.MULTILINE)

    assert released
    assert re.findall(r"^### ([\d.]+)$", read("docs/upgrading.md"), re.MULTILINE) == released
