"""Documents, each parsed and validated once.

A client sends the same few documents over and over; to parse and validate one takes longer than to
answer it. Only short documents are kept, since anybody may send them, and a document takes about
300 times its length in memory: 64 of 4096 characters stay under 100 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, cast

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Undefined,
    get_operation_ast,
    parse,
    specified_rules,
)
from strawberry.schema.schema import validate_document

from gql_api.schema.cost import limits
from gql_api.schema.cost.complexity import Complexity
from gql_api.schema.cost.list_sizes import sizing_value
from gql_api.schema.engine.answers import Classes
from gql_api.schema.engine.executor import Operation

CACHED_MAX_LENGTH = 4096
CACHE_SIZE = 64
SIZES_KEPT = 16
AMBIGUOUS = "The document has several operations; say in operationName which to run."

_TOO_LONG = f"Document contains more than {limits.TOKENS} tokens. Parsing aborted."


class Document:
    """A document that could be parsed. `errors` are those of validation."""

    def __init__(
        self,
        source: str,
        schema: GraphQLSchema,
        classes: Classes,
        rules: tuple[type[ASTValidationRule], ...],
    ) -> None:
        self.node = _parsed(source)
        # Without a directive, variables have no say in which fields are selected.
        self._share = "@" not in source
        self._schema = schema
        self._classes = classes
        self._rules = rules
        self._operations: dict[str | None, Operation] = {}
        self._variables = [
            variable.variable.name.value
            for node in self.node.definitions
            if isinstance(node, OperationDefinitionNode)
            for variable in node.variable_definitions or ()
        ]
        self._measured: dict[tuple[object, ...], Complexity] = {}

    def complexity(self, given: Mapping[str, Any] | None) -> Complexity:
        """How complex it is with these variables, of which only what sizes lists is looked at."""
        sizing = tuple(sizing_value((given or {}).get(name, Undefined)) for name in self._variables)
        found = self._measured.get(sizing)
        if found is None:
            found = limits.measured(self.node, given)
            if len(self._measured) < SIZES_KEPT:
                self._measured[sizing] = found
        return found

    def operation(self, name: str | None) -> Operation:
        """The operation of this name, or the only one; there are no `errors`, and it is there."""
        if name not in self._operations:
            node = cast(OperationDefinitionNode, get_operation_ast(self.node, name))
            self._operations[name] = Operation(
                self._schema, self._classes, self.node, node, share=self._share
            )
        return self._operations[name]

    @cached_property
    def errors(self) -> Sequence[GraphQLError]:
        """What is wrong with the document; found out when first asked for, since it takes long."""
        return validate_document(self._schema, self.node, self._rules)

    @cached_property
    def ambiguity(self) -> Sequence[GraphQLError]:
        """The error if no operation is named; none where there is but one (GraphQL, 6.1)."""
        operations = [
            node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)
        ]
        if len(operations) < 2:
            return []
        return [GraphQLError(AMBIGUOUS, operations, extensions={"code": "BAD_REQUEST"})]


class Documents:
    """Reads documents for one schema. `rules` are validated beside those of GraphQL."""

    def __init__(
        self, schema: GraphQLSchema, classes: Classes, *rules: type[ASTValidationRule]
    ) -> None:
        self._schema = schema
        self._classes = classes
        self._rules = (*specified_rules, *rules)
        self.kept = lru_cache(CACHE_SIZE)(self._read)

    def get(self, source: str) -> Document:
        """The document of this text.

        Raises:
            GraphQLError: it can't be parsed, or has too many tokens.
        """
        return self.kept(source) if len(source) <= CACHED_MAX_LENGTH else self._read(source)

    def _read(self, source: str) -> Document:
        return Document(source, self._schema, self._classes, self._rules)


def _parsed(source: str) -> DocumentNode:
    try:
        return parse(source, max_tokens=limits.TOKENS)
    except GraphQLSyntaxError as error:
        if error.message.endswith(_TOO_LONG):
            raise limits.too_complex("tokens", None, limits.TOKENS) from None
        raise
