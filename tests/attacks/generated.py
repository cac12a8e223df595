"""Random documents for this schema: valid, invalid, and built to be expensive."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

PARTS = "[" + "{number: 1} " * 40 + "]"
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "uploads": ("", "(first: 100)", "(first: $n)", "(last: 7, orderBy: {field: FILENAME})"),
    "upload": ('(id: "UPLOAD")', "(id: $id)", '(id: "x")'),
    "parts": ("", f"(select: {PARTS})", "(select: $s)"),
    "download": ("", "(expiresInSeconds: 0)", "(disposition: ATTACHMENT)"),
}
HEADS = (
    "($n: Int = 100, $id: ID! = \"UPLOAD\", $s: [PartInput!] = " + PARTS + ")",
    "($n: Int, $id: ID = \"x\", $s: [PartInput!])",
    "",
)  # fmt: skip
DEPTH = 6
REPEATED_MAX_LENGTH = 500
MAX_LENGTH = 100_000


class Documents:
    """Generates documents of very different sizes and shapes."""

    def __init__(self, schema: GraphQLSchema, chance: random.Random) -> None:
        self._schema = schema
        self._chance = chance

    def document(self) -> str:
        """Return a document; its operation A is the one to execute."""
        while len(text := self._document()) > MAX_LENGTH:
            pass
        return text

    def _document(self) -> str:
        chance = self._chance
        fragments = chance.choice((0, 0, 1, 3, 40))
        width = chance.choice((1, 2, 4, 8))
        root = self._schema.query_type
        assert root is not None
        names = [f"F{number}" for number in range(fragments)]
        operations = ["A", *chance.sample("BCDEFG", chance.choice((0, 0, 1, 5)))]
        bodies = [
            f"query {name}{chance.choice(HEADS)} {self._selections(root, 0, width, names)}"
            for name in operations
        ]
        for number, name in enumerate(names):
            of_type = self._schema.type_map[chance.choice(("Query", "Upload", "User"))]
            body = self._selections(of_type, 1, width, names[number + 1 :])
            bodies.append(f"fragment {name} on {of_type.name} {body}")
        return " ".join(bodies)

    def _selections(self, of_type: Any, depth: int, width: int, names: list[str]) -> str:
        """Return a selection set, which may be invalid."""
        chance = self._chance
        makers: list[Callable[[], str]] = [
            lambda: self._field(of_type, depth, width, names),
            lambda: self._field(of_type, depth, width, names),
            lambda: f"... {self._selections(of_type, depth, width, names)}",
            lambda: f"...{chance.choice(names)}" if names else "__typename",
            lambda: "__typename " * chance.choice((1, 1, 30, 200)),
        ]
        count = chance.randint(1, width)
        chosen = [chance.choices(makers, (8, 8, 1, 3, 1))[0]() for _ in range(count)]
        text = " ".join(chosen)
        if chance.random() < 0.1 and len(text) < REPEATED_MAX_LENGTH:
            text = " ".join([text] * chance.choice((2, 5, 60)))
        return f"{{ {text} }}"

    def _field(self, of_type: Any, depth: int, width: int, names: list[str]) -> str:
        chance = self._chance
        if chance.random() < 0.02 or not isinstance(of_type, GraphQLObjectType):
            return "unknown"
        name = chance.choice(list(of_type.fields))
        inner = get_named_type(of_type.fields[name].type)
        if depth >= DEPTH and not is_leaf_type(inner):
            return "__typename"
        alias = f"a{chance.randrange(30)}: " if chance.random() < 0.3 else ""
        text = f"{alias}{name}{chance.choice(ARGUMENTS.get(name, ('',)))}"
        if is_leaf_type(inner) or is_abstract_type(inner):
            return text
        return f"{text} {self._selections(inner, depth + 1, width, names)}"
