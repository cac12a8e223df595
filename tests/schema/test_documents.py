"""Short documents are parsed and validated once."""

from __future__ import annotations

from gql_api.schema.documents import CACHE_SIZE, CACHED_MAX_LENGTH
from gql_api.schema.schema import create_schema


async def test_short_documents_are_kept_and_long_ones_are_not() -> None:
    schema = create_schema(introspection=True)
    for length, kept in ((CACHED_MAX_LENGTH + 1, 0), (CACHED_MAX_LENGTH, 1)):
        for _ in range(2):
            result = await schema.execute("{ __typename }".ljust(length))
            assert result.data == {"__typename": "Query"}
            assert schema.documents.kept.cache_info().currsize == kept
    assert schema.documents.kept.cache_info().hits == 1


async def test_errors_are_the_same_from_the_cache() -> None:
    schema = create_schema(introspection=False)
    for _ in range(2):
        result = await schema.execute("{ nothing viewr { id } }")
        assert [error.message for error in result.errors or ()] == [
            "Cannot query field 'nothing' on type 'Query'.",
            "Cannot query field 'viewr' on type 'Query'.",
        ]


async def test_the_memory_is_bounded() -> None:
    schema = create_schema(introspection=True)
    for number in range(CACHE_SIZE + 10):
        await schema.execute(f"{{ a{number}: __typename }}")
    assert schema.documents.kept.cache_info().currsize == CACHE_SIZE


async def test_one_schemas_verdict_is_not_another_schemas() -> None:
    query = "{ __schema { queryType { name } } }"
    for introspection in (True, False, True):
        schema = create_schema(introspection=introspection)
        for _ in range(2):
            result = await schema.execute(query)
            assert (result.errors is None) is introspection


async def test_which_fields_are_selected_is_found_out_anew_where_variables_decide() -> None:
    schema = create_schema(introspection=True)
    query = """
    query ($not: Boolean!) {
      __type(name: "Upload") { name kind @skip(if: $not) ofType @include(if: $not) { name } }
    }
    """
    for skipped in (True, False, True):
        result = await schema.execute(query, {"not": skipped})
        assert result.data is not None
        names = ["name", "ofType"] if skipped else ["name", "kind"]
        assert list(result.data["__type"]) == names


async def test_the_same_document_may_run_another_operation() -> None:
    schema = create_schema(introspection=True)
    query = "query A { a: __typename } query B { b: __typename } mutation C { c: __typename }"
    for _ in range(2):
        for name in "ABC":
            result = await schema.execute(query, operation_name=name)
            kind = "Mutation" if name == "C" else "Query"
            assert result.data == {name.lower(): kind}
