"""docs/security.md lists every item, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ITEMS = {int(number): (status, how) for number, _, status, how in ROW.findall(TEXT)}


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )


def test_each_of_the_58_items_is_there_once() -> None:
    assert [int(number) for number, *_ in ROW.findall(TEXT)] == list(range(1, 59))


@pytest.mark.parametrize("number", ITEMS)
def test_an_item_has_a_status_and_what_it_needs(number: int) -> None:
    status, how = ITEMS[number]
    if status == "met":
        assert TEST.findall(how)
    else:
        assert status == "does not apply"
        assert len(TEST.sub("", how)) > 40  # The reason.


def test_every_test_that_is_named_exists() -> None:
    named = TEST.findall(TEXT)
    assert len(named) > 80
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or name not in names_in(path)
    ]
    assert missing == []


def test_no_test_is_named_in_another_way() -> None:
    assert len(TEST.findall(TEXT)) == len(re.findall(r"tests/[\w/]+\.py::", TEXT))
