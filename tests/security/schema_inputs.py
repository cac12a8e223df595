"""Requests that reach every scalar argument of the schema, found by reading it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from tests.api import Json

SCALARS: Json = {
    "String": "text",
    "ID": "id",
    "Int": 1,
    "ByteCount": 1,
    "Boolean": True,
    "DateTime": "2030-01-31T12:00:00Z",
}
SCHEMA: GraphQLSchema = build_schema(
    (Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8")
)


def example(kind: GraphQLInputType) -> Any:
    """Return a valid value of the type."""
    bare = get_nullable_type(kind)
    if is_list_type(bare):
        return [example(bare.of_type)]
    if isinstance(bare, GraphQLInputObjectType):
        return {name: example(field.type) for name, field in bare.fields.items()}
    if isinstance(bare, GraphQLEnumType):
        return next(iter(bare.values))
    return SCALARS[str(bare)]


def leaves(kind: GraphQLInputType, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield the type of each scalar in an input, and the path to it."""
    bare = get_nullable_type(kind)
    if is_list_type(bare):
        yield from leaves(bare.of_type, (*path, 0))
    elif isinstance(bare, GraphQLInputObjectType):
        for name, field in bare.fields.items():
            yield from leaves(field.type, (*path, name))
    else:
        yield str(get_named_type(bare)), path


def put(value: Any, path: tuple[Any, ...], leaf: object) -> Any:
    """Return a copy of `value` with `leaf` at the path."""
    if not path:
        return leaf
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], leaf)
    return copy


def requests(leaf: object, *kinds: str) -> Iterator[tuple[str, Json]]:
    """Yield a query and variables with `leaf` in place of each scalar argument of a root field.

    `kinds` limits the scalars to those types; by default all are replaced.
    """
    for operation, root in (("query", SCHEMA.query_type), ("mutation", SCHEMA.mutation_type)):
        assert root is not None
        for name, field in root.fields.items():
            declared = ", ".join(f"${arg}: {value.type}" for arg, value in field.args.items())
            given = ", ".join(f"{arg}: ${arg}" for arg in field.args)
            selection = "{ totalCount nodes { id } }" if name == "uploads" else ""
            if is_composite_type(get_named_type(field.type)):
                selection = selection or "{ __typename }"
            query = f"{operation} ({declared}) {{ {name}({given}) {selection} }}"
            for argument, path, kind in arguments(field.args):
                if not kinds or kind in kinds:
                    variables = variables_of(field.args, argument)
                    variables[argument] = put(variables[argument], path, leaf)
                    yield query, variables


def arguments(args: Mapping[str, GraphQLArgument]) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    """Yield each scalar in the arguments of a field: argument name, path and type."""
    for name, argument in args.items():
        for kind, path in leaves(argument.type):
            yield name, path, kind


def variables_of(args: Mapping[str, GraphQLArgument], wanted: str) -> Json:
    """Return the required variables and the wanted one; `first` and `last` exclude each other."""
    return {
        name: example(argument.type)
        for name, argument in args.items()
        if name == wanted or isinstance(argument.type, GraphQLNonNull)
    }
