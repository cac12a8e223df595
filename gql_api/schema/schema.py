"""The schema, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
from gql_api.schema.documents import Documents
from gql_api.schema.engine.answers import Classes
from gql_api.schema.engine.calls import call_directly
from gql_api.schema.engine.inputs import make_input_objects
from gql_api.schema.errors import HANDLERS
from gql_api.schema.mutations import Mutation
from gql_api.schema.queries import Query
from gql_api.schema.scalars import SCALARS

_SUGGESTION = re.compile(r" Did you mean [^?]*\?")
_RAISED = re.compile(r", but encountered error '.*?'; found", re.DOTALL)


class Schema(strawberry.Schema):
    """Strawberry's schema, executing without its extensions, and quieter.

    Each of Strawberry's extensions costs every request as much as a few fields do, so what would be
    extensions is done in `execute` itself.
    """

    def __init__(self, *, introspection: bool, max_values: int) -> None:
        super().__init__(
            query=Query,
            mutation=Mutation,
            exception_handlers=HANDLERS,
            config=StrawberryConfig(
                scalar_map=SCALARS, disable_field_suggestions=not introspection
            ),
        )
        make_input_objects(self._schema)
        call_directly(self._schema, self.schema_converter)
        self._max_values = max_values
        guards = [] if introspection else [NoSchemaIntrospectionCustomRule]
        self.documents = Documents(self._schema, Classes(self._schema), *guards)

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
        """The answer, or why there is none.

        Raises:
            MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError: there is no
                operation that may be executed; the view makes HTTP's own answers of these.
        """
        if not query:
            raise MissingQueryError
        try:
            document = self.documents.get(query)
        except Exception as error:
            return self._refused(error)
        _check_operation(document.node, operation_name, allowed_operation_types)
        try:
            # The limits come before validation, which takes long for what they refuse.
            limits.check(document.complexity(variable_values), self._max_values)
            errors = document.ambiguity if operation_name is None else []
            if errors := errors or document.errors:
                return self._refused(*errors)
            operation = document.operation(operation_name)
            result = await operation.execute(
                variable_values, root_value=root_value, context_value=context_value
            )
        except Exception as error:
            return self._refused(error)
        self._process_errors(result.errors or [])
        return ExecutionResult(data=result.data, errors=result.errors)

    def _warn_for_federation_directives(self) -> None:
        """Nothing: there are none, and to look for them costs a cold start 7 ms of imports."""

    def _refused(self, *errors: Exception) -> PreExecutionError:
        told = [
            error
            if isinstance(error, GraphQLError)
            else GraphQLError(str(error), original_error=error)
            for error in errors
        ]
        self._process_errors(told)
        return PreExecutionError(data=None, errors=told)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Take out of the messages what Python says of literals that it can't read.

        And suggestions, where the schema is not to be found out: Strawberry takes out those of
        fields only. It also logs every error, a client's mistakes included; here `errors.present`
        logs those that are ours.
        """
        for error in errors:
            error.message = _RAISED.sub(", found", error.message)
        if self.config.disable_field_suggestions:
            for error in errors:
                error.message = _SUGGESTION.sub("", error.message)


def create_schema(*, introspection: bool, max_values: int = limits.VALUES) -> Schema:
    """The schema. Without introspection, error messages suggest no field names either.

    `max_values` is the most values that an answer may have, by the estimate of `complexity`.
    """
    return Schema(introspection=introspection, max_values=max_values)


def _check_operation(
    document: DocumentNode, name: str | None, allowed: Iterable[OperationType] | None
) -> None:
    try:
        kind = get_operation_type(document, name)
    except RuntimeError as error:
        raise CannotGetOperationTypeError(name) from error
    if allowed is not None and kind not in allowed:
        raise InvalidOperationTypeError(kind)
