"""Limits on the complexity of a document, checked after parsing and before validation.

Each limit is several times what the clients of this repository and GraphiQL's introspection need.
Strawberry's own limiters are not used: they expand every spread of a fragment, which takes
exponential time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, GraphQLError, get_operation_ast

from gql_api.schema.cost.complexity import MOST, Complexity, complexity
from gql_api.schema.cost.list_sizes import all_variables

TOKENS = 10_000  # requestUploads with 500 files as literals has 6,000.
DEPTH = 20  # GraphiQL's introspection has 15; this schema allows 8.
SELECTIONS = 2_500  # completeUpload 50 times with all fields has 2,300.
ALIASES = 100
DIRECTIVES = 100
DIRECTIVES_AT_ONCE = 5  # Only two directives exist for documents.
OPERATIONS = 20  # Validation reads the fragments anew for each operation.
ROOT_FIELDS = 50  # Of the operation that is executed; the web client completes 25 uploads at once.
REPEATS = 50  # A field that 14 components of a page select is repeated 14 times.
COMPARISONS = 20_000  # A page of 12 components with 2 lists needs 2,700.
LINES = 5_000  # The position of each error is found by counting lines.
VALUES = 1_000_000  # requestUploads with 500 files, each of 100 parts, has 900,000.

# Each of these hashes a password or consumes tokens: a request may contain each only once (OWASP
# GraphQL Cheat Sheet, "Batching Attacks").
ONCE = frozenset({"changePassword", "createApiKey", "login", "logout", "signUp", "refreshSession"})


def check(found: Complexity, max_values: int) -> None:
    """Reject a document that exceeds a limit; `found` comes from `measured`.

    Raises:
        GraphQLError: the document is too complex.
    """
    for what, value, most in (
        ("levels", found.depth, DEPTH),
        ("fields and fragments", found.selections, SELECTIONS),
        ("aliases", found.aliases, ALIASES),
        ("directives", found.directives, DIRECTIVES),
        ("directives at one place", found.directives_at_once, DIRECTIVES_AT_ONCE),
        ("values in the response", found.values, max_values),
        *((f"{name} fields", found.named[name], 1) for name in sorted(found.named)),
        ("operations", found.operations, OPERATIONS),
        ("root fields", found.root_fields, ROOT_FIELDS),
    ):
        if value > most:
            raise too_complex(what, value, most)


def too_complex(what: str, value: int | None, most: int) -> GraphQLError:
    """Return the error for exceeding `most`; `value` is None if counting stopped there."""
    if value is None or value >= MOST:
        counted = f"more than {most}" if value is None else f"{MOST} or more"
    else:
        counted = str(value)
    return GraphQLError(
        f"The query is too complex: it has {counted} {what}; the maximum is {most}.",
        extensions={"code": "QUERY_TOO_COMPLEX"},
    )


def check_repeats(most: int) -> None:
    """Reject a document that repeats a field this often at one place.

    Raises:
        GraphQLError: the document is too complex.
    """
    if most > REPEATS:
        raise too_complex("fields with one name at one place", most, REPEATS)


def measured(
    document: DocumentNode, name: str | None, given: Mapping[str, Any] | None
) -> Complexity:
    """Return the complexity of a document whose operation of this name is executed.

    The operation's variables determine list sizes.
    """
    operation = get_operation_ast(document, name)
    return complexity(document, operation, all_variables(operation, given), ONCE)
