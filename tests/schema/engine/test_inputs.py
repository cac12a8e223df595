"""What is read, or called, in a way of our own is refused where that would leave something out."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import Undefined, parse
from graphql.language import OperationDefinitionNode
from strawberry.permission import BasePermission

from gql_api.schema.engine.calls import call_directly
from gql_api.schema.engine.inputs import Variables, make_input_objects
from tests.schema.engine import world_of_types


@strawberry.input
class Tree:
    below: list[Tree] | None = None


@strawberry.input(one_of=True)
class Either:
    a: strawberry.Maybe[int]


def variables(declared: str) -> Variables:
    schema = world_of_types.schema()._schema
    make_input_objects(schema)
    [operation] = parse(f"query ({declared}) {{ plain }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Variables(schema, operation)


def test_right_values_become_what_resolvers_take() -> None:
    read = variables("$inner: Inner!, $left: Int, $given: Int = 3").read(
        {"inner": {"number": 1, "colour": "BLUE"}, "unknown": 1}
    )
    assert read is not None
    inner = world_of_types.Inner(number=1, colour=world_of_types.Colour.BLUE)
    assert read.coerced == {"inner": inner, "given": 3}
    assert read.sources["left"].value is Undefined


@pytest.mark.parametrize(
    "given", [{}, {"inner": None}, {"inner": {"number": "1"}}, {"inner": {"number": 1, "more": 2}}]
)
def test_wrong_values_are_left_to_graphql_core(given: dict[str, Any]) -> None:
    assert variables("$inner: Inner!").read(given) is None


def test_a_type_that_is_part_of_itself_is_left_to_graphql_core() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def depth(self, tree: Tree) -> int:
            return 1

    schema = strawberry.Schema(query=Query)._schema
    make_input_objects(schema)
    [operation] = parse("query ($tree: Tree!) { depth(tree: $tree) }").definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert Variables(schema, operation).read({"tree": {}}) is None


def test_one_of_several_fields_is_not_known() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def f(self, either: Either) -> int:
            return 1

    schema = strawberry.Schema(query=Query)
    with pytest.raises(TypeError, match="Either"):
        make_input_objects(schema._schema)


def test_permissions_are_not_known() -> None:
    class Nobody(BasePermission):
        def has_permission(self, *_: Any, **__: Any) -> bool:
            return False

    @strawberry.type
    class Query:
        @strawberry.field(permission_classes=[Nobody])  # type: ignore[untyped-decorator]
        def secret(self) -> int:
            return 1

    schema = strawberry.Schema(query=Query)
    with pytest.raises(TypeError, match="secret"):
        call_directly(schema._schema, schema.schema_converter)
