"""Compiling operations and executing them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeGuard, cast

import graphql
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    default_field_resolver,
    default_type_resolver,
    get_operation_ast,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import get_variable_values
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gql_api.schema.engine import compat
from gql_api.schema.engine.answers import ObjectTypes
from gql_api.schema.engine.calls import call_directly
from gql_api.schema.engine.executor import Executor, FieldSets
from gql_api.schema.engine.inputs import make_input_objects

_IS_AWAITABLE = cast(Callable[[Any], TypeGuard[Awaitable[Any]]], optimized_is_awaitable)
_MAX_VARIABLE_ERRORS = 50  # graphql-core's default.


class Engine:
    """Compiles documents against one schema."""

    def __init__(self, schema: Schema, *, stock: bool = False) -> None:
        """Prepare the schema, which must not be shared with another engine.

        `stock` leaves the schema as it is and runs everything on Strawberry's own executor.

        Raises:
            IncompatibleLibraryError: the installed graphql-core or Strawberry lacks something that
                the engine relies on.
            TypeError: a field or an input type needs a feature that the engine does not support.
        """
        self._schema = schema._schema
        self._types: ObjectTypes | None = None
        if not stock:
            compat.check()
            make_input_objects(self._schema)
            call_directly(self._schema, schema.exception_handlers)
            self._types = ObjectTypes(self._schema)

    def compile(self, document: DocumentNode, name: str | None = None) -> Operation:
        """Return the operation of this name, or the only one, ready to be executed many times.

        The document must be valid.

        Raises:
            ValueError: the document has no such operation, or several and `name` is None.
        """
        node = get_operation_ast(document, name)
        if node is None:
            raise ValueError(f"The document has no operation {name or 'that is the only one'}.")
        if self._types is None:
            return StockOperation(self._schema, document, node)
        return CompiledOperation(self._schema, self._types, document, node)


class Operation(Protocol):
    """An operation of a validated document."""

    async def execute(
        self, variables: Mapping[str, Any] | None, *, root_value: Any, context_value: Any
    ) -> ExecutionResult:
        """Execute the operation with variables as JSON represents them.

        Errors of variables and resolvers are in the result; nothing is raised for them.
        """
        ...


class StockOperation:
    """Executes on Strawberry's own executor."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._document = document
        self._name = node.name.value if node.name else None

    async def execute(
        self, variables: Mapping[str, Any] | None, *, root_value: Any, context_value: Any
    ) -> ExecutionResult:
        """See `Operation.execute`."""
        result = graphql.execute(
            self._schema,
            self._document,
            root_value=root_value,
            context_value=context_value,
            variable_values=dict(variables or {}),
            operation_name=self._name,
            executor_class=StrawberryGraphQLCoreExecutionContext,
            is_awaitable=_IS_AWAITABLE,
        )
        return await result if isinstance(result, Awaitable) else result


class CompiledOperation:
    """Executes on the engine's executor, and keeps what does not depend on variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        types: ObjectTypes,
        document: DocumentNode,
        node: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._types = types
        self._node = node
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._details = {name: FragmentDetails(node) for name, node in self._fragments.items()}
        self.kept = FieldSets(types) if _selects_always_the_same(document) else None
        """What executions share; None where variables decide which fields are selected."""

    async def execute(
        self, variables: Mapping[str, Any] | None, *, root_value: Any, context_value: Any
    ) -> ExecutionResult:
        """See `Operation.execute`."""
        values = get_variable_values(
            self._schema,
            self._node.variable_definitions or (),
            dict(variables or {}),
            _MAX_VARIABLE_ERRORS,
        )
        if isinstance(values, list):
            return ExecutionResult(None, errors=values)
        executor = Executor(
            self._schema,
            self._fragments,
            self._details,
            root_value,
            context_value,
            self._node,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=_IS_AWAITABLE,
            types=self._types,
            field_sets=FieldSets(self._types) if self.kept is None else self.kept,
        )
        result = executor.execute_operation()
        return cast(ExecutionResult, await result if isinstance(result, Awaitable) else result)


def _selects_always_the_same(document: DocumentNode) -> bool:
    """Whether the document has no directive, so that `@skip` and `@include` cannot decide."""
    return document.loc is not None and "@" not in document.loc.source.body
