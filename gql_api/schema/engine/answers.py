"""Reading what is plain in an answer in one go.

Most of an answer is attributes of objects, and of objects in these, that only have to be written as
their types say. graphql-core takes the same long way to each of them: a `Path`, a `ResolveInfo`, a
resolver, completion by one check of the type after the other. Here, one function is made for what
is selected of a type, of those for its parts. It knows right values only: of any other it says
`Undefined`, and then graphql-core goes the long way, which ends in the same answer or in the error.
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

Read: TypeAlias = Callable[[Any], Any]
"""Reads a field of an object, or writes a value, as the answer has it."""

Details: TypeAlias = Any
"""graphql-core's `FieldDetailsList`: a field with all selections under one name of the answer."""

Selected: TypeAlias = Mapping[str, Details]
"""graphql-core's `GroupedFieldSet`: what is selected of an object, by its name in the answer."""

Field: TypeAlias = tuple[str, Details, Read | None]

Collect: TypeAlias = Callable[[GraphQLObjectType, Details], Selected]
"""What is selected of an object of this type, under the field that it is the value of."""

# Values of these that are exactly of this class are written as they are.
_SAME = {"String": str, "ID": str, "Boolean": bool}


class Classes:
    """What is known of a schema's types and of the classes behind them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.attributes: dict[str, dict[str, str]] = {}
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
        """The class that stands for this type; None where there may be others."""
        return self._classes.get(of_type.name)

    def object_type(self, of_type: GraphQLOutputType, cls: type) -> GraphQLObjectType | None:
        """The type of an object of exactly this class, where a field is of the type `of_type`.

        None where it is no class of the schema's, or not one for this field.
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
    """The fields that are attributes, and their names in Python; the others have resolvers."""
    for name, field in of_type.fields.items():
        definition = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        if definition.is_basic_field and not field.args:
            yield name, definition.python_name


class Plain:
    """Makes the functions for one document, each once."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._fields: dict[tuple[str, int], tuple[Selected, list[Field]]] = {}
        self._writers: dict[tuple[GraphQLOutputType, int], tuple[Details, Read | None]] = {}

    def fields(
        self, parent: GraphQLObjectType, selected: Selected, collect: Collect
    ) -> Sequence[Field]:
        """The name in the answer of each field, its details, and what reads it.

        What reads it is None if it is no attribute, or not all of it is plain.
        """
        # What has the id is kept as well, lest another gets it.
        key = (parent.name, id(selected))
        if key not in self._fields:
            fields = [
                (name, details, self._reader(parent, details, collect))
                for name, details in selected.items()
            ]
            self._fields[key] = (selected, fields)
        return self._fields[key][1]

    def writer(self, of_type: GraphQLOutputType, details: Details, collect: Collect) -> Read | None:
        """What writes values of a field of this type; None if they are not all plain."""
        key = (of_type, id(details))
        if key not in self._writers:
            self._writers[key] = (details, self._made(of_type, details, collect))
        return self._writers[key][1]

    def _reader(self, parent: GraphQLObjectType, details: Details, collect: Collect) -> Read | None:
        name = details[0].node.name.value
        if name == "__typename":
            return _constant(parent.name)
        attribute = self._classes.attributes[parent.name].get(name)
        if attribute is None:
            return None
        write = self.writer(parent.fields[name].type, details, collect)
        return write and _attribute(attribute, write)

    def _made(self, of_type: GraphQLOutputType, details: Details, collect: Collect) -> Read | None:
        inner = _nullable(of_type)
        write: Read | None = None
        if is_leaf_type(inner):
            write = _leaf(inner)
        elif is_list_type(inner):
            write_item = self.writer(inner.of_type, details, collect)
            write = write_item and _list(write_item)
        elif is_object_type(inner) and (cls := self._classes.class_of(inner)):
            fields = self.fields(inner, collect(inner, details), collect)
            reads = {name: read for name, _, read in fields if read is not None}
            write = _object(cls, reads) if len(reads) == len(fields) else None
        return write and _or_null(write, Undefined if is_non_null_type(of_type) else None)


def attempt(read: Read, source: Any) -> Any:
    """What is read, Undefined where that fails: the long way does so again, and can tell it."""
    try:
        return read(source)
    except Exception:
        return Undefined


def _nullable(of_type: GraphQLOutputType) -> Any:
    return of_type.of_type if is_non_null_type(of_type) else of_type


def _or_null(write: Read, null: object) -> Read:
    return lambda value: null if value is None else write(value)


def _constant(written: str) -> Read:
    return lambda _source: written


def _attribute(name: str, write: Read) -> Read:
    return lambda source: write(getattr(source, name))


def _leaf(of_type: GraphQLLeafType) -> Read:
    same = _SAME.get(of_type.name)
    coerce = of_type.coerce_output_value

    def write(value: Any) -> Any:
        if type(value) is same:
            return value
        if isinstance(value, Exception):  # Which graphql-core raises.
            return Undefined
        written = coerce(value)
        return Undefined if written is None else written

    return write


def _list(write_item: Read) -> Read:
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


def _object(cls: type, reads: Mapping[str, Read]) -> Read:
    fields = tuple(reads.items())

    def write(value: Any) -> Any:
        if type(value) is not cls:
            return Undefined
        written = {}
        for name, read in fields:
            found = read(value)
            if found is Undefined:
                return Undefined
            written[name] = found
        return written

    return write
