"""The complexity of documents: the measure is correct and takes linear time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from graphql import DocumentNode, Node, OperationDefinitionNode, parse, visit
from graphql.language import Visitor
from hypothesis import given
from hypothesis import strategies as st

from gql_api.schema.cost.complexity import MOST, Complexity, complexity
from tests.schema.cost.bombs import BOMBS


def _measured(text: str, *names: str) -> Complexity:
    """Return the complexity of a document whose first operation is executed."""
    document = parse(text)
    operations = (it for it in document.definitions if isinstance(it, OperationDefinitionNode))
    return complexity(document, next(operations, None), {}, frozenset(names))


def _nodes(document: DocumentNode) -> int:
    """Return the number of nodes in the syntax tree."""
    count = 0

    class Counter(Visitor):
        def enter(self, _node: Node, *_: Any) -> None:
            nonlocal count
            count += 1

    visit(document, Counter())
    return count


@pytest.mark.parametrize(
    ("text", "depth", "selections", "aliases", "directives", "values"),
    [
        ("{ a }", 1, 1, 0, 0, 1),
        ("{ a { b c { d } } }", 3, 4, 0, 0, 4),
        ("{ x: a { y: b } }", 2, 2, 2, 0, 2),
        ("query ($v: Int @q) @p { a @r @s { b @t } }", 2, 2, 0, 5, 2),
        ("{ ... on Q { a } ... { b } }", 1, 4, 0, 0, 2),
        ("{ a { ...F } } fragment F on T @p { b { c } }", 3, 4, 0, 1, 3),
        ("{ ...F @q a { ...F } } fragment F on T { x: b @p }", 2, 5, 2, 3, 3),
        ("{ ...F } fragment F on T { a ...G } fragment G on T { b { c } }", 2, 5, 0, 0, 3),
        ("{ ...F } fragment G on T { b { c } } fragment F on T { a ...G }", 2, 5, 0, 0, 3),
        ("query A { a } query B { b { c } }", 2, 3, 0, 0, 1),
        ("query A { b { c } } query B { a }", 2, 3, 0, 0, 2),
        ("{ ...Nothing }", 0, 1, 0, 0, 0),
        ("fragment F on T { a }", 1, 1, 0, 0, 0),
        ("{ ...F } fragment F on T { a } fragment G on T { b { x: c ...F } }", 2, 6, 1, 0, 1),
        ("{ a } fragment F on T { b ...G } fragment G on T { c ...F }", 1, 5, 0, 0, 1),
        ("{ tags a { missingParts } }", 2, 3, 0, 0, 50 + 1 + 1000),
        ("{ uploads(first: 3) { nodes { id } } }", 3, 3, 0, 0, 7),
        ("{ uploads(first: 3) { ...F } } fragment F on T { nodes { headers { name } } }",
         4, 5, 0, 0, 1 + 3 * (1 + 1 + 4)),
    ],
)  # fmt: skip
def test_measures(
    text: str, depth: int, selections: int, aliases: int, directives: int, values: int
) -> None:
    measured = _measured(text)
    expected = (depth, selections, aliases, directives, values)
    assert expected == (
        measured.depth,
        measured.selections,
        measured.aliases,
        measured.directives,
        measured.values,
    )


def test_directives_at_one_place() -> None:
    assert _measured("{ a @p @q b @r }").directives_at_once == 2
    assert _measured("{ ...F } fragment F on T { a @p @q @r }").directives_at_once == 3
    assert _measured("query @p @q @r @s { a }").directives_at_once == 4


def test_fields_of_a_name_are_counted_however_they_are_written() -> None:
    text = """
    mutation { login x: login ... { login } ...F ...F }
    fragment F on Mutation { y: login other }
    """
    assert _measured(text, "login").named == {"login": 5}
    assert _measured(text, "logout").named == {}
    assert _measured("{ login: other }", "login").named == {}


def test_fragments_of_one_name_count_together() -> None:
    text = "{ ...F } fragment F on T { a } fragment F on T { b { c } }"
    assert _measured(text).selections == 4


@pytest.mark.parametrize("name", BOMBS)
def test_the_work_is_linear(name: str) -> None:
    document = parse(BOMBS[name])
    assert complexity(document, None, {}).steps <= _nodes(document)


@pytest.mark.parametrize("name", ["80 levels", "80 levels of aliases", "80 levels of fields"])
def test_sums_end(name: str) -> None:
    assert _measured(BOMBS[name]).selections == MOST


# Contents of a fragment. Each # is replaced by a later fragment, so there are no cycles.
SELECTIONS = [
    "a",
    "x: b @p @q",
    "#",
    "... @p { # a }",
    "uploads(first: 3) { # }",
    "c { d { # } # }",
]
FRAGMENTS = 5
bodies = st.lists(
    st.tuples(st.sampled_from(SELECTIONS), st.integers(1, FRAGMENTS)), min_size=1, max_size=3
)


def _body(chosen: list[tuple[str, int]], at: int, use: Callable[[int], str]) -> str:
    """Return the body of fragment `at`; `use` returns the text that includes another fragment."""
    return " ".join(
        text.replace("#", use(at + ahead) if at + ahead < FRAGMENTS else "a")
        for text, ahead in chosen
    )


@given(st.lists(bodies, min_size=FRAGMENTS, max_size=FRAGMENTS))
def test_fragments_count_as_if_spelled_out(fragments: list[list[tuple[str, int]]]) -> None:
    def spelled_out(number: int) -> str:
        return f"... {{ {_body(fragments[number], number, spelled_out)} }}"

    def spread(number: int) -> str:
        return f"...F{number}"

    reached = {0, 1}
    definitions = []
    for number, body in enumerate(fragments):
        if number in reached:
            text = _body(body, number, spread)
            reached.update(map(int, re.findall(r"\.\.\.F(\d)", text)))
            definitions.append(f"fragment F{number} on T {{ {text} }}")
    measured = vars(_measured(" ".join(["{ ...F0 e { ...F1 } }", *definitions]), "a"))
    expected = vars(_measured(f"{{ {spelled_out(0)} e {{ {spelled_out(1)} }} }}", "a"))
    del measured["steps"], expected["steps"]
    assert measured == expected
