"""The schema, put together."""

from __future__ import annotations

import strawberry
from strawberry.extensions import DisableIntrospection
from strawberry.schema.config import StrawberryConfig

from gql_api.schema.documents import ParsedDocuments, ValidatedDocuments
from gql_api.schema.errors import HANDLERS
from gql_api.schema.mutations import Mutation
from gql_api.schema.operations import NamedOperation
from gql_api.schema.queries import Query
from gql_api.schema.scalars import SCALARS


def create_schema(*, introspection: bool) -> strawberry.Schema:
    """The schema. Without introspection, error messages suggest no field names either."""
    guards = [] if introspection else [DisableIntrospection]
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        # NamedOperation comes last: it overrules what validation found.
        extensions=[ParsedDocuments, *guards, ValidatedDocuments, NamedOperation],
        exception_handlers=HANDLERS,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not introspection),
    )
