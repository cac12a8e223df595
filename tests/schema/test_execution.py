"""Our executor answers as Strawberry's own does, whatever is selected and whatever goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import graphql
import pytest
import strawberry
from graphql import ExecutionResult, parse
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gql_api.schema.execution import Executor, SharedFields, leaves_of


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.type
class Leaf:
    name: str
    number: int
    colour: Colour
    maybe: str | None
    at: datetime
    words: list[str]

    @strawberry.field
    def shout(self, times: int = 1) -> str:
        return self.name.upper() * times

    @strawberry.field
    async def later(self) -> str:
        return self.name


@strawberry.type
class Other:
    other: int


AT = datetime(2030, 1, 31, tzinfo=UTC)


def leaf(**changes: Any) -> Leaf:
    values = {"name": "a", "number": 1, "colour": Colour.RED, "maybe": None, "at": AT}
    return Leaf(**{**values, "words": ["x", "y"], **changes})


@strawberry.type
class Query:
    plain: str = "plain"

    @strawberry.field
    def good(self) -> Leaf:
        return leaf(maybe="there")

    @strawberry.field
    async def good_later(self) -> Leaf | None:
        return leaf()

    @strawberry.field
    def leaves(self) -> list[Leaf]:
        return [leaf(name=name) for name in "abc"]

    @strawberry.field
    def either(self, other: bool = False) -> Leaf | Other:
        return Other(other=2) if other else leaf()

    @strawberry.field
    def null_where_none_may_be(self) -> Leaf | None:
        return leaf(name=None)

    @strawberry.field
    def not_a_number(self) -> Leaf | None:
        return leaf(number="many")

    @strawberry.field
    def too_large_a_number(self) -> Leaf | None:
        return leaf(number=2**40)

    @strawberry.field
    def no_such_colour(self) -> Leaf | None:
        return leaf(colour="blue")

    @strawberry.field
    def missing(self) -> Leaf | None:
        broken = leaf()
        del broken.name
        return broken


SCHEMA = strawberry.Schema(query=Query, types=[Other])._schema
LEAVES = leaves_of(SCHEMA)
DOCUMENTS = [
    "{ good { name number colour maybe at words shout later } }",
    "{ good { later name shout(times: 2) number } plain }",
    "{ a: good { b: name c: name __typename } __typename plain }",
    "{ goodLater { later name } leaves { name later at } }",
    "{ leaves { name number } leaves { colour number } }",
    "{ leaves { ...F ... on Leaf { maybe } } } fragment F on Leaf { name shout }",
    "{ either { ... on Leaf { name } ... on Other { other } __typename } }",
    "{ either(other: true) { ... on Leaf { name } ... on Other { other } __typename } }",
    "query ($yes: Boolean = true) { good { name @skip(if: $yes) number @include(if: $yes) } }",
    "{ nullWhereNoneMayBe { number name } good { name } }",
    "{ nullWhereNoneMayBe { number } }",
    "{ notANumber { name number } tooLargeANumber { number } noSuchColour { colour name } }",
    "{ missing { number } broken: missing { number later name } }",
    '{ __schema { queryType { name } } __type(name: "Leaf") { fields { name } } }',
]


async def executed(document: graphql.DocumentNode, **arguments: Any) -> ExecutionResult:
    result: Any = graphql.execute(SCHEMA, document, root_value=Query(), **arguments)
    answer = await result if isinstance(result, Awaitable) else result
    assert isinstance(answer, ExecutionResult)
    return answer


@pytest.mark.parametrize("source", DOCUMENTS)
async def test_the_answer_is_that_of_strawberry(source: str) -> None:
    document = parse(source)
    right = await executed(document, executor_class=StrawberryGraphQLCoreExecutionContext)
    shared = None if "@" in source else SharedFields()
    for _ in range(3):
        ours = await executed(document, executor_class=Executor, leaves=LEAVES, shared=shared)
        assert ours.formatted == right.formatted
        assert list_of_keys(ours.data) == list_of_keys(right.data)


def list_of_keys(value: object) -> object:
    """All keys in their order, which `==` does not look at."""
    if isinstance(value, dict):
        return [(key, list_of_keys(below)) for key, below in value.items()]
    return [list_of_keys(below) for below in value] if isinstance(value, list) else None


def test_what_has_a_resolver_or_a_selection_is_not_read_at_once() -> None:
    assert set(LEAVES["Leaf"]) == {"__typename", "name", "number", "colour", "maybe", "at"}
    assert set(LEAVES["Query"]) == {"__typename", "plain"}
