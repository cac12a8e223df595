"""The maximum sizes of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_nullable_type,
    is_list_type,
    parse,
)

from gql_api.schema.cost.list_sizes import LIST_SIZES, all_variables, size, sizing_value
from gql_api.schema.schema import create_schema


def _size(field: str, variables: Mapping[str, Any] | None = None, head: str = "query") -> int:
    document = parse(f"{head} {{ {field} }}")
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    [node] = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    return size(node, all_variables(operation, variables))


def _lists(schema: GraphQLSchema) -> Iterator[str]:
    """Return the names of all fields that are lists, including introspection."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                if is_list_type(get_nullable_type(field.type)):
                    yield name


def test_every_list_of_the_schema_has_a_size() -> None:
    schema = create_schema(introspection=True)._schema
    assert set(_lists(schema)) == LIST_SIZES.keys() - {"changes", "uploads"}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("viewer { id }", 1),
        ("uploads { x }", 20),
        ("uploads(first: 7) { x }", 7),
        ("uploads(last: 7) { x }", 7),
        ("uploads(first: 7, last: 9) { x }", 9),
        ("uploads(first: null, last: 9) { x }", 9),
        ("uploads(first: 0) { x }", 1),
        ("uploads(first: -5) { x }", 1),
        ("uploads(first: 100) { x }", 100),
        ("uploads(first: 101) { x }", 100),
        (f"uploads(first: {'9' * 5000}) {{ x }}", 100),
        ('uploads(first: "7") { x }', 100),
        ("uploads(first: 7.0) { x }", 100),
        ("changes { x }", 100),
        ("changes(first: null) { x }", 100),
        ("changes(first: 7) { x }", 7),
        ("changes(first: 101) { x }", 100),
        ("requestUploads(input: [{}, {}, {}]) { x }", 3),
        ("requestUploads(input: {}) { x }", 1),
        ("requestUploads { x }", 1),
        (f"requestUploads(input: [{'{}' * 600}]) {{ x }}", 500),
        ('completeUploads(ids: ["a", "b"]) { x }', 2),
        (f"completeUploads(ids: [{'7 ' * 600}]) {{ x }}", 100),
        ('trashUploads(ids: ["a", "b"]) { x }', 2),
        ('restoreUploads(ids: ["a", "b"]) { x }', 2),
        (f"deleteUploads(ids: [{'7 ' * 600}]) {{ x }}", 100),
        ("updateUploads(input: [{}, {}]) { x }", 2),
        (f"updateUploads(input: [{'{}' * 600}]) {{ x }}", 100),
        ("parts { x }", 100),
        ("parts(select: null) { x }", 100),
        ("parts(select: []) { x }", 1),
        ("parts(select: [{number: 1}, {number: 2}]) { x }", 2),
        (f"parts(select: [{'{}' * 1001}]) {{ x }}", 1000),
        ("renamed: uploads(first: 7) { x }", 7),
        ("uploads: viewer { x }", 1),
    ],
)
def test_sizes_in_the_document(field: str, expected: int) -> None:
    assert _size(field) == expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"n": 7}, 7),
        ({"n": 101}, 100),
        ({"n": "7"}, 100),
        ({"n": True}, 100),
        ({"n": [7]}, 100),
        ({"n": None}, 20),
        ({"m": 7}, 50),
        ({}, 50),
        (None, 50),
    ],
)
def test_page_sizes_in_variables(variables: dict[str, Any] | None, expected: int) -> None:
    assert _size("uploads(first: $n) { x }", variables, "query ($n: Int = 50)") == expected


@pytest.mark.parametrize(
    ("value", "expected"), [([{}] * 30, 30), ([{}] * 501, 500), ({}, 1), (None, 1), ("x", 1)]
)
def test_lists_in_variables(value: object, expected: int) -> None:
    assert _size("requestUploads(input: $i) { x }", {"i": value}) == expected


def test_a_list_by_default() -> None:
    head = "query ($s: [PartInput!] = [{number: 1}, {number: 2}, {number: 3}])"
    assert _size("parts(select: $s) { x }", None, head) == 3


VALUES: list[object] = [
    Undefined,
    None,
    0,
    1,
    7,
    100,
    10**30,
    True,
    1.0,
    "7",
    {},
    [],
    [1],
    ["a", "b"],
    [[1], 2],
]


@pytest.mark.parametrize("name", LIST_SIZES)
def test_equal_sizing_values_give_equal_sizes(name: str) -> None:
    """So a complexity that was measured with one value is valid for the other."""
    sizes: dict[object, int] = {}
    for value in VALUES:
        for argument in ("first", "last", "select", "input"):
            document = parse(f"query ($v: X) {{ {name}({argument}: $v) {{ a }} }}")
            [operation] = document.definitions
            assert isinstance(operation, OperationDefinitionNode)
            [field] = operation.selection_set.selections
            assert isinstance(field, FieldNode)
            variables = {} if value is Undefined else {"v": value}
            actual = size(field, variables)
            assert sizes.setdefault((argument, sizing_value(value)), actual) == actual
