"""Documents are parsed and validated once, if they are short."""

from __future__ import annotations

from strawberry.extensions import parser_cache, validation_cache

from gql_api.schema.documents import CACHE_SIZE, CACHED_MAX_LENGTH
from gql_api.schema.schema import create_schema

PARSED = parser_cache._get_parse_cache(CACHE_SIZE)
VALIDATED = validation_cache._get_validate_cache(CACHE_SIZE)


def _sizes() -> tuple[int, int]:
    return PARSED.cache_info().currsize, VALIDATED.cache_info().currsize  # type: ignore[attr-defined]


def _clear() -> None:
    PARSED.cache_clear()  # type: ignore[attr-defined]
    VALIDATED.cache_clear()  # type: ignore[attr-defined]


class _Nameless:
    """A context of a request that names no operation."""

    operation_name = None


async def test_short_documents_are_kept_and_long_ones_are_not() -> None:
    schema = create_schema(introspection=True)
    _clear()
    for length, sizes in ((CACHED_MAX_LENGTH + 1, (0, 0)), (CACHED_MAX_LENGTH, (1, 1))):
        for _ in range(2):
            query = "{ __typename }".ljust(length)
            result = await schema.execute(query, context_value=_Nameless())
            assert result.data == {"__typename": "Query"}
            assert _sizes() == sizes


async def test_errors_are_the_same_from_the_cache() -> None:
    schema = create_schema(introspection=False)
    _clear()
    for _ in range(2):
        result = await schema.execute("{ nothing viewr { id } }", context_value=_Nameless())
        assert [error.message for error in result.errors or ()] == [
            "Cannot query field 'nothing' on type 'Query'.",
            "Cannot query field 'viewr' on type 'Query'.",
        ]


async def test_the_memory_is_bounded() -> None:
    schema = create_schema(introspection=True)
    _clear()
    for number in range(CACHE_SIZE + 10):
        await schema.execute(f"{{ a{number}: __typename }}", context_value=_Nameless())
    assert _sizes() == (CACHE_SIZE, CACHE_SIZE)


async def test_one_schemas_verdict_is_not_another_schemas() -> None:
    _clear()
    query = "{ __schema { queryType { name } } }"
    for introspection in (True, False, True):
        schema = create_schema(introspection=introspection)
        result = await schema.execute(query, context_value=_Nameless())
        assert (result.errors is None) is introspection
