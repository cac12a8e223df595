"""Reading arguments and variables straight into the objects that resolvers take.

graphql-core reads a value into dictionaries, from which Strawberry makes its input objects at each
field that they are given to. graphql-core can do that itself (`out_type`, `out_name`); so it is
told to, and variables, which are most of what clients send, are read by functions that are made
once for each type. These know right values only. Of any other they say `Undefined`, and then
graphql-core reads all of it anew, and tells what is wrong.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias, cast

from graphql import (
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

Reader: TypeAlias = Callable[[Any], Any]
"""What resolvers take for a value as JSON has it; Undefined where it may be wrong."""


def make_input_objects(schema: GraphQLSchema) -> None:
    """Let graphql-core make Strawberry's input objects, and name arguments as Python does.

    A default is made once, and given to every request that leaves the value out.

    Raises:
        TypeError: a type has a way of its own to be made, which is not known here.
    """
    for of_type in schema.type_map.values():
        if is_input_object_type(of_type):
            definition = of_type.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
            of_type.out_type = _maker(definition)  # type: ignore[assignment, method-assign]
            for field in of_type.fields.values():
                field.out_name = _python_name(field.extensions)
        elif is_object_type(of_type) and not of_type.name.startswith("__"):
            for output in of_type.fields.values():
                for argument in output.args.values():
                    argument.out_name = _python_name(argument.extensions)


def _maker(definition: StrawberryObjectDefinition) -> Callable[[dict[str, Any]], object]:
    if definition.from_input is not None or definition.is_one_of:
        raise TypeError(f"{definition.name} is not made from its fields alone.")
    left_out = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    }
    origin: Callable[..., object] = definition.origin
    return lambda values: origin(**{**left_out, **values})


def _python_name(extensions: Mapping[str, Any]) -> str:
    return str(extensions[GraphQLCoreConverter.DEFINITION_BACKREF].python_name)


class _Variable(NamedTuple):
    name: str
    signature: GraphQLVariableSignature
    read: Reader
    default: object  # Undefined where it has none.
    required: bool


class Variables:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        """The operation has been validated."""
        self.nodes = operation.variable_definitions or ()
        self._variables: Sequence[_Variable] | None = None
        with suppress(_Unknown):
            self._variables = [_variable(schema, node) for node in self.nodes]

    def read(self, given: Mapping[str, Any]) -> VariableValues | None:
        """What graphql-core's `get_variable_values` returns; None if only that can tell."""
        if self._variables is None:
            return None
        sources, coerced = {}, {}
        for name, signature, read, default, required in self._variables:
            value = given.get(name, Undefined)
            sources[name] = VariableValueSource(signature, value)
            if value is not Undefined:
                coerced[name] = found = read(value)
                if found is Undefined:
                    return None
            elif default is not Undefined:
                coerced[name] = default
            elif required:
                return None
        return VariableValues(sources, coerced)


class _Unknown(Exception):
    """There is no function that reads this."""


def _variable(schema: GraphQLSchema, node: VariableDefinitionNode) -> _Variable:
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError):
        raise _Unknown
    try:
        default = coerce_default_value(signature)
    except TypeError as error:
        raise _Unknown from error
    required = is_non_null_type(signature.type)
    name = signature.name
    return _Variable(name, signature, reader(signature.type), default, required)


def reader(of_type: GraphQLInputType, around: tuple[GraphQLInputType, ...] = ()) -> Reader:
    """The function that reads values of a type, which is part of the types `around` it.

    What it reads is as deep as the types are at most, which spares graphql-core's look for values
    that are nested too deeply; therefore it raises `_Unknown` for a type that is part of itself.
    """
    inner = of_type.of_type if is_non_null_type(of_type) else of_type
    read: Reader
    if is_list_type(inner):
        read = _list_reader(inner, around)
    elif is_input_object_type(inner):
        if inner in around:
            raise _Unknown
        read = _object_reader(inner, (*around, inner))
    else:
        read = _leaf_reader(cast(GraphQLLeafType, inner).coerce_input_value)
    null = Undefined if is_non_null_type(of_type) else None
    return lambda value: null if value is None else read(value)


def _leaf_reader(coerce: Reader) -> Reader:
    def read(value: Any) -> Any:
        try:
            return coerce(value)
        except Exception:
            return Undefined

    return read


def _list_reader(of_type: GraphQLList[Any], around: tuple[GraphQLInputType, ...]) -> Reader:
    read_item = reader(of_type.of_type, around)

    def read(value: Any) -> Any:
        # One value stands for a list of it (GraphQL, 3.11).
        items = value if isinstance(value, list) else [value]
        read_items = []
        for item in items:
            found = read_item(item)
            if found is Undefined:
                return Undefined
            read_items.append(found)
        return read_items

    return read


def _object_reader(of_type: GraphQLInputObjectType, around: tuple[GraphQLInputType, ...]) -> Reader:
    fields = [
        (name, field.out_name or name, reader(field.type, around), *_left_out(field))
        for name, field in of_type.fields.items()
    ]
    make = of_type.out_type

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            return Undefined
        values = {}
        known = 0
        for name, out_name, read_field, required, default in fields:
            if name in value:
                known += 1
                values[out_name] = found = read_field(value[name])
                if found is Undefined:
                    return Undefined
            elif required:
                return Undefined
            elif default is not Undefined:
                values[out_name] = default
        return make(values) if known == len(value) else Undefined

    return read


def _left_out(field: GraphQLInputField) -> tuple[bool, object]:
    """Whether the field must be given, and what stands for it where it is not."""
    required = is_required_input_field(field)
    return required, Undefined if required else coerce_default_value(field)
