"""Executing operations as graphql-core does, without repeating what is the same each time.

What can be found out once for a document is: which fields its selections come to, what reads its
variables (see `inputs`), and what reads the plain parts of its answers (see `plain`). All else, and
whatever is unusual, is left to graphql-core.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeGuard, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gql_api.schema.engine.answers import Classes, Details, Plain, Selected, attempt
from gql_api.schema.engine.inputs import Variables

_IS_AWAITABLE = cast(Callable[[Any], TypeGuard[Awaitable[Any]]], optimized_is_awaitable)
_MAX_ERRORS = 50  # As many as graphql-core tells of variables by default.


class Fields:
    """What the selections of an operation come to, found out by its first execution.

    It may be shared by all executions where no variable decides that, by `@skip` or `@include`.
    """

    def __init__(self, classes: Classes) -> None:
        self.root: Selected | None = None
        self.below: dict[Any, Any] = {}
        self.plain = Plain(classes)


class Operation:
    """An operation of a validated document, ready to be executed any number of times."""

    def __init__(
        self,
        schema: GraphQLSchema,
        classes: Classes,
        document: DocumentNode,
        node: OperationDefinitionNode,
        *,
        share: bool,
    ) -> None:
        """`share` says that no variable decides which fields are selected."""
        self._schema = schema
        self._classes = classes
        self._node = node
        self._variables = Variables(schema, node)
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._details = {name: FragmentDetails(node) for name, node in self._fragments.items()}
        self._fields = Fields(classes) if share else None

    async def execute(
        self, given: Mapping[str, Any] | None, *, root_value: Any, context_value: Any
    ) -> ExecutionResult:
        """The answer with these variables, given as JSON has them."""
        values = self._variables.read(given or {})
        if values is None:
            nodes = self._variables.nodes
            found = get_variable_values(self._schema, nodes, dict(given or {}), _MAX_ERRORS)
            if isinstance(found, list):
                return ExecutionResult(None, errors=found)
            values = found
        executor = self._executor(values, root_value, context_value)
        result = executor.execute_operation()
        return cast(ExecutionResult, await result if isinstance(result, Awaitable) else result)

    def _executor(self, values: VariableValues, root_value: Any, context_value: Any) -> Executor:
        return Executor(
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
            classes=self._classes,
            fields=self._fields or Fields(self._classes),
        )


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes an operation once."""

    def __init__(self, *args: Any, classes: Classes, fields: Fields, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._classes = classes
        self._fields = fields
        self._plain = fields.plain
        self._relevant_sub_fields = fields.below

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: Any,
        serially: bool,
        new_defer_usages: Any,
    ) -> Any:
        """Begin with the field set of the first execution: what is below goes by its identity."""
        if self._fields.root is None:
            self._fields.root = grouped_field_set
        return super().execute_collected_root_fields(
            root_type, root_value, cast(Any, self._fields.root), serially, new_defer_usages
        )

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """The answer's object: what is plain at once, all else as graphql-core does it."""
        if parent_type.name not in self._classes.attributes:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        values: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details, read in self._plain.fields(
            parent_type, grouped_field_set, self._collect
        ):
            value = Undefined if read is None else attempt(read, source_value)
            if value is Undefined:
                others[name] = details
            # Also where it comes later, so that the answer keeps the order of the document.
            values[name] = value
        if not others:
            return values
        found: Any = super().execute_fields(
            parent_type, source_value, path, others, position_context
        )
        if self.is_awaitable(found):
            return _merged_later(values, found)
        return _merged(values, found)

    def complete_value(
        self,
        return_type: Any,
        field_details_list: Details,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """What a resolver has found, as the answer has it."""
        known = self._classes.object_type(return_type, type(result))
        write = self._plain.writer(known or return_type, field_details_list, self._collect)
        if write is not None and (written := attempt(write, result)) is not Undefined:
            return written
        if known is not None:
            return self.collect_and_execute_subfields(
                known, field_details_list, path, result, position_context
            )
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _collect(self, of_type: GraphQLObjectType, details: Details) -> Selected:
        return self.collect_subfields(of_type, details).grouped_field_set


def _merged(values: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    values.update(found)
    return values


async def _merged_later(values: dict[str, Any], found: Any) -> dict[str, Any]:
    return _merged(values, await found)
