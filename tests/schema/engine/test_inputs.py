"""Input objects, and the schema features that the engine does not support and rejects."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import GraphQLInputObjectType, parse
from strawberry.permission import BasePermission

from gql_api.schema.engine import Engine
from tests.schema.engine.world_of_types import Colour, Inner, schema


@strawberry.input
class Tree:
    below: list[Tree] | None = None


@strawberry.input(one_of=True)
class Either:
    a: strawberry.Maybe[int]


def test_graphql_core_makes_the_input_objects() -> None:
    ours = schema()
    Engine(ours)
    inner = ours._schema.type_map["Inner"]
    assert isinstance(inner, GraphQLInputObjectType)
    created: object = inner.out_type({"number": 1, "colour": Colour.BLUE})
    assert created == Inner(number=1, colour=Colour.BLUE)


def depth_of(tree: Tree) -> int:
    return 1 + max(map(depth_of, tree.below or []), default=0)


async def test_a_type_that_contains_itself() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def depth(self, tree: Tree) -> int:
            return depth_of(tree)

    operation = Engine(strawberry.Schema(query=Query)).compile(
        parse("query ($tree: Tree!) { depth(tree: $tree) }")
    )
    tree: Any = {"below": [{"below": [{}]}]}
    answer = await operation.execute({"tree": tree}, root_value=Query(), context_value=None)
    assert answer.formatted == {"data": {"depth": 3}}


def test_a_type_with_one_of_several_fields_is_refused() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def f(self, either: Either) -> int:
            return 1

    with pytest.raises(TypeError, match="Either"):
        Engine(strawberry.Schema(query=Query))


def test_permissions_are_refused() -> None:
    class Nobody(BasePermission):
        def has_permission(self, *_: Any, **__: Any) -> bool:
            return False

    @strawberry.type
    class Query:
        @strawberry.field(permission_classes=[Nobody])  # type: ignore[untyped-decorator]
        def secret(self) -> int:
            return 1

    with pytest.raises(TypeError, match="secret"):
        Engine(strawberry.Schema(query=Query))
