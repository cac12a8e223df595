"""Our executor answers as Strawberry's own does, whatever is selected, given, and goes wrong."""

from __future__ import annotations

import copy
from collections.abc import Awaitable
from typing import Any

import graphql
import pytest
from graphql import DocumentNode, ExecutionResult, get_operation_ast, parse, validate
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gql_api.schema.engine.answers import Classes
from gql_api.schema.engine.calls import call_directly
from gql_api.schema.engine.executor import Operation
from gql_api.schema.engine.inputs import make_input_objects
from tests.schema.engine import generated, world_of_types

STOCK = world_of_types.schema()._schema
OURS = world_of_types.schema()
make_input_objects(OURS._schema)
call_directly(OURS._schema, OURS.schema_converter)
CLASSES = Classes(OURS._schema)

DOCUMENTS = [
    "{ good { name number colour maybe at words shout later others { other } next { name } } }",
    "{ good { later name shout(times: 2) number } plain }",
    "{ a: good { b: name c: name __typename } __typename plain }",
    "{ goodLater { later name } leaves { name later at } }",
    "{ leaves { name number } leaves { colour number } }",
    "{ leaves { ...F ... on Leaf { maybe } } } fragment F on Leaf { name shout }",
    "{ either { ... on Leaf { name } ... on Other { other } __typename } }",
    "{ either(other: true) { ... on Leaf { name } ... on Other { other } __typename } }",
    "{ allKinds { ... on Named { name } ... on Leaf { later } __typename } named { name } }",
    "query ($yes: Boolean = true) { good { name @skip(if: $yes) number @include(if: $yes) } }",
    "{ nullWhereNoneMayBe { number name } good { name } }",
    "{ nullWhereNoneMayBe { number } tooLargeANumber { number } noSuchColour { colour name } }",
    "{ missing { number } broken: missing { number later name } }",
    "{ someAreWrong { name number words next { name } } }",
    "{ someAreWrong { failsLater } anException { number next { name } } tupleOfLeaves { name } }",
    "{ noList { name } notOfTheUnion { __typename } refused { ... on Refusal { name reason } } }",
    "{ good { fails } leaves { fails failsLater } }",
    '{ __schema { queryType { name } } __type(name: "Leaf") { fields { name } } }',
    "{ echo }",
    '{ echo(outer: {inner: {number: 1}}, many: {number: 2, words: "one"}, colours: [[BLUE]]) }',
    'mutation { a: change(outer: {inner: {number: 1}, name: "nobody"}) { ... on Named { name } } }',
]


async def of_strawberry(
    document: DocumentNode, variables: dict[str, Any] | None = None
) -> ExecutionResult:
    result: Any = graphql.execute(
        STOCK,
        document,
        root_value=world_of_types.Query(),
        variable_values=copy.deepcopy(variables),
        executor_class=StrawberryGraphQLCoreExecutionContext,
    )
    answer = await result if isinstance(result, Awaitable) else result
    assert isinstance(answer, ExecutionResult)
    return answer


def operation(document: DocumentNode, *, share: bool) -> Operation:
    node = get_operation_ast(document)
    assert node is not None
    return Operation(OURS._schema, CLASSES, document, node, share=share)


async def assert_same(source: str, *variables: dict[str, Any] | None) -> None:
    document = parse(source)
    assert validate(STOCK, document) == validate(OURS._schema, document) == []
    ours = operation(document, share="@" not in source)
    for given_values in (*variables, *variables):
        right = await of_strawberry(document, given_values)
        answer = await ours.execute(
            given_values, root_value=world_of_types.Query(), context_value=None
        )
        assert answer.formatted == right.formatted
        assert list_of_keys(answer.data) == list_of_keys(right.data)
        causes = [type(error.original_error) for error in answer.errors or ()]
        assert causes == [type(error.original_error) for error in right.errors or ()]


def list_of_keys(value: object) -> object:
    """All keys in their order, which `==` does not look at."""
    if isinstance(value, dict):
        return [(key, list_of_keys(below)) for key, below in value.items()]
    return [list_of_keys(below) for below in value] if isinstance(value, list) else None


@pytest.mark.parametrize("source", DOCUMENTS)
async def test_the_answer_is_that_of_strawberry(source: str) -> None:
    await assert_same(source, None)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
async def test_the_answer_is_that_of_strawberry_for_any_document(data: st.DataObject) -> None:
    source, variables = data.draw(generated.requests(STOCK))
    assume(not validate(STOCK, parse(source)))
    # The second call finds what the first has kept, with other variables.
    await assert_same(source, *data.draw(variables))


def test_what_has_a_resolver_is_no_attribute() -> None:
    names = {"name", "number", "colour", "maybe", "at", "words", "others", "next"}
    assert set(CLASSES.attributes["Leaf"]) == names
    assert set(CLASSES.attributes["Query"]) == {"plain"}
