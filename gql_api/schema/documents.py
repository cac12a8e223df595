"""Documents, each parsed, measured and validated once.

A client sends the same few documents repeatedly, and parsing and validating one takes longer than
executing it. Only short documents are kept: anyone may send them, and a document takes about 300
times its length in memory. 64 documents of 4096 characters stay under 100 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Undefined,
    parse,
)
from strawberry.schema.schema import validate_document

from gql_api.schema.cost import limits, merging
from gql_api.schema.cost.answer_size import Answer, answer
from gql_api.schema.cost.complexity import Complexity
from gql_api.schema.cost.list_sizes import sizing_value, variable_names
from gql_api.schema.cost.repeats import repeats
from gql_api.schema.engine import Engine, Operation
from gql_api.schema.root_fields import RootFields, root_fields
from gql_api.schema.source import IndexedSource

CACHED_MAX_LENGTH = 4096
CACHE_SIZE = 64
SIZES_KEPT = 16
AMBIGUOUS = "The document has several operations: name the one to execute in operationName."

_TOO_LONG = f"Document contains more than {limits.TOKENS} tokens. Parsing aborted."


class Document:
    """A document that could be parsed. `errors` are those of validation."""

    def __init__(
        self,
        source: str,
        schema: GraphQLSchema,
        engine: Engine,
        rules: tuple[type[ASTValidationRule], ...],
    ) -> None:
        self.node = _parse(source)
        self._schema = schema
        self._engine = engine
        self._rules = rules
        self._operations: dict[str | None, Operation] = {}
        self._answers: dict[str | None, Answer] = {}
        self._root_fields: dict[str | None, RootFields] = {}
        self._variables: dict[str | None, tuple[str, ...]] = {}
        self._measured: dict[tuple[object, ...], Complexity] = {}

    def check_limits(
        self, name: str | None, given: Mapping[str, Any] | None, max_values: int
    ) -> None:
        """Check that the operation of this name may be executed with these variables.

        Raises:
            GraphQLError: the document is too complex to be validated, or its response is.
        """
        limits.check(self.complexity(name, given), max_values)
        limits.check_repeats(self.repeats)

    def complexity(self, name: str | None, given: Mapping[str, Any] | None) -> Complexity:
        """Return the complexity for an operation and its variables; only what sizes lists matters.

        A client can name only operations that the document has, so few results are kept.
        """
        key = (name, self.sizing(name, given))
        found = self._measured.get(key)
        if found is None:
            found = limits.measured(self.node, name, given)
            if len(self._measured) < SIZES_KEPT:
                self._measured[key] = found
        return found

    def sizing(self, name: str | None, given: Mapping[str, Any] | None) -> tuple[object, ...]:
        """Return what of an operation's variables sizes lists: equal for equal sizes."""
        variables = self._variables.get(name)
        if variables is None:
            variables = self._variables[name] = variable_names(self.node, name)
        values = given or {}
        return tuple(sizing_value(values.get(variable, Undefined)) for variable in variables)

    @cached_property
    def repeats(self) -> int:
        """How often the document repeats a field at one place; it must have few selections."""
        return repeats(self.node).most

    def operation(self, name: str | None) -> Operation:
        """Return the operation of this name, or the only one. There must be no `errors`.

        Raises:
            ValueError: there is no such operation.
        """
        if name not in self._operations:
            self._operations[name] = self._engine.compile(self.node, name)
        return self._operations[name]

    def answer(self, name: str | None) -> Answer:
        """Return what an operation answers; there must be no `errors`."""
        if name not in self._answers:
            self._answers[name] = answer(self._schema, self.node, name)
        return self._answers[name]

    def root_fields(self, name: str | None) -> RootFields:
        """Return the root fields of an operation that `operation` finds."""
        found = self._root_fields.get(name)
        if found is None:
            found = self._root_fields[name] = root_fields(self.node, name)
        return found

    @cached_property
    def errors(self) -> Sequence[GraphQLError]:
        """The validation errors, found when they are first needed since that takes long."""
        return validate_document(self._schema, self.node, self._rules)

    @cached_property
    def ambiguity(self) -> Sequence[GraphQLError]:
        """The error of a request that names none of several operations (GraphQL, 6.1)."""
        operations = [
            node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)
        ]
        if len(operations) < 2:
            return []
        return [GraphQLError(AMBIGUOUS, operations, extensions={"code": "BAD_REQUEST"})]


class Documents:
    """Reads documents for one schema. `rules` are checked in addition to GraphQL's own."""

    def __init__(
        self, schema: GraphQLSchema, engine: Engine, *rules: type[ASTValidationRule]
    ) -> None:
        self._schema = schema
        self._engine = engine
        self._rules = (*merging.RULES, *rules)
        self.kept = lru_cache(CACHE_SIZE)(self._read)

    def get(self, source: str) -> Document:
        """Return the document with this source.

        Raises:
            GraphQLError: it has a syntax error, or too many tokens or lines.
        """
        return self.kept(source) if len(source) <= CACHED_MAX_LENGTH else self._read(source)

    def _read(self, source: str) -> Document:
        return Document(source, self._schema, self._engine, self._rules)


def _parse(text: str) -> DocumentNode:
    source = IndexedSource(text)
    if source.line_count > limits.LINES:
        raise limits.too_complex("lines", source.line_count, limits.LINES)
    try:
        return parse(source, max_tokens=limits.TOKENS)
    except GraphQLSyntaxError as error:
        if error.message.endswith(_TOO_LONG):
            raise limits.too_complex("tokens", None, limits.TOKENS) from None
        raise
