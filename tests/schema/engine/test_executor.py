"""The engine returns the same results as Strawberry's own executor, including errors."""

from __future__ import annotations

import copy
import gc
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import ExecutionResult, FormattedExecutionResult, parse, validate
from hypothesis import assume, given
from hypothesis import strategies as st

from gql_api.schema.engine import Engine
from gql_api.schema.engine.answers import ObjectTypes
from gql_api.schema.engine.operations import CompiledOperation, Operation
from tests.random_work import examples
from tests.schema.engine import generated, world_of_types

STOCK_SCHEMA, OUR_SCHEMA = world_of_types.schema(), world_of_types.schema()
STOCK, OURS = Engine(STOCK_SCHEMA, stock=True), Engine(OUR_SCHEMA)

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
    "{ good { fails } leaves { fails failsLater } refusedNow { ... on Refusal { reason } } }",
    "{ good { copies { name next { name } } } leaves { copies { number words } } }",
    "{ good { copies { name later } } leaves { copies { name fails } } }",
    "{ good { sometimesLater name next { sometimesLater } } leaves { sometimesLater } }",
    "{ good { fails name } good { fails ... { fails number } } anException { number } }",
    '{ __schema { queryType { name } } __type(name: "Leaf") { kind fields { name } } }',
    "{ echo }",
    '{ echo(outer: {inner: {number: 1}}, many: {number: 2, words: "one"}, colours: [[BLUE]]) }',
    'mutation { a: change(outer: {inner: {number: 1}, name: "nobody"}) { ... on Named { name } } }',
]


async def execute(operation: Operation, variables: dict[str, Any] | None) -> ExecutionResult:
    return await operation.execute(
        copy.deepcopy(variables), root_value=world_of_types.Query(), context_value=None
    )


async def assert_same(source: str, *variables: dict[str, Any] | None) -> None:
    document = parse(source)
    schemas = (STOCK_SCHEMA._schema, OUR_SCHEMA._schema)
    assert [validate(schema, document) for schema in schemas] == [[], []]
    stock, ours = STOCK.compile(document), OURS.compile(document)
    for given_values in (*variables, *variables):
        expected = await execute(stock, given_values)
        answer = await execute(ours, given_values)
        assert answer.formatted == located_once(expected)
        assert list_of_keys(answer.data) == list_of_keys(expected.data)
        causes = [type(error.original_error) for error in answer.errors or ()]
        assert causes == [type(error.original_error) for error in expected.errors or ()]


def located_once(result: ExecutionResult) -> FormattedExecutionResult:
    """Return a result with one location for each error, as the engine reports them."""
    formatted = result.formatted
    for error in formatted.get("errors", ()):
        if "path" in error:
            error["locations"] = error["locations"][:1]
    return formatted


def list_of_keys(value: object) -> object:
    """Return the keys of all objects in order, because `==` ignores the order."""
    if isinstance(value, dict):
        return [(key, list_of_keys(below)) for key, below in value.items()]
    return [list_of_keys(below) for below in value] if isinstance(value, list) else None


@pytest.mark.parametrize("source", DOCUMENTS)
async def test_the_answer_is_that_of_strawberry(source: str) -> None:
    await assert_same(source, None)


@pytest.fixture
def quiet_garbage() -> Iterator[None]:
    """Ignore coroutines that are cancelled before they begin. graphql-core leaves some, too."""
    gc.disable()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        yield
        gc.collect()
    gc.enable()


@pytest.mark.usefixtures("quiet_garbage")
@examples(50)
@given(st.data())
async def test_the_answer_is_that_of_strawberry_for_any_document(data: st.DataObject) -> None:
    source, variables = data.draw(generated.requests(STOCK_SCHEMA._schema))
    assume(not validate(STOCK_SCHEMA._schema, parse(source)))
    # Later executions reuse what the first one kept, with other variables.
    await assert_same(source, *data.draw(variables))


def test_attributes_and_methods_of_their_object_alone_are_read_directly() -> None:
    readers = ObjectTypes(OUR_SCHEMA._schema).readers
    attributes = {"name", "number", "colour", "maybe", "at", "words", "others", "next"}
    assert set(readers["Leaf"]) == attributes | {"fails", "copies", "sometimesLater"}
    assert {"plain", "good", "leaves"} < set(readers["Query"])
    assert not {"goodLater", "either", "echo"} & set(readers["Query"])


@pytest.mark.parametrize("name", ["B", None])
def test_an_operation_that_the_document_does_not_have(name: str | None) -> None:
    with pytest.raises(ValueError, match="no operation"):
        OURS.compile(parse("query A { plain } query C { plain }"), name)


def compiled(source: str) -> CompiledOperation:
    operation = OURS.compile(parse(source))
    assert isinstance(operation, CompiledOperation)
    return operation


async def test_what_is_kept_stays_flat_over_many_requests() -> None:
    operation = compiled(
        """query ($times: Int!) {
          good { shout(times: $times) name next { later } }
          leaves { others { other } later failsLater }
          allKinds { ... on Named { name } ... on Leaf { later } }
        }"""
    )
    assert operation.kept is not None
    await execute(operation, {"times": 1})
    first = operation.kept.size
    assert first > 0
    for times in range(300):
        await execute(operation, {"times": times})
    assert operation.kept.size == first


async def test_nothing_is_kept_where_variables_decide_what_is_selected() -> None:
    operation = compiled("query ($no: Boolean!) { good { name @skip(if: $no) } plain }")
    assert operation.kept is None
    for no in (True, False, True):
        answer = await execute(operation, {"no": no})
        assert answer.data is not None
        assert set(answer.data["good"]) == (set() if no else {"name"})


async def test_input_nested_deeper_than_the_interpreter_allows_is_an_error() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    operation = OURS.compile(parse("query ($it: [[Colour!]!]) { echo(colours: $it) }"))
    answer = await operation.execute({"it": deep}, root_value=None, context_value=None)
    assert answer.data is None
    assert answer.errors
