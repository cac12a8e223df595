"""The schema, put together."""

from __future__ import annotations

import re
from functools import partial

import strawberry
from graphql import GraphQLError
from strawberry.extensions import DisableIntrospection
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from gql_api.schema import limits
from gql_api.schema.documents import ParsedDocuments, ValidatedDocuments
from gql_api.schema.errors import HANDLERS
from gql_api.schema.limits import WithinLimits
from gql_api.schema.mutations import Mutation
from gql_api.schema.operations import NamedOperation
from gql_api.schema.queries import Query
from gql_api.schema.scalars import SCALARS

_SUGGESTION = re.compile(r" Did you mean [^?]*\?")
_RAISED = re.compile(r", but encountered error '.*?'; found", re.DOTALL)


class Schema(strawberry.Schema):
    """Strawberry's schema, quieter towards the log and towards strangers."""

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


def create_schema(*, introspection: bool, max_values: int = limits.VALUES) -> strawberry.Schema:
    """The schema. Without introspection, error messages suggest no field names either.

    `max_values` is the most values that an answer may have, by the estimate of `complexity`.
    """
    guards = [] if introspection else [DisableIntrospection]
    return Schema(
        query=Query,
        mutation=Mutation,
        # WithinLimits comes before validation, which takes long for what it refuses, and
        # NamedOperation after it: it overrules what validation found.
        extensions=[
            ParsedDocuments,
            *guards,
            partial(WithinLimits, max_values),
            ValidatedDocuments,
            NamedOperation,
        ],
        exception_handlers=HANDLERS,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not introspection),
    )
