"""Methods that take only their object are read like attributes."""

from __future__ import annotations

from typing import cast

import pytest
import strawberry
from graphql import GraphQLObjectType, parse

from gql_api.schema.engine import Engine
from gql_api.schema.engine.readers import readers


@strawberry.type
class Query:
    calls: strawberry.Private[int] = 0

    @strawberry.field
    def now(self) -> int:
        self.calls += 1
        return self.calls

    @strawberry.field
    def later(self) -> int:
        """Return a coroutine, which a type checker would not allow without the cast."""
        return cast(int, self._later())

    async def _later(self) -> int:
        return 7


SCHEMA = strawberry.Schema(query=Query)
ENGINE = Engine(SCHEMA)


async def test_a_method_is_called_once() -> None:
    root = Query()
    answer = await ENGINE.compile(parse("{ now }")).execute(
        None, root_value=root, context_value=None
    )
    assert (answer.data, root.calls) == ({"now": 1}, 1)


async def test_an_awaitable_is_left_to_graphql_core() -> None:
    """The coroutine that was refused is closed; otherwise Python warns that none awaits it."""
    answer = await ENGINE.compile(parse("{ later now }")).execute(
        None, root_value=Query(), context_value=None
    )
    assert answer.data == {"later": 7, "now": 1}
    read = readers(cast(GraphQLObjectType, SCHEMA._schema.query_type))["later"]
    with pytest.raises(TypeError, match="later returned an awaitable"):
        read(Query())


def test_other_fields_have_no_reader() -> None:
    @strawberry.type
    class Other:
        plain: str

        @strawberry.field
        def takes_an_argument(self, number: int) -> int:
            return number

        @strawberry.field
        def takes_info(self, info: strawberry.Info) -> str:
            return info.field_name

        @strawberry.field
        async def asynchronous(self) -> int:
            return 1

    schema = strawberry.Schema(query=Other)
    assert set(readers(cast(GraphQLObjectType, schema._schema.query_type))) == {"plain"}
