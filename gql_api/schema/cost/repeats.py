"""Counts how often a document selects one response name at one place of the response.

Validation compares such fields in pairs, and their selections too, so its effort grows with the
square of this number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gql_api.schema.cost import limits


class Repeats(NamedTuple):
    """The largest number of fields that share a response name and a place.

    `steps` is the effort of counting: the selections visited.
    """

    most: int
    steps: int


class _Walk:
    """Visits the places of the response, each with all selections that validation merges there.

    A fragment counts once at each place, as in validation and execution.
    """

    def __init__(self, document: DocumentNode) -> None:
        # Fragments of the same name all count, though validation rejects them.
        self.fragments: dict[str, list[SelectionSetNode]] = {}
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self.fragments.setdefault(node.name.value, []).append(node.selection_set)
        self.reached: set[str] = set()
        self.steps = 0
        self.most = 0

    def visit(self, start: Iterable[SelectionSetNode]) -> None:
        """Visit the place with these selections, and those below it.

        Stops at the limit on selections, which a document without cycles does not exceed here.
        """
        places = [list(start)]
        while places and self.steps <= limits.SELECTIONS:
            fields: dict[str, list[FieldNode]] = {}
            for node in self._fields(places.pop()):
                fields.setdefault((node.alias or node.name).value, []).append(node)
            for nodes in fields.values():
                self.most = max(self.most, len(nodes))
                below = [node.selection_set for node in nodes if node.selection_set]
                if below:
                    places.append(below)

    def _fields(self, merged: list[SelectionSetNode]) -> Iterator[FieldNode]:
        spread: set[str] = set()
        while merged:
            for selection in merged.pop().selections:
                self.steps += 1
                if self.steps > limits.SELECTIONS:
                    return
                if isinstance(selection, FieldNode):
                    yield selection
                elif isinstance(selection, InlineFragmentNode):
                    merged.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode):
                    name = selection.name.value
                    if name not in spread:
                        spread.add(name)
                        self.reached.add(name)
                        merged += self.fragments.get(name, ())


def repeats(document: DocumentNode) -> Repeats:
    """Return how often a document repeats a field; it must not exceed the limit on selections.

    All operations count, and fragments that none of them spreads: validation reads them too.
    """
    walk = _Walk(document)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            walk.visit([node.selection_set])
    for name, selection_sets in walk.fragments.items():
        if name not in walk.reached:
            walk.reached.add(name)
            walk.visit(selection_sets)
    return Repeats(walk.most, walk.steps)
