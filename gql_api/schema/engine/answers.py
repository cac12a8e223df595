"""Writing the plain parts of an answer directly.

Most of an answer is attributes of objects, and of objects in these, that only need to be written as
their types say. graphql-core takes the same steps for each of them: a `Path`, a `ResolveInfo`, a
resolver, and completion that tests for one kind of type after another. Here, one function is made
for all that is selected of a type, from functions for its parts. A function accepts correct values
only and returns `Undefined` for any other; graphql-core then executes the field, and either finds
the same answer or reports the error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

Write: TypeAlias = Callable[[Any], Any]
"""Returns a value, or a field of an object, as the answer contains it."""

Details: TypeAlias = Any
"""graphql-core's `FieldDetailsList`: all selections of a field under one response name."""

Selected: TypeAlias = Mapping[str, Details]
"""graphql-core's `GroupedFieldSet`: what is selected of an object, by response name."""

Field: TypeAlias = tuple[str, Details, Write | None]
"""A response name, its details, and the function that writes it; None if graphql-core must."""

Collect: TypeAlias = Callable[[GraphQLObjectType, Details], Selected]
"""Returns what the details of a field select of its value, which is of this type."""

# Values of exactly these classes are written unchanged.
_UNCHANGED = {"String": str, "ID": str, "Boolean": bool}


class ObjectTypes:
    """The object types of a schema, the classes behind them and their plain attributes."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.attributes: dict[str, dict[str, str]] = {}
        """By type: the Python names of the fields that are attributes, by field."""
        self._types: dict[type, GraphQLObjectType] = {}
        self._classes: dict[str, type] = {}
        self._known: dict[tuple[GraphQLOutputType, type], GraphQLObjectType | None] = {}
        self._schema = schema
        for name, of_type in schema.type_map.items():
            if is_object_type(of_type) and not name.startswith("__"):
                self.attributes[name] = dict(_attributes(of_type))
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


def _attributes(of_type: GraphQLObjectType) -> Iterator[tuple[str, str]]:
    """Yield the fields without a resolver and their names in Python."""
    for name, field in of_type.fields.items():
        definition = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        if definition.is_basic_field and not field.args:
            yield name, definition.python_name


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
                (name, details, self._field_writer(parent, details, collect))
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

    def _field_writer(
        self, parent: GraphQLObjectType, details: Details, collect: Collect
    ) -> Write | None:
        name = details[0].node.name.value
        if name == "__typename":
            return _constant(parent.name)
        attribute = self._types.attributes[parent.name].get(name)
        if attribute is None:
            return None
        write = self.writer(parent.fields[name].type, details, collect)
        return write and _attribute(attribute, write)

    def _make_writer(
        self, of_type: GraphQLOutputType, details: Details, collect: Collect
    ) -> Write | None:
        inner = _nullable(of_type)
        write: Write | None = None
        if is_leaf_type(inner):
            write = _leaf(inner)
        elif is_list_type(inner):
            write_item = self.writer(inner.of_type, details, collect)
            write = write_item and _list(write_item)
        elif is_object_type(inner) and (cls := self._types.class_of(inner)):
            fields = self.fields(inner, collect(inner, details), collect)
            writers = {name: write for name, _, write in fields if write is not None}
            write = _object(cls, writers) if len(writers) == len(fields) else None
        return write and _or_null(write, Undefined if is_non_null_type(of_type) else None)


def attempt(write: Write, source: Any) -> Any:
    """Return what is written; Undefined on an error, which graphql-core then finds and reports."""
    try:
        return write(source)
    except Exception:
        return Undefined


def _nullable(of_type: GraphQLOutputType) -> Any:
    return of_type.of_type if is_non_null_type(of_type) else of_type


def _or_null(write: Write, null: object) -> Write:
    return lambda value: null if value is None else write(value)


def _constant(written: str) -> Write:
    return lambda _source: written


def _attribute(name: str, write: Write) -> Write:
    return lambda source: write(getattr(source, name))


def _leaf(of_type: GraphQLLeafType) -> Write:
    unchanged = _UNCHANGED.get(of_type.name)
    coerce = of_type.coerce_output_value

    def write(value: Any) -> Any:
        if type(value) is unchanged:
            return value
        if isinstance(value, Exception):  # graphql-core raises an exception that is a value.
            return Undefined
        written = coerce(value)
        return Undefined if written is None else written

    return write


def _list(write_item: Write) -> Write:
    def write(value: Any) -> Any:
        if type(value) is not list:
            return Undefined
        items = []
        for item in value:
            written = write_item(item)
            if written is Undefined:
                return Undefined
            items.append(written)
        return items

    return write


def _object(cls: type, writers: Mapping[str, Write]) -> Write:
    fields = tuple(writers.items())

    def write(value: Any) -> Any:
        if type(value) is not cls:
            return Undefined
        written = {}
        for name, write_field in fields:
            found = write_field(value)
            if found is Undefined:
                return Undefined
            written[name] = found
        return written

    return write
