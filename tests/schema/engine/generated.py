"""Generated documents for a schema, with variables, some of which are invalid."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLInputType,
    GraphQLNamedOutputType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
    is_union_type,
)
from hypothesis import strategies as st

DEPTH = 3
SCALARS: dict[str, st.SearchStrategy[object]] = {
    "Int": st.integers(-3, 3),
    "Float": st.one_of(st.integers(0, 3), st.just(0.5)),
    "String": st.sampled_from(["", "a", "nobody", 'q"\n']),
    "ID": st.sampled_from(["x", "7"]),
    "Boolean": st.booleans(),
    "DateTime": st.sampled_from(["2030-01-31T12:00:00Z", "2030-01-31T12:00:00.5+02:00"]),
}
WRONG = st.sampled_from(
    [None, True, 2**40, 1.25, "", "GREEN", "2030-02-30T00:00:00Z", [], [None], {}, {"number": "x"}]
)

Draw = Callable[[st.SearchStrategy[Any]], Any]


class _Request:
    """Builds one document and collects its variables."""

    def __init__(self, schema: GraphQLSchema, draw: Draw) -> None:
        self._schema = schema
        self._draw = draw
        self._fragments: list[str] = []
        self._calls = 0
        self._directives = draw(st.booleans())
        self.variables: dict[str, tuple[str, GraphQLInputType]] = {}

    def source(self, kind: str, root: GraphQLObjectType) -> str:
        body = self._selections(root, DEPTH)
        declared = ", ".join(f"${name}: {text}" for name, (text, _) in self.variables.items())
        head = f"{kind} Q({declared})" if declared else f"{kind} Q"
        return "\n".join([f"{head} {body}", *self._fragments])

    def _selections(self, of_type: GraphQLNamedOutputType, depth: int) -> str:
        parts = [self._selection(of_type, depth) for _ in range(self._draw(st.integers(1, 4)))]
        return "{ __typename " + " ".join(parts) + " }"

    def _selection(self, of_type: Any, depth: int) -> str:
        how = self._draw(st.sampled_from(["field", "field", "field", "inline", "spread"]))
        if is_union_type(of_type) and how == "field":
            how = "inline"
        if how == "field" or depth == 0:
            return self._field(of_type, depth) if not is_union_type(of_type) else "__typename"
        target = of_type
        if is_abstract_type(of_type):
            target = self._draw(st.sampled_from(self._schema.get_possible_types(of_type)))
        body = self._selections(target, depth - 1)
        if how == "inline":
            return f"... on {target.name} {self._directive()} {body}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {target.name} {body}")
        return f"...{name} {self._directive()}"

    def _field(self, of_type: Any, depth: int) -> str:
        inner = {
            name: field
            for name, field in of_type.fields.items()
            if depth > 0 or is_leaf_type(get_named_type(field.type))
        }
        if not inner:
            return "__typename"
        name = self._draw(st.sampled_from(sorted(inner)))
        arguments = [
            f"{key}: {self._value(argument.type)}"
            for key, argument in inner[name].args.items()
            if is_required_argument(argument) or self._draw(st.booleans())
        ]
        # GraphQL merges equal selections; different arguments conflict, so calls get an alias.
        alias = self._draw(st.sampled_from(["", "", f"{name}2: "]))
        if inner[name].args:
            self._calls += 1
            alias = f"call{self._calls}: "
        text = f"{alias}{name}{'(' + ', '.join(arguments) + ')' if arguments else ''}"
        below = get_named_type(inner[name].type)
        body = "" if is_leaf_type(below) else self._selections(below, depth - 1)
        return f"{text} {self._directive()} {body}"

    def _directive(self) -> str:
        if not self._directives or self._draw(st.integers(0, 3)):
            return ""
        name = self._draw(st.sampled_from(["skip", "include"]))
        return f"@{name}(if: {self._variable(GraphQLBoolean, required=True)})"

    def _value(self, of_type: Any) -> str:
        """Return a literal; variables may replace it or parts of it."""
        if self._draw(st.integers(0, 2)) == 0:
            return self._variable(of_type)
        if is_non_null_type(of_type):
            of_type = of_type.of_type
        elif self._draw(st.integers(0, 5)) == 0:
            return "null"
        if is_list_type(of_type):
            items = [self._value(of_type.of_type) for _ in range(self._draw(st.integers(0, 2)))]
            # GraphQL coerces a single literal to a list, but not a variable of the item type.
            single = len(items) == 1 and not items[0].startswith("$") and self._draw(st.booleans())
            return items[0] if single else f"[{', '.join(items)}]"
        if is_input_object_type(of_type):
            fields = [
                f"{name}: {self._value(field.type)}"
                for name, field in of_type.fields.items()
                if is_required_input_field(field) or self._draw(st.booleans())
            ]
            return "{" + ", ".join(fields) + "}"
        return _literal(of_type, self._draw(_leaf(of_type)))

    def _variable(self, of_type: Any, *, required: bool = False) -> str:
        text = f"{of_type}!" if required else str(of_type)
        if is_leaf_type(of_type) and not required and self._draw(st.booleans()):
            text += f" = {_literal(of_type, self._draw(_leaf(of_type)))}"
        same = [name for name, (known, _) in self.variables.items() if known == text]
        name = same[0] if same and self._draw(st.booleans()) else f"v{len(self.variables)}"
        self.variables[name] = (text, GraphQLNonNull(of_type) if required else of_type)
        return f"${name}"


def _leaf(of_type: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for valid JSON values of a scalar or an enum."""
    if is_enum_type(of_type):
        return st.sampled_from(sorted(of_type.values))
    return SCALARS[of_type.name]


def _literal(of_type: Any, value: object) -> str:
    return str(value) if is_enum_type(of_type) else json.dumps(value)


def _json(of_type: Any, draw: Draw) -> object:
    """Return a value for a variable, nearly always a valid one."""
    if draw(st.integers(0, 25)) == 0:
        return draw(WRONG)
    if is_non_null_type(of_type):
        of_type = of_type.of_type
    elif draw(st.integers(0, 5)) == 0:
        return None
    if is_list_type(of_type):
        if draw(st.integers(0, 3)) == 0:
            return _json(of_type.of_type, draw)
        return [_json(of_type.of_type, draw) for _ in range(draw(st.integers(0, 3)))]
    if is_input_object_type(of_type):
        return {
            name: _json(field.type, draw)
            for name, field in of_type.fields.items()
            if is_required_input_field(field) or draw(st.booleans())
        }
    return draw(_leaf(of_type))


@st.composite
def requests(draw: Draw, schema: GraphQLSchema) -> tuple[str, st.SearchStrategy[Any]]:
    """Return a document, not always a valid one, and a strategy for two sets of variables."""
    kind = draw(st.sampled_from(["query", "query", "query", "mutation"]))
    root = schema.query_type if kind == "query" else schema.mutation_type
    assert root is not None
    request = _Request(schema, draw)
    source = request.source(kind, root)

    @st.composite
    def variables(draw: Draw) -> list[dict[str, object]]:
        return [
            {
                name: _json(of_type, draw)
                for name, (text, of_type) in request.variables.items()
                if text.endswith("!") or draw(st.booleans())
            }
            for _ in range(2)
        ]

    return source, variables()
