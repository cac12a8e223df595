"""The printed schema contains the whole contract, so that clients written against it work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    print_ast,
)
from graphql.utilities import get_default_value_ast

from gql_api.schema import printer

TESTS = Path(__file__).parents[1]
CONTRACT = TESTS / "contract.graphql"
MEDIA_CONTRACT = TESTS / "contract_media.graphql"

Inputs = dict[str, GraphQLArgument] | dict[str, GraphQLInputField]


def differences(contract: GraphQLSchema, schema: GraphQLSchema) -> list[str]:
    """Return the parts of the contract that the schema lacks or changes."""
    return [
        difference
        for name, wanted in contract.type_map.items()
        if not name.startswith("__") and not is_specified_scalar_type(wanted)
        for difference in _type(name, wanted, schema.type_map.get(name))
    ]


def _type(name: str, wanted: GraphQLNamedType, got: GraphQLNamedType | None) -> Iterator[str]:
    if type(got) is not type(wanted):
        yield f"{name} is {type(got).__name__}, not {type(wanted).__name__}"
    elif isinstance(wanted, GraphQLEnumType):
        assert isinstance(got, GraphQLEnumType)
        yield from _missing(name, wanted.values, got.values)
    elif isinstance(wanted, GraphQLUnionType):
        assert isinstance(got, GraphQLUnionType)
        yield from _missing(name, _names(wanted.types), _names(got.types))
    elif isinstance(wanted, GraphQLInputObjectType):
        assert isinstance(got, GraphQLInputObjectType)
        yield from _inputs(name, wanted.fields, got.fields)
    elif isinstance(wanted, GraphQLObjectType | GraphQLInterfaceType):
        assert isinstance(got, GraphQLObjectType | GraphQLInterfaceType)
        yield from _missing(name, _names(wanted.interfaces), _names(got.interfaces))
        yield from _missing(name, wanted.fields, got.fields)
        for field in wanted.fields.keys() & got.fields.keys():
            place = f"{name}.{field}"
            yield from _same(place, wanted.fields[field].type, got.fields[field].type)
            yield from _inputs(place, wanted.fields[field].args, got.fields[field].args)


def _inputs(place: str, wanted: Inputs, got: Inputs) -> Iterator[str]:
    yield from _missing(place, wanted, got)
    for name in wanted.keys() & got.keys():
        yield from _same(f"{place}.{name}", wanted[name].type, got[name].type)
        yield from _same(f"{place}.{name} =", _default(wanted[name]), _default(got[name]))
    for name in got.keys() - wanted.keys():
        added = got[name]
        if isinstance(added, GraphQLArgument):
            required = is_required_argument(added)
        else:
            required = is_required_input_field(added)
        if required:
            yield f"{place}.{name} is new and required"


def _default(value: GraphQLArgument | GraphQLInputField) -> str | None:
    default = get_default_value_ast(value)
    return None if default is None else print_ast(default)


def _names(types: Iterable[GraphQLNamedType]) -> list[str]:
    return [type_.name for type_ in types]


def _missing(place: str, wanted: Iterable[str], got: Iterable[str]) -> Iterator[str]:
    yield from (f"{place} has no {name}" for name in sorted(set(wanted) - set(got)))


def _same(place: str, wanted: object, got: object) -> Iterator[str]:
    if str(wanted) != str(got):
        yield f"{place} is {got}, not {wanted}"


def test_the_schema_holds_the_contract() -> None:
    contract = build_schema(CONTRACT.read_text(encoding="utf-8"))
    assert differences(contract, build_schema(printer.printed())) == []


def test_the_schema_holds_the_contract_of_media() -> None:
    whole = CONTRACT.read_text(encoding="utf-8") + MEDIA_CONTRACT.read_text(encoding="utf-8")
    contract = build_schema(whole)
    assert {"Media", "ProcessingStatus", "Rendition", "RenditionName"} <= contract.type_map.keys()
    assert differences(contract, build_schema(printer.printed())) == []


BASE = """
scalar S
enum E { A B }
interface I { x: Int! }
input N { a: Int = 1  b: [E!] }
type T implements I { x: Int!  y(n: N, z: Boolean! = false): [T!] }
type U { v: S }
union V = T | U
type Query { t: V  e: E }
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("scalar S", "type S { x: Int }", "S is GraphQLObjectType, not GraphQLScalarType"),
        ("enum E { A B }", "enum E { A }", "E has no B"),
        ("T implements I", "T", "T has no I"),
        ("  b: [E!]", "", "N has no b"),
        ("b: [E!]", "b: [E]", "N.b is [E], not [E!]"),
        ("b: [E!]", "b: [E!]  c: Int!", "N.c is new and required"),
        ("a: Int = 1", "a: Int", "N.a = is None, not 1"),
        ("a: Int = 1", "a: Int = 2", "N.a = is 2, not 1"),
        ("b: [E!]", "b: [E!] = null", "N.b = is null, not None"),
        ("): [T!]", "): [T!]!", "T.y is [T!]!, not [T!]"),
        ("z: Boolean! = false", "z: Boolean!", "T.y.z = is None, not false"),
        ("n: N, ", "", "T.y has no n"),
        ("n: N, ", "n: N, o: Int!, ", "T.y.o is new and required"),
        ("union V = T | U", "union V = T", "V has no U"),
        ("  e: E", "  e2: E", "Query has no e"),
    ],
)
def test_each_kind_of_difference_is_found(old: str, new: str, found: str) -> None:
    assert BASE.count(old) == 1
    changed = build_schema(BASE.replace(old, new))
    assert differences(build_schema(BASE), changed) == [found]


def test_additions_are_allowed() -> None:
    more = BASE.replace("A B", "A B C").replace("v: S", "v(w: Int): S  w: Int")
    assert differences(build_schema(BASE), build_schema(f"{more} type W {{ x: Int }}")) == []
