"""Writing the plain parts of an answer directly.

Most of an answer is attributes of objects, and of objects in these, that only need to be written as
their types say. graphql-core takes the same steps for each of them: a `Path`, a `ResolveInfo`, a
resolver, and completion that tests for one kind of type after another. Here, one function is made
for all that is selected of a type, from functions for its parts. A function accepts correct values
only and returns `Undefined` for any other; graphql-core then executes the field, and either finds
the same answer or reports the error. A method that takes only its object is read like an attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from gql_api.schema.engine.readers import Read, readers

Write: TypeAlias = Callable[[Any], Any]
"""Returns a value as the answer contains it."""

Details: TypeAlias = Any
"""graphql-core's `FieldDetailsList`: all selections of a field under one response name."""

Selected: TypeAlias = Mapping[str, Details]
"""graphql-core's `GroupedFieldSet`: what is selected of an object, by response name."""


class Part(NamedTuple):
    """How a field of an object is written: `write(read(source))`.

    Values of exactly the class `unchanged` are written as they are. The loop over the fields of an
    object tests for that class itself, because calling `write` would take longer than the rest.
    """

    read: Read
    unchanged: type | None
    write: Write

    def of(self, source: Any) -> Any:
        """Return the field of `source` as the answer contains it."""
        value = self.read(source)
        return value if type(value) is self.unchanged else self.write(value)


Field: TypeAlias = tuple[str, Details, Part | None]
"""A response name, its details, and how the field is written; None if graphql-core must."""

Collect: TypeAlias = Callable[[GraphQLObjectType, Details], Selected]
"""Returns what the details of a field select of its value, which is of this type."""

# Values of exactly these classes are written unchanged.
_UNCHANGED = {"String": str, "ID": str, "Boolean": bool}


class ObjectTypes:
    """The object types of a schema, the classes behind them and their plain fields."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.readers: dict[str, dict[str, Read]] = {}
        """By type and field: the functions that read the plain fields from an object."""
        self._types: dict[type, GraphQLObjectType] = {}
        self._classes: dict[str, type] = {}
        self._known: dict[tuple[GraphQLOutputType, type], GraphQLObjectType | None] = {}
        self._schema = schema
        for name, of_type in schema.type_map.items():
            if is_object_type(of_type) and not name.startswith("__"):
                self.readers[name] = readers(of_type)
                definition = of_type.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
                if definition.concrete_of is None and definition.is_type_of is None:
                    self._types[definition.origin] = of_type
                    self._classes[name] = definition.origin

    def class_of(self, of_type: GraphQLObjectType) -> type | None:
        """Return the class of this type's values; None if there may be several."""
        return self._classes.get(of_type.name)

    def object_type(self, of_type: GraphQLOutputType, cls: type) -> GraphQLObjectType | None:
        """Return the object type of exactly this class, for a field of type `of_type`.

        None if the schema has no such class, or the field cannot hold it.
        """
        key = (of_type, cls)
        if key not in self._known:
            inner = _nullable(of_type)
            found = self._types.get(cls)
            if found and found is not inner:
                fits = is_abstract_type(inner) and self._schema.is_sub_type(inner, found)
                found = found if fits else None
            self._known[key] = found
        return self._known[key]


class Writers:
    """Makes the writing functions of one document, each once, and keeps them."""

    def __init__(self, types: ObjectTypes) -> None:
        self._types = types
        self._fields: dict[tuple[str, int], tuple[Selected, list[Field]]] = {}
        self._writers: dict[tuple[GraphQLOutputType, int], tuple[Details, Write | None]] = {}

    @property
    def size(self) -> int:
        """The number of functions and field lists that are kept."""
        return len(self._fields) + len(self._writers)

    def fields(
        self, parent: GraphQLObjectType, selected: Selected, collect: Collect
    ) -> Sequence[Field]:
        """Return the fields that are selected of an object, with the functions that write them."""
        key = (parent.name, id(selected))
        if key not in self._fields:
            fields = [
                (name, details, self._part(parent, details, collect))
                for name, details in selected.items()
            ]
            # Keep a reference to `selected` so that its id() is not reused.
            self._fields[key] = (selected, fields)
        return self._fields[key][1]

    def writer(
        self, of_type: GraphQLOutputType, details: Details, collect: Collect
    ) -> Write | None:
        """Return the function that writes values of this type; None if graphql-core must."""
        key = (of_type, id(details))
        if key not in self._writers:
            # Keep a reference to `details` so that its id() is not reused.
            self._writers[key] = (details, self._make_writer(of_type, details, collect))
        return self._writers[key][1]

    def _part(self, parent: GraphQLObjectType, details: Details, collect: Collect) -> Part | None:
        name = details[0].node.name.value
        if name == "__typename":
            return Part(lambda _source: parent.name, str, str)
        read = self._types.readers[parent.name].get(name)
        if read is None:
            return None
        of_type = parent.fields[name].type
        write = self.writer(of_type, details, collect)
        return write and Part(read, _unchanged(of_type), write)

    def _make_writer(
        self, of_type: GraphQLOutputType, details: Details, collect: Collect
    ) -> Write | None:
        inner = _nullable(of_type)
        null = Undefined if is_non_null_type(of_type) else None
        if is_leaf_type(inner):
            return _leaf(inner, null)
        if is_list_type(inner):
            write_item = self.writer(inner.of_type, details, collect)
            return write_item and _list(write_item, null)
        if is_object_type(inner) and (cls := self._types.class_of(inner)):
            fields = self.fields(inner, collect(inner, details), collect)
            parts = [(name, *part) for name, _, part in fields if part is not None]
            return _object(cls, parts, null) if len(parts) == len(fields) else None
        return None


def attempt(write: Write, source: Any) -> Any:
    """Return what is written; Undefined on an error, which graphql-core then finds and reports."""
    try:
        return write(source)
    except Exception:
        return Undefined


def _nullable(of_type: GraphQLOutputType) -> Any:
    return of_type.of_type if is_non_null_type(of_type) else of_type


def _unchanged(of_type: GraphQLOutputType) -> type | None:
    inner = _nullable(of_type)
    return _UNCHANGED.get(inner.name) if is_leaf_type(inner) else None


def _leaf(of_type: GraphQLLeafType, null: object) -> Write:
    """Return the function for a scalar or an enum; `null` is written for None."""
    unchanged = _UNCHANGED.get(of_type.name)
    coerce = of_type.coerce_output_value

    def write(value: Any) -> Any:
        if value is None:
            return null
        if type(value) is unchanged:
            return value
        if isinstance(value, Exception):  # graphql-core raises an exception that is a value.
            return Undefined
        written = coerce(value)
        return Undefined if written is None else written

    if not is_enum_type(of_type):
        return write
    names = dict(_names(of_type))
    return lambda value: names.get(value) or write(value)


def _names(of_type: GraphQLEnumType) -> Iterator[tuple[object, str]]:
    """Yield the members of an enum's class with their names. Strawberry searches for each name.

    The enums of introspection have no class.
    """
    definition = of_type.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    members: Iterable[Enum] = definition.wrapped_cls if definition else ()
    for name, value in of_type.values.items():
        yield from ((member, name) for member in members if member.value == value.value)


def _list(write_item: Write, null: object) -> Write:
    def write(value: Any) -> Any:
        if type(value) is not list:
            return null if value is None else Undefined
        items = []
        for item in value:
            written = write_item(item)
            if written is Undefined:
                return Undefined
            items.append(written)
        return items

    return write


def _object(
    cls: type,
    parts: Sequence[tuple[str, Read, type | None, Write]],
    null: object,
) -> Write:
    """Return the function for objects of the class, from its parts and their response names."""

    def write(value: Any) -> Any:
        if type(value) is not cls:
            return null if value is None else Undefined
        written = {}
        for name, read, unchanged, write_part in parts:
            found = read(value)
            if type(found) is not unchanged:
                found = write_part(found)
                if found is Undefined:
                    return Undefined
            written[name] = found
        return written

    return write
