"""The root fields that an operation selects: what the request log and the metrics call it."""

from __future__ import annotations

from typing import NamedTuple

from graphql import DocumentNode, FragmentDefinitionNode, get_operation_ast

from gql_api.schema.engine import field_names


class RootFields(NamedTuple):
    """The type of an operation, such as "query", and the names of its root fields."""

    type: str
    names: tuple[str, ...]


def root_fields(document: DocumentNode, name: str | None) -> RootFields:
    """Return the root fields of the operation of this name, in order, each once.

    The document must be valid, so the names are the schema's. Fields that `@skip` or `@include`
    leave out count, too.

    Raises:
        ValueError: there is no such operation.
    """
    operation = get_operation_ast(document, name)
    if operation is None:
        raise ValueError("The document has no such operation.")
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    names = dict.fromkeys(field_names(operation.selection_set, fragments))
    return RootFields(operation.operation.value, tuple(names))
