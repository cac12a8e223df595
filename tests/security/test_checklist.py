"""Checks docs/security.md: every requirement is listed once, every test that it names exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
)

from tests.docs.markdown import ROOT, read

TEXT = read("docs/security.md")
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
    assert status in ("met", "partly", "does not apply")
    if status != "does not apply":
        assert TEST.findall(how)
    if status != "met":
        assert len(TEST.sub("", how)) > 40  # A reason.


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


def test_every_attack_is_listed_once() -> None:
    listed = re.findall(r"^\| \d+\. \|[^|]+\| `(test_\w+\.py)` \|", TEXT, re.MULTILINE)
    files = sorted(path.name for path in (ROOT / "tests/attacks").glob("test_[0-9]*.py"))
    assert listed == files


# What a mutation must not let a client choose (OWASP ASVS 5.0, 15.3.3).
DECIDED_BY_THE_SERVICE = re.compile(
    r"(?i)owner|user_?id|status|^key$|objectKey|bucket|partSize|partCount|storedAt|createdAt"
    r"|disabled|usage|quota|etag|multipart"
)


def input_fields(type_: GraphQLInputType) -> Iterator[str]:
    """Yield the names of all fields of an input type, nested ones included."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield name
            yield from input_fields(field.type)


def test_no_mutation_takes_what_the_service_decides() -> None:
    mutation = build_schema(read("schema.graphql")).mutation_type
    assert isinstance(mutation, GraphQLObjectType)
    names = {
        name
        for field in mutation.fields.values()
        for argument, value in field.args.items()
        for name in (argument, *input_fields(value.type))
    }

    assert {"filename", "size", "id"} <= names
    assert [name for name in names if DECIDED_BY_THE_SERVICE.search(name)] == []
