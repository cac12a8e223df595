"""graphql-core's executor, which does not repeat what is the same for each execution.

Two things are found once per document: the fields that its selections collect, and the functions
that write the plain parts of its answers (see `answers`). Everything else, and everything unusual,
is left to graphql-core.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from graphql import GraphQLObjectType, Undefined
from graphql.execution.collect_fields import CollectedFields
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gql_api.schema.engine.answers import Details, ObjectTypes, Selected, Writers, attempt


class FieldSets:
    """The field sets of an operation and their writers, found by its first execution.

    Executions may share one where no variable decides, by `@skip` or `@include`, which fields are
    selected.
    """

    def __init__(self, types: ObjectTypes) -> None:
        self.root: Selected | None = None
        self.writers = Writers(types)
        self.below: dict[tuple[str, int], tuple[Details, CollectedFields]] = {}
        """By type, and by identity of the details of a field with values of this type."""

    @property
    def size(self) -> int:
        """The number of field sets, field lists and writers that are kept."""
        return len(self.below) + self.writers.size


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes an operation once. `compat` checks the methods that it overrides."""

    def __init__(
        self, *args: Any, types: ObjectTypes, field_sets: FieldSets, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._types = types
        self._field_sets = field_sets
        self._writers = field_sets.writers

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: Any,
        serially: bool,
        new_defer_usages: Any,
    ) -> Any:
        """Start from the root field set of the first execution.

        The field sets below it are kept by the identity of its parts.
        """
        if self._field_sets.root is None:
            self._field_sets.root = grouped_field_set
        return super().execute_collected_root_fields(
            root_type, root_value, cast(Any, self._field_sets.root), serially, new_defer_usages
        )

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Write the plain fields of an object directly, and let graphql-core execute the others."""
        if parent_type.name not in self._types.readers:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        values: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details, part in self._writers.fields(
            parent_type, grouped_field_set, self._collect
        ):
            value = Undefined if part is None else attempt(part.of, source_value)
            if value is Undefined:
                others[name] = details
            # Reserve the place of a field that comes later: answers keep the document's order.
            values[name] = value
        if not others:
            return values
        found: Any = super().execute_fields(
            parent_type, source_value, path, others, position_context
        )
        if self.is_awaitable(found):
            return _merge_later(values, found)
        return _merge(values, found)

    def complete_value(
        self,
        return_type: Any,
        field_details_list: Details,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Return a resolver's result as the answer contains it."""
        known = self._types.object_type(return_type, type(result))
        write = self._writers.writer(known or return_type, field_details_list, self._collect)
        if write is not None and (written := attempt(write, result)) is not Undefined:
            return written
        if known is not None:
            return self.collect_and_execute_subfields(
                known, field_details_list, path, result, position_context
            )
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def handle_field_error(
        self, raw_error: Exception, return_type: Any, field_details_list: Details, path: Any
    ) -> None:
        """Locate the error at the first of the merged fields only.

        To find the lines of several nodes, graphql-core reads the whole document for each error.
        """
        super().handle_field_error(raw_error, return_type, field_details_list[:1], path)

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: Details
    ) -> CollectedFields:
        """Return the fields selected of an object, collected once for all executions."""
        key = (return_type.name, id(field_details_list))
        kept = self._field_sets.below.get(key)
        if kept is not None:
            return kept[1]
        found = super().collect_subfields(return_type, field_details_list)
        # Keep a reference to the list so that its id() is not reused.
        self._field_sets.below[key] = (field_details_list, found)
        return found

    def _collect(self, of_type: GraphQLObjectType, details: Details) -> Selected:
        return self.collect_subfields(of_type, details).grouped_field_set


def _merge(values: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    values.update(found)
    return values


async def _merge_later(values: dict[str, Any], found: Any) -> dict[str, Any]:
    return _merge(values, await found)
