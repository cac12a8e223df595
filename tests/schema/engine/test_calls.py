"""The engine finds the exception handlers of a field as Strawberry does, but in fewer steps."""

from __future__ import annotations

import pytest
from graphql import is_object_type
from strawberry.schema import schema_converter
from strawberry.schema.schema_converter import GraphQLCoreConverter

from gql_api.schema.engine.calls import _applicable
from gql_api.schema.errors import HANDLERS
from gql_api.schema.schema import create_schema


def test_the_handlers_of_each_field_are_those_that_strawberry_finds() -> None:
    schema = create_schema(introspection=True, stock_executor=True)
    found = 0
    for of_type in schema._schema.type_map.values():
        if is_object_type(of_type) and not of_type.name.startswith("__"):
            for output in of_type.fields.values():
                field = output.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
                expected = schema.schema_converter._get_field_exception_handlers(field)
                handlers = _applicable(HANDLERS, output.type)
                assert list(handlers) == [handler for _types, handler in expected], field.name
                found += len(handlers)
    assert found > len(HANDLERS)


def test_strawberry_does_not_look_for_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look for each handler in the type of each field, at every cold start."""
    looked_at: list[object] = []
    monkeypatch.setattr(schema_converter, "field_contains_type", lambda *of: looked_at.append(of))
    create_schema(introspection=True)
    assert looked_at == []
    create_schema(introspection=True, stock_executor=True)
    assert len(looked_at) > 1000
