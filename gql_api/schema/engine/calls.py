"""Calling the functions behind fields without Strawberry's wrapper.

The wrapper makes input objects (`inputs.make_input_objects` has replaced that), runs the field's
extensions and permissions (`call_directly` refuses fields that have any), and inspects at each call
which arguments the function takes. What remains is to call the function, and to let a handler turn
an exception into a member of the result's union.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import strawberry
from graphql import (
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_nullable_type,
    is_object_type,
    is_union_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

Handlers: TypeAlias = Sequence[Any]
"""Strawberry's exception handlers, with the attributes `exception_type` and `error_type`."""

Resolver: TypeAlias = Callable[..., Any]


def call_directly(schema: GraphQLSchema, handlers: Handlers) -> None:
    """Replace the resolver of every field that has a function by one that only calls it.

    A handler applies to the fields whose result has a member of its type.

    Raises:
        TypeError: a field has an extension, a permission, or a parameter for its parent or root.
    """
    for of_type in schema.type_map.values():
        if is_object_type(of_type) and not of_type.name.startswith("__"):
            for output in of_type.fields.values():
                field = output.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
                if field.base_resolver is not None:
                    output.resolve = _resolver(field, _applicable(handlers, output.type))


def _applicable(handlers: Handlers, result: GraphQLOutputType) -> Handlers:
    """Return the handlers whose error type is a member of the result's union."""
    union = get_nullable_type(result)
    if not is_union_type(union):
        return ()
    backref = GraphQLCoreConverter.DEFINITION_BACKREF
    members = {member.extensions[backref].origin for member in union.types}
    return tuple(handler for handler in handlers if handler.error_type in members)


def _resolver(field: StrawberryField, handlers: Handlers) -> Resolver:
    call = _call(field)

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        try:
            return call(source, info, **arguments)
        except Exception as error:
            return _handle(error, field, info, handlers)

    async def resolve_later(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        try:
            return await call(source, info, **arguments)
        except Exception as error:
            return _handle(error, field, info, handlers)

    if not handlers:
        return call
    return resolve_later if field.is_async else resolve


def _handle(
    error: Exception, field: StrawberryField, info: GraphQLResolveInfo[Any], handlers: Handlers
) -> Any:
    """Return what the first matching handler makes of the error; raise it if none matches."""
    for handler in handlers:
        if isinstance(error, handler.exception_type):
            wrapped = strawberry.Info(_raw_info=info, _field=field)
            return handler.handle(error, field=field, info=wrapped)
    raise error


def _call(field: StrawberryField) -> Resolver:
    """Return a resolver that passes source and info to a function that has parameters for them."""
    resolver = field.base_resolver
    if resolver is None or field.extensions or resolver.parent_parameter or resolver.root_parameter:
        raise TypeError(
            f"The engine cannot call {field.python_name}: it has an extension, a permission, or a "
            "parameter for its parent or root."
        )
    function = cast(Callable[..., Any], resolver.wrapped_func)
    takes_source = resolver.self_parameter is not None
    info_name = resolver.info_parameter and resolver.info_parameter.name

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info_name:
            arguments[info_name] = strawberry.Info(_raw_info=info, _field=field)
        return function(source, **arguments) if takes_source else function(**arguments)

    return resolve
