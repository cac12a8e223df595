"""Measures the complexity of a document in one traversal.

Each selection is visited once, however often its fragment is spread: a fragment is measured by
itself, and its measure is added at every spread. Documents that grow exponentially when expanded
therefore cost no more to measure than others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gql_api.schema.cost.list_sizes import Variables, size

MOST = 10**9  # Sums are capped: with 80 levels of fragments, they would have 25 digits.


class Spread(NamedTuple):
    """The spread of a fragment: its depth, and how many times the enclosing lists repeat it."""

    name: str
    depth: int
    times: int


@dataclass(slots=True)
class Complexity:
    """The complexity of a document, or of a part of it, with all fragments expanded.

    `selections` counts fields and fragments; `root_fields` and `values` count what the executed
    operation selects at the top, and at most returns, multiplied by list sizes;
    `directives_at_once` is the maximum in one location; `named` counts fields by name, for selected
    names. `steps` is the effort of measuring: selections visited plus fragment measures added.
    """

    depth: int = 0
    selections: int = 0
    aliases: int = 0
    directives: int = 0
    directives_at_once: int = 0
    operations: int = 0
    root_fields: int = 0
    values: int = 0
    named: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def add(self, part: Complexity, depth: int = 0, times: int = 1) -> None:
        """Add a part at this depth, repeated this many times; 0 for what is not executed."""
        self.depth = max(self.depth, depth + part.depth)
        self.selections = min(self.selections + part.selections, MOST)
        self.aliases = min(self.aliases + part.aliases, MOST)
        self.directives = min(self.directives + part.directives, MOST)
        self.directives_at_once = max(self.directives_at_once, part.directives_at_once)
        self.values = min(self.values + times * part.values, MOST)
        if depth == 0:
            self.root_fields = min(self.root_fields + times * part.root_fields, MOST)
        for name, count in part.named.items():
            self.named[name] = min(self.named[name] + count, MOST)


class _Definition:
    """An operation or a fragment: its own complexity, and the fragments that it spreads."""

    def __init__(self) -> None:
        self.complexity = Complexity()
        self.spreads: list[Spread] = []


class _Walk:
    """Measures definitions one by one. Not recursive: clients may nest deeply."""

    def __init__(self, variables: Variables, names: frozenset[str]) -> None:
        self._variables = variables
        self._names = names
        self.steps = 0

    def measure(
        self, node: OperationDefinitionNode | FragmentDefinitionNode, found: _Definition
    ) -> None:
        """Measure the definition and add the result to `found`."""
        self._directives(node.directives, found.complexity)
        for variable in node.variable_definitions or ():
            self._directives(variable.directives, found.complexity)
        waiting: list[tuple[SelectionSetNode, int, int]] = [(node.selection_set, 1, 1)]
        while waiting:
            selection_set, depth, times = waiting.pop()
            for selection in selection_set.selections:
                self.steps += 1
                found.complexity.selections += 1
                self._directives(selection.directives, found.complexity)
                if isinstance(selection, FieldNode):
                    below = min(times * size(selection, self._variables), MOST)
                    self._field(selection, depth, times, below, found.complexity)
                    if selection.selection_set is not None:
                        waiting.append((selection.selection_set, depth + 1, below))
                elif isinstance(selection, InlineFragmentNode):
                    waiting.append((selection.selection_set, depth, times))
                elif isinstance(selection, FragmentSpreadNode):
                    found.spreads.append(Spread(selection.name.value, depth - 1, times))

    def _field(
        self, node: FieldNode, depth: int, times: int, items: int, found: Complexity
    ) -> None:
        found.depth = max(found.depth, depth)
        found.aliases += node.alias is not None
        found.root_fields += depth == 1
        # The items of a list of objects count by their own fields.
        values = items if node.selection_set is None else times
        found.values = min(found.values + values, MOST)
        if node.name.value in self._names:
            found.named[node.name.value] += 1

    @staticmethod
    def _directives(directives: Sequence[DirectiveNode] | None, found: Complexity) -> None:
        count = len(directives or ())
        found.directives += count
        found.directives_at_once = max(found.directives_at_once, count)


def complexity(
    document: DocumentNode,
    executed: OperationDefinitionNode | None,
    variables: Variables,
    names: frozenset[str] = frozenset(),
) -> Complexity:
    """Return the complexity of a document of which one operation is executed.

    `variables` are that operation's; `named` counts the fields with these names. Fragments that no
    operation spreads count as well, since validation reads them. Works on any syntax tree. Cycles
    of fragments are cut, since validation rejects them.
    """
    walk = _Walk(variables, names)
    operations: list[tuple[OperationDefinitionNode, _Definition]] = []
    # Fragments of the same name all count: validation rejects them, but only after reading them.
    fragments: dict[str, _Definition] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            operations.append((node, _Definition()))
            walk.measure(*operations[-1])
        elif isinstance(node, FragmentDefinitionNode):
            walk.measure(node, fragments.setdefault(node.name.value, _Definition()))
    steps = walk.steps + _spell_out(fragments)
    whole = Complexity(operations=len(operations))
    for node, operation in operations:
        steps += _spell_out_one(operation, fragments)
        whole.add(operation.complexity, times=int(node is executed))
    for fragment in _unreached((operation for _, operation in operations), fragments):
        whole.add(fragment.complexity, times=0)
    whole.steps = steps
    return whole


def _unreached(
    operations: Iterable[_Definition], fragments: Mapping[str, _Definition]
) -> Iterator[_Definition]:
    """Yield fragments that no operation spreads, without those that such a fragment spreads."""
    reached: set[str] = set()

    def reach(definition: _Definition) -> None:
        waiting = [definition]
        while waiting:
            for spread in waiting.pop().spreads:
                if spread.name in fragments and spread.name not in reached:
                    reached.add(spread.name)
                    waiting.append(fragments[spread.name])

    for operation in operations:
        reach(operation)
    for name, fragment in fragments.items():
        if name not in reached:
            reached.add(name)
            reach(fragment)
            yield fragment


def _spell_out(fragments: Mapping[str, _Definition]) -> int:
    """Add to each fragment the fragments that it spreads, deepest first.

    Returns the number of measures added. Uses a stack instead of recursion, since a chain of
    fragments may be as long as the document.
    """
    begun: set[str] = set()
    done: dict[str, _Definition] = {}
    steps = 0
    for first in fragments:
        stack = [first]
        while stack:
            name = stack[-1]
            definition = fragments[name]
            if name not in begun:
                begun.add(name)
                inner = dict.fromkeys(spread.name for spread in definition.spreads)
                stack += [name for name in inner if name in fragments and name not in begun]
                continue
            stack.pop()
            if name not in done:
                # A fragment that has begun but is not done contains this one.
                steps += _spell_out_one(definition, done)
                done[name] = definition
    return steps


def _spell_out_one(definition: _Definition, done: Mapping[str, _Definition]) -> int:
    """Add the spread fragments to a definition; returns the number of measures added."""
    for name, depth, times in definition.spreads:
        if name in done:
            definition.complexity.add(done[name].complexity, depth, times)
    return len(definition.spreads)
