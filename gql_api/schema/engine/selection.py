"""What a document selects, read from its nodes."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

import strawberry
from graphql import FieldNode, FragmentDefinitionNode, InlineFragmentNode, SelectionSetNode


def selects(info: strawberry.Info[Any, Any], names: Container[str]) -> bool:
    """Return whether the client selects a field with one of these names of a resolver's value.

    Fields that `@skip` or `@include` leaves out count, too.
    """
    nodes = info._raw_info.field_nodes
    fragments = info._raw_info.fragments
    return any(
        name in names
        for node in nodes
        if node.selection_set
        for name in field_names(node.selection_set, dict(fragments))
    )


def field_names(
    selected: SelectionSetNode, unvisited: dict[str, FragmentDefinitionNode]
) -> Iterator[str]:
    """Yield the names of the selected fields, with those that `@skip` or `@include` leaves out.

    The document must be valid. `unvisited` has its fragments; each is removed when it is visited.
    """
    for node in selected.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from field_names(node.selection_set, unvisited)
        elif fragment := unvisited.pop(node.name.value, None):  # type: ignore[attr-defined]
            yield from field_names(fragment.selection_set, unvisited)
