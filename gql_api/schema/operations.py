"""The rule that a request says which of several operations it means."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

AMBIGUOUS = "The document has several operations; say in operationName which to run."


class NamedOperation(SchemaExtension):
    """Refuses a document of several operations where none is named (GraphQL, section 6.1).

    Strawberry runs the first of them.
    """

    def on_validate(self) -> Iterator[None]:
        """Put the error in place of validation."""
        execution = self.execution_context
        document = execution.graphql_document
        if document is not None and execution.context.operation_name is None:
            operations = [
                node for node in document.definitions if isinstance(node, OperationDefinitionNode)
            ]
            if len(operations) > 1:
                execution.pre_execution_errors = [
                    GraphQLError(AMBIGUOUS, operations, extensions={"code": "BAD_REQUEST"})
                ]
        yield
