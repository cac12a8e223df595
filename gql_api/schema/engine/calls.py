"""Calling the functions behind fields, without what Strawberry does around them.

Strawberry's wrapper makes input objects (`inputs.make_input_objects` has done that already), runs
the field's extensions and permissions (there are none), and finds out at each call which arguments
the function wants. What is left is to call it, and to let a handler turn a failure into a member of
the result's union.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import strawberry
from graphql import GraphQLResolveInfo, GraphQLSchema, is_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

Handlers: TypeAlias = tuple[tuple[tuple[type[Exception], ...], Any], ...]
"""Of a field: the exceptions that a handler takes, and the handler."""

Resolver: TypeAlias = Callable[..., Any]


def call_directly(schema: GraphQLSchema, converter: GraphQLCoreConverter) -> None:
    """Give all fields with a function a resolver that does no more than is needed.

    Raises:
        TypeError: a field has something that only Strawberry's wrapper knows how to do.
    """
    for of_type in schema.type_map.values():
        if is_object_type(of_type) and not of_type.name.startswith("__"):
            for output in of_type.fields.values():
                field = output.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
                if field.base_resolver is not None:
                    handlers = converter._get_field_exception_handlers(field)
                    output.resolve = _resolver(field, handlers)


def _resolver(field: StrawberryField, handlers: Handlers) -> Resolver:
    call = _call(field)

    def handled(error: Exception, info: GraphQLResolveInfo[Any]) -> Any:
        for kinds, handler in handlers:
            if isinstance(error, kinds):
                shown = strawberry.Info(_raw_info=info, _field=field)
                return handler.handle(error, field=field, info=shown)
        raise error

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        try:
            return call(source, info, **arguments)
        except Exception as error:
            return handled(error, info)

    async def resolve_later(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        try:
            return await call(source, info, **arguments)
        except Exception as error:
            return handled(error, info)

    if not handlers:
        return call
    return resolve_later if field.is_async else resolve


def _call(field: StrawberryField) -> Resolver:
    """Calls the function with those of source and info that it has parameters for."""
    resolver = field.base_resolver
    if resolver is None or field.extensions or resolver.parent_parameter or resolver.root_parameter:
        raise TypeError(f"{field.python_name} needs more than to be called.")
    function = cast(Callable[..., Any], resolver.wrapped_func)
    takes_source = resolver.self_parameter is not None
    info_name = resolver.info_parameter and resolver.info_parameter.name

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info_name:
            arguments[info_name] = strawberry.Info(_raw_info=info, _field=field)
        return function(source, **arguments) if takes_source else function(**arguments)

    return resolve
