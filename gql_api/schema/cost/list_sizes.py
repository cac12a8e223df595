"""The maximum sizes of lists, derived from an operation and its variables.

`LIST_SIZES` is keyed by field name, since documents are measured before their types are known. A
test checks that every list in the schema has an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_operation_ast,
)

from gql_api.domain.change_feed import CHANGES_MAX
from gql_api.domain.errors import MISSING_PARTS_MAX
from gql_api.domain.file_requests import SELECT_DEFAULT, SELECT_MAX
from gql_api.domain.issuers import ISSUERS_MAX
from gql_api.domain.listing import PAGE_DEFAULT, PAGE_MAX
from gql_api.domain.text import TAGS_MAX
from gql_api.domain.uploads import ChecksumAlgorithm
from gql_api.services.batches import BATCH_MAX
from gql_api.services.uploads import REQUESTS_MAX

Variables: TypeAlias = Mapping[str, object]
Size: TypeAlias = Callable[[FieldNode, Variables], int]


def size(field: FieldNode, variables: Variables) -> int:
    """Return the number of items of a field, which multiplies its selections; 1 if no list."""
    counted = LIST_SIZES.get(field.name.value)
    return 1 if counted is None else counted(field, variables)


def all_variables(
    operation: OperationDefinitionNode | None, given: Mapping[str, Any] | None
) -> dict[str, object]:
    """Return the value of each variable: from the request, or the operation's default."""
    return {**dict(_defaults(operation)), **(given or {})}


def variable_names(document: DocumentNode, name: str | None) -> tuple[str, ...]:
    """Return the names of the variables of an operation; none if there is no such operation."""
    operation = get_operation_ast(document, name)
    variables = (operation.variable_definitions if operation else None) or ()
    return tuple(variable.variable.name.value for variable in variables)


def sizing_value(value: object) -> object:
    """Return the aspect of a variable's value that affects `size`: equal for equal sizes.

    An integer is returned unchanged and a list is reduced to its length; all other values are
    equivalent.
    """
    if isinstance(value, list):
        return "list", len(value)
    return value if type(value) is int or value is None or value is Undefined else "other"


def _defaults(operation: OperationDefinitionNode | None) -> Iterator[tuple[str, object]]:
    for variable in (operation.variable_definitions if operation else None) or ():
        if variable.default_value is not None:
            yield variable.variable.name.value, _plain(variable.default_value, {})


def _constant(values: int) -> Size:
    return lambda _field, _variables: values


def _page(field: FieldNode, variables: Variables) -> int:
    """Return the size of a page; an invalid size counts as the maximum and is rejected later."""
    sizes = [_argument(field, name, variables) for name in ("first", "last")]
    given = [_whole(value) for value in sizes if value is not None]
    return _within(max(given, default=PAGE_DEFAULT), PAGE_MAX)


def _changes_page(field: FieldNode, variables: Variables) -> int:
    first = _argument(field, "first", variables)
    return _within(CHANGES_MAX if first is None else _whole(first), CHANGES_MAX)


def _selected_parts(field: FieldNode, variables: Variables) -> int:
    return _within(_length(_argument(field, "select", variables), SELECT_DEFAULT), SELECT_MAX)


def _requests(field: FieldNode, variables: Variables) -> int:
    return _within(_length(_argument(field, "input", variables), 1), REQUESTS_MAX)


def _ids(field: FieldNode, variables: Variables) -> int:
    return _within(_length(_argument(field, "ids", variables), 1), BATCH_MAX)


def _changes(field: FieldNode, variables: Variables) -> int:
    return _within(_length(_argument(field, "input", variables), 1), BATCH_MAX)


LIST_SIZES: dict[str, Size] = {
    "uploads": _page,
    "changes": _changes_page,
    "nodes": _constant(1),  # Counted by the root field, which has the size of the page.
    "edges": _constant(1),
    "requestUploads": _requests,
    "completeUploads": _ids,
    "updateUploads": _changes,
    "trashUploads": _ids,
    "restoreUploads": _ids,
    "deleteUploads": _ids,
    "parts": _selected_parts,
    # The document does not determine these sizes: they are generous estimates.
    "received": _constant(SELECT_DEFAULT),
    "headers": _constant(4),
    "apiKeys": _constant(20),
    "issuers": _constant(ISSUERS_MAX),
    "tags": _constant(TAGS_MAX),
    "missingParts": _constant(MISSING_PARTS_MAX),
    "contentTypes": _constant(20),
    "checksumAlgorithms": _constant(len(ChecksumAlgorithm)),
    "path": _constant(3),
    "sessions": _constant(20),
    "fields": _constant(10),  # Of InvalidInput, and of __Type.
    "types": _constant(100),
    "args": _constant(10),
    "inputFields": _constant(10),
    "enumValues": _constant(10),
    "possibleTypes": _constant(10),
    "interfaces": _constant(2),
    "locations": _constant(5),
    "directives": _constant(10),
}


def _argument(field: FieldNode, name: str, variables: Variables) -> object:
    """Return the value of an argument; None if it is omitted or null."""
    for argument in field.arguments or ():
        if argument.name.value == name:
            return _plain(argument.value, variables)
    return None


def _plain(node: ValueNode, variables: Variables) -> object:
    """Return the value of a node, as precisely as sizes require."""
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, IntValueNode):
        # No valid size has more digits, and Python refuses to parse thousands of them.
        return int(node.value[:10])
    if isinstance(node, ListValueNode):
        return [None] * len(node.values)
    return node


def _whole(value: object) -> int:
    return value if type(value) is int else PAGE_MAX


def _length(value: object, default: int) -> int:
    """Return the length of a list; a single value is coerced to a list (GraphQL, section 3.11)."""
    if value is None:
        return default
    return len(value) if isinstance(value, list) else 1


def _within(value: int, most: int) -> int:
    """Limit a size to 1..`most`: even an empty page is queried, and more is rejected later."""
    return max(1, min(value, most))
