"""Reading the plain fields of objects: attributes, and methods that take only their object."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from types import CoroutineType
from typing import Any, TypeAlias

from graphql import GraphQLObjectType
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

Read: TypeAlias = Callable[[Any], Any]
"""Returns the value of a field of an object."""


def readers(of_type: GraphQLObjectType) -> dict[str, Read]:
    """Return the functions that read the plain fields of a type, by field."""
    found: dict[str, Read] = {}
    for name, output in of_type.fields.items():
        field = output.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        if field.is_basic_field and not output.args:
            found[name] = attrgetter(field.python_name)
        elif _takes_only_its_object(field):
            found[name] = _method(field.python_name, field.base_resolver.wrapped_func)
    return found


def _takes_only_its_object(field: StrawberryField) -> bool:
    resolver = field.base_resolver
    return (
        resolver is not None
        and resolver.self_parameter is not None
        and resolver.info_parameter is None
        and not field.arguments
        and not field.is_async
    )


def _method(name: str, function: Read) -> Read:
    """Return a function that calls the method and refuses an awaitable, which cannot be written."""

    def read(source: Any) -> Any:
        value = function(source)
        if optimized_is_awaitable(value):
            if isinstance(value, CoroutineType):
                value.close()  # graphql-core calls the method again and awaits the next one.
            raise TypeError(f"{name} returned an awaitable.")
        return value

    return read
