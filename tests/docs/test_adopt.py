"""The examples of docs/adopt.md and docs/configuration.md are valid settings."""

from __future__ import annotations

import re

import pytest

from gql_api.domain.issuers import parse_issuers
from tests.docs.markdown import read

EXAMPLES = [
    block
    for path in ("docs/adopt.md", "docs/configuration.md")
    for block in re.findall(r"```json\n(\[.*?)```", read(path), re.DOTALL)
]


def test_there_is_one_for_each_provider() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("example", EXAMPLES)
def test_settings_of_issuers(example: str) -> None:
    assert parse_issuers(example)[1] == []
