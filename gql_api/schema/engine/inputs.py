"""Making Strawberry's input objects where graphql-core coerces the values.

graphql-core coerces a value into dictionaries, from which Strawberry makes its input objects once
per field that receives the value. graphql-core can make them itself (`out_type`, `out_name`), once
per request.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLSchema, is_input_object_type, is_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition


def make_input_objects(schema: GraphQLSchema) -> None:
    """Have graphql-core make Strawberry's input objects, and pass arguments by Python names.

    A default value is made once and shared by all requests that leave the value out.

    Raises:
        TypeError: an input type is `one_of` or has a conversion of its own.
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
        raise TypeError(f"The engine cannot make {definition.name}: it is not only its fields.")
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
