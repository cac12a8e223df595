"""What a document selects, read from its nodes."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

import strawberry
from graphql import FieldNode, FragmentDefinitionNode, InlineFragmentNode, SelectionSetNode


def selects(info: strawberry.Info[Any, Any], names: Container[str]) -> bool:
    """Return whether a field with one of these names is selected of the value of a resolver.

    The result may be true for a field that `@skip` or `@include` leaves out.
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
    """Yield the names of the fields that a valid document selects, including left out ones.

    `unvisited` are the document's fragments, from which those that are visited are removed.
    """
    for node in selected.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from field_names(node.selection_set, unvisited)
        elif fragment := unvisited.pop(node.name.value, None):  # type: ignore[attr-defined]
            yield from field_names(fragment.selection_set, unvisited)
