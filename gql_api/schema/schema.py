"""The schema and how it executes documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, NoSchemaIntrospectionCustomRule
from strawberry.exceptions import MissingQueryError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType
from strawberry.utils.operation import get_operation_type

from gql_api.schema.cost import limits
from gql_api.schema.cost.answer_size import estimated
from gql_api.schema.documents import Document, Documents
from gql_api.schema.engine import Engine
from gql_api.schema.errors import HANDLERS
from gql_api.schema.messages import without_suggestions, without_values
from gql_api.schema.mutations import Mutation
from gql_api.schema.queries import Query
from gql_api.schema.scalars import SCALARS
from gql_api.services import request_log


class Schema(strawberry.Schema):
    """Strawberry's schema, executed by our engine and without extensions.

    Each Strawberry extension costs every request as much as a few fields, so `execute` itself does
    what would be extensions.
    """

    def __init__(self, *, introspection: bool, max_values: int, stock_executor: bool) -> None:
        super().__init__(
            query=Query,
            mutation=Mutation,
            exception_handlers=HANDLERS if stock_executor else (),
            config=StrawberryConfig(
                scalar_map=SCALARS, disable_field_suggestions=not introspection
            ),
        )
        # The engine uses them. Strawberry would search the type of every field for each of them,
        # which takes two fifths of the time to build the schema.
        self.exception_handlers = HANDLERS
        self._max_values = max_values
        engine = Engine(self, stock=stock_executor)
        guards = [] if introspection else [NoSchemaIntrospectionCustomRule]
        self.documents = Documents(self._schema, engine, *guards)

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute a document, or return the errors that prevent it.

        Raises:
            MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError: there is no
                operation that may be executed; the view maps these to HTTP errors.
        """
        if not query:
            raise MissingQueryError
        try:
            document = self.documents.get(query)
        except Exception as error:
            return self._refuse(error)
        _check_operation(document.node, operation_name, allowed_operation_types)
        try:
            # Check the limits first: validation takes long for the documents that they refuse.
            document.check_limits(operation_name, variable_values, self._max_values)
            errors = document.ambiguity if operation_name is None else []
            if errors := errors or document.errors:
                return self._refuse(*errors)
            operation = document.operation(operation_name)
            record = request_log.current()
            record.type, record.operations = document.root_fields(operation_name)
            if context_value is not None:
                context_value.root_fields = record.operations
            _check_answer(document, operation_name, variable_values, context_value)
            result = await operation.execute(
                variable_values, root_value=root_value, context_value=context_value
            )
        except Exception as error:
            return self._refuse(error)
        self._process_errors(result.errors or [])
        return ExecutionResult(data=result.data, errors=result.errors)

    def _warn_for_federation_directives(self) -> None:
        """Do nothing: the schema has none, and looking costs a cold start 7 ms of imports."""

    def _refuse(self, *errors: Exception) -> PreExecutionError:
        reported = [
            error
            if isinstance(error, GraphQLError)
            else GraphQLError(str(error), original_error=error)
            for error in errors
        ]
        self._process_errors(reported)
        return PreExecutionError(data=None, errors=reported)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Remove the values that messages quote.

        Where introspection is off, also remove suggestions, since they reveal the schema:
        Strawberry removes only those of fields. Strawberry logs every error here, including
        clients' mistakes; `errors.present` logs those of the service only.
        """
        for error in errors:
            error.message = without_values(error.message)
        if self.config.disable_field_suggestions:
            for error in errors:
                error.message = without_suggestions(error.message)


def create_schema(
    *, introspection: bool, max_values: int = limits.VALUES, stock_executor: bool = False
) -> Schema:
    """Return the schema. Without introspection, error messages suggest no field names either.

    `max_values` limits the values of an answer, as `complexity` estimates them. `stock_executor`
    runs everything on Strawberry's own executor.

    Raises:
        IncompatibleLibraryError: the engine does not work with the installed libraries.
    """
    return Schema(introspection=introspection, max_values=max_values, stock_executor=stock_executor)


def _check_answer(
    document: Document, name: str | None, variables: Mapping[str, Any] | None, context: Any
) -> None:
    """Refuse an operation whose answer would be too large, before it does anything.

    Raises:
        ResponseTooLarge: it would be.
    """
    answer = document.answer(name)
    if answer.fields:
        sizing = document.sizing(name, variables)
        context.answer = estimated(answer, sizing, variables, context.services)


def _check_operation(
    document: DocumentNode, name: str | None, allowed: Iterable[OperationType] | None
) -> None:
    try:
        kind = get_operation_type(document, name)
    except RuntimeError as error:
        raise CannotGetOperationTypeError(name) from error
    if allowed is not None and kind not in allowed:
        raise InvalidOperationTypeError(kind)
