"""The examples of docs/adopt.md and docs/configuration.md, and the settings of examples/app."""

from __future__ import annotations

import re
import shlex
from types import SimpleNamespace

import pytest
from media_client.models import ChangesPage

from gql_api.admin.__main__ import parser
from gql_api.domain.issuers import parse_issuers
from local.configuration import read_configuration
from tests.docs.markdown import ROOT, code_blocks, read

TEXT = read("docs/adopt.md")
EXAMPLE = "examples/app"
SETTINGS = [
    block
    for path in ("docs/adopt.md", "docs/configuration.md")
    for block in re.findall(r"```json\n(\[.*?)```", read(path), re.DOTALL)
]
COMMANDS = re.findall(r"python -m (?:gql_api|local)\.admin ([^`\n]+)", TEXT)


def test_there_is_one_for_each_provider() -> None:
    assert len(SETTINGS) == 5


@pytest.mark.parametrize("example", SETTINGS)
def test_settings_of_issuers(example: str) -> None:
    assert parse_issuers(example)[1] == []


def test_the_example_names_an_issuer() -> None:
    settings = read_configuration({}, ROOT / EXAMPLE / "service.env").environment

    [issuer], problems = parse_issuers(settings["OIDC_ISSUERS"])

    assert (issuer.issuer, problems) == (settings["CORS_ORIGINS"], [])


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_commands(command: str) -> None:
    assert parser().parse_args(shlex.split(command)).run


@pytest.mark.parametrize("path", ["docs/adopt.md", f"{EXAMPLE}/README.md"])
def test_files_of_the_example_exist(path: str) -> None:
    names = re.findall(r"`((?:album/[\w.]+)|service\.env|connect)`", read(path))

    assert names
    assert [name for name in names if not (ROOT / EXAMPLE / name).is_file()] == []


def test_the_feed_is_read_to_its_end() -> None:
    [loop] = [block for block in code_blocks(TEXT, "py") if "changes(" in block]
    pages = {None: ChangesPage((), "a", True), "a": ChangesPage((), "b", False)}
    cursors: list[str | None] = []
    backend = SimpleNamespace(
        acting_as=lambda _user: SimpleNamespace(
            changes=lambda after: [pages[after], pages[pages[after].end_cursor]]
        )
    )

    exec(loop, {"backend": backend, "stored_cursor": None, "store_cursor": cursors.append})

    assert cursors == ["a", "b"]
