"""Executing operations as graphql-core does, without repeating what is the same each time.

graphql-core finds out anew for each request which fields a selection comes to, and takes the same
long way to each field: a `Path`, a `ResolveInfo`, arguments, a resolver, completion. Most fields of
an answer are attributes of an object that only have to be written as a scalar says. Those are read
at once here; where anything about one is unusual, it goes the long way, which tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    is_leaf_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

Read: TypeAlias = Callable[[Any], object]
"""Reads a field of an object as the answer has it; Undefined where it has to go the long way."""

Leaves: TypeAlias = Mapping[str, Mapping[str, Read]]
"""By the name of a type, the fields that are plain attributes."""


class SharedFields:
    """Which fields the selections of one document come to, found out by its first execution.

    Only for documents in which no variable decides that, by `@skip` or `@include`.
    """

    def __init__(self) -> None:
        self.roots: dict[int, Any] = {}
        self.below: dict[Any, Any] = {}


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation."""

    def __init__(
        self, *args: Any, leaves: Leaves, shared: SharedFields | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._leaves = leaves
        self._shared = shared
        if shared is not None:
            self._relevant_sub_fields = shared.below

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: Any,
        serially: bool,
        new_defer_usages: Any,
    ) -> Any:
        """Begin with the field set of the first execution: what is below goes by its identity."""
        if self._shared is not None:
            grouped_field_set = self._shared.roots.setdefault(id(self.operation), grouped_field_set)
        return super().execute_collected_root_fields(
            root_type, root_value, grouped_field_set, serially, new_defer_usages
        )

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """The answer's object: plain attributes at once, all else as graphql-core does it."""
        plain = self._leaves.get(parent_type.name)
        if plain is None:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        values: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            value = _value(plain.get(details[0].node.name.value), source_value)
            if value is Undefined:
                others[name] = details
            # Also where it comes later, so that the answer keeps the order of the document.
            values[name] = value
        if not others:
            return values
        found: Any = super().execute_fields(
            parent_type, source_value, path, others, position_context
        )
        if self.is_awaitable(found):
            return _merged_later(values, found)
        return _merged(values, found)


def leaves_of(schema: GraphQLSchema) -> Leaves:
    """The plain attributes of all of the schema's types."""
    return {
        name: {"__typename": _constant(name), **_plain_attributes(of_type)}
        for name, of_type in schema.type_map.items()
        if is_object_type(of_type) and not name.startswith("__")
    }


def _plain_attributes(of_type: GraphQLObjectType) -> dict[str, Read]:
    return {
        name: _attribute(attribute, leaf, nullable=not is_non_null_type(field.type))
        for name, field in of_type.fields.items()
        if (attribute := _attribute_of(field)) is not None
        and (leaf := _leaf_of(field.type)) is not None
    }


def _attribute_of(field: GraphQLField) -> str | None:
    """The name of the attribute that a field is; None where it has a resolver."""
    of_strawberry = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if of_strawberry is None or not of_strawberry.is_basic_field or field.args:
        return None
    return str(of_strawberry.python_name)


def _leaf_of(of_type: GraphQLOutputType) -> GraphQLLeafType | None:
    inner = of_type.of_type if is_non_null_type(of_type) else of_type
    return inner if is_leaf_type(inner) else None


def _attribute(name: str, leaf: GraphQLLeafType, *, nullable: bool) -> Read:
    null = None if nullable else Undefined
    write = leaf.coerce_output_value

    def read(source: Any) -> object:
        value = getattr(source, name)
        if value is None:
            return null
        written = write(value)
        return Undefined if written is None else written

    return read


def _constant(value: str) -> Read:
    return lambda _source: value


def _value(read: Read | None, source: Any) -> object:
    if read is None:
        return Undefined
    try:
        return read(source)
    except Exception:
        return Undefined  # The long way raises it again, and knows how to tell it.


def _merged(values: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    values.update(found)
    return values


async def _merged_later(values: dict[str, Any], found: Any) -> dict[str, Any]:
    return _merged(values, await found)
