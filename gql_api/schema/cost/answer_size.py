"""The largest size of an answer, estimated before its fields are written.

AWS Lambda discards a response of more than 6,291,556 bytes (Lambda quotas, "Invocation payload"):
uploads would be recorded, and the client would not learn their ids. Most of an answer is signed
URLs, whose number follows from the sizes of the files, and texts of the user.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, Protocol

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    ValueNode,
    get_named_type,
    get_operation_ast,
    value_from_ast_untyped,
)

from gql_api.domain.errors import ResponseTooLarge
from gql_api.domain.file_requests import SELECT_MAX
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.uploads import Upload
from gql_api.schema.cost.answer_files import Measure, recorded_facts
from gql_api.schema.cost.answer_shapes import Shape, Shapes
from gql_api.schema.cost.list_sizes import size
from gql_api.schema.cost.wire import wire_bytes
from gql_api.services.signing import UrlLengths
from gql_api.services.uploads import REQUESTS_MAX, UploadService

_REQUESTS = frozenset({"requestUpload", "requestUploads"})
_RECORDED = frozenset(
    {
        "changes",
        "completeUploads",
        "deleteUploads",
        "restoreUploads",
        "trashUploads",
        "updateUploads",
        "upload",
        "uploads",
    }
)
_PAGES = frozenset({"changes", "uploads"})
_FITTING_KEPT = 16
_ENVELOPE_BYTES = 64  # `{"data":{"name":[…]}}`, without the name.


class RootField(NamedTuple):
    """A root field: its node, and the shape of its value for each file that it is about."""

    node: FieldNode
    shape: Shape

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.node.name.value

    @property
    def envelope_bytes(self) -> int:
        """The bytes around the files."""
        return _ENVELOPE_BYTES + len((self.node.alias or self.node.name).value)


class Answer:
    """What an operation answers: its root fields by response name, and its variables' defaults."""

    def __init__(
        self,
        fields: Mapping[str, RootField],
        defaults: Mapping[str, Any],
        requests_files: bool = False,
    ) -> None:
        self.fields = fields
        self.defaults = defaults
        self.requests_files = requests_files
        self.fitting: set[object] = set()
        """Facts with which the largest answer fits: see `estimated`."""


class Services(Protocol):
    """What an estimate depends on besides the request."""

    @property
    def uploads(self) -> UploadService: ...

    @property
    def upload_policy(self) -> UploadPolicy: ...

    @property
    def max_response_bytes(self) -> int: ...


def exceeds(body: bytes, max_bytes: int) -> bool:
    """Return whether a response in JSON exceeds the limit by more than a sixth.

    Estimates must not exceed the limit itself. The extra sixth covers what they cannot know: a file
    that was requested before may have a longer name since. With the default limit, the largest
    response leaves room for the headers on Lambda.
    """
    most_bytes = max_bytes + max_bytes // 6
    # No byte takes more than two, so most responses need not be searched.
    return 2 * len(body) > most_bytes and wire_bytes(body) > most_bytes


class AnswerEstimate:
    """Estimates the answer to one request. The estimate is never smaller than the answer.

    Files that are requested count by the request; every other field counts as the largest answer
    that it can have. If that is too much, the files that the service has on record are measured
    instead, when they have been read.
    """

    def __init__(self, answer: Answer, given: Mapping[str, Any] | None, services: Services) -> None:
        self._fields = answer.fields
        self._variables: dict[str, Any] = {**answer.defaults, **(given or {})}
        self._policy = services.upload_policy
        self._urls: UrlLengths = services.uploads.url_lengths()
        self._max_bytes = self._left_bytes = services.max_response_bytes
        self._unmeasured: dict[str, Measure] = {}
        self.turn = asyncio.Lock()
        """Held by a root field while it reads its records, so that they are read one after another.
        Once the answer is too large, the other fields read nothing. If they read at the same time,
        their reads would be cancelled, and each would cost a connection to the database."""

    def check(self) -> bool:
        """Check what the request determines, before it is executed.

        Returns whether records have to be measured when they have been read.

        Raises:
            ResponseTooLarge: the answer may be too large; tells how many of the files would fit.
        """
        largest: dict[str, int] = {}
        for name, root in self._fields.items():
            if root.name in _RECORDED:
                measure = self._measure(root.shape)
                rows = size(root.node, self._variables)
                largest[name] = root.envelope_bytes + rows * measure.largest_bytes()
                self._unmeasured[name] = measure
            elif root.name not in _REQUESTS:
                self._spend(root.envelope_bytes + self._measure(root.shape).largest_bytes())
        self._spend_each(self.requested_bytes(), partial(ResponseTooLarge, self._max_bytes))
        if sum(largest.values()) <= self._left_bytes:
            self._unmeasured.clear()
        return bool(self._unmeasured)

    def check_records(self, name: str, uploads: Sequence[Upload | None]) -> None:
        """Check the field with this response name, from the records that it is about.

        None stands for an unknown id.

        Raises:
            ResponseTooLarge: as `check`.
        """
        measure = self._unmeasured.get(name)
        if measure is not None:
            field = self._fields[name]
            self._spend(field.envelope_bytes)
            self._spend_each(
                (measure.file_bytes(recorded_facts(upload)) for upload in uploads or [None]),
                partial(ResponseTooLarge, self._max_bytes, page=field.name in _PAGES),
            )

    def requested_bytes(self) -> Iterator[int]:
        """Yield the bytes for each file that is requested, in order."""
        for root in self._fields.values():
            if root.name in _REQUESTS:
                measure = self._measure(root.shape)
                envelope_bytes = root.envelope_bytes
                for size_bytes in self._requested_bytes(root.node, measure):
                    yield envelope_bytes + size_bytes
                    envelope_bytes = 0

    def _spend(self, size_bytes: int) -> None:
        self._left_bytes -= size_bytes
        if self._left_bytes < 0:
            raise ResponseTooLarge(self._max_bytes)

    def _spend_each(self, sizes: Iterable[int], refusal: Callable[[int], ResponseTooLarge]) -> None:
        """Spend the bytes of each file; `refusal` takes the number of files that fit."""
        for fitting, size_bytes in enumerate(sizes):
            self._left_bytes -= size_bytes
            if self._left_bytes < 0:
                raise refusal(fitting)

    def _measure(self, shape: Shape) -> Measure:
        selected = [self._selected(parts.select) for parts in shape.parts]
        return Measure(shape, selected, self._urls, self._policy)

    def _selected(self, select: ValueNode | None) -> int | None:
        """Return how many parts are selected, with repetitions; None for the default selection."""
        chosen = None if select is None else value_from_ast_untyped(select, self._variables)
        if chosen is None:
            return None
        return min(len(chosen) if isinstance(chosen, list) else 1, SELECT_MAX)

    def _requested_bytes(self, node: FieldNode, measure: Measure) -> Iterator[int]:
        """Yield the bytes for each file in a field's input, which may still be invalid."""
        for argument in node.arguments or ():
            given = value_from_ast_untyped(argument.value, self._variables)
            files = given if isinstance(given, list) else [given]
            for file in islice(files, REQUESTS_MAX):
                if isinstance(file, dict):
                    tags = file.get("tags")
                    yield measure.requested_bytes(
                        file.get("filename"),
                        file.get("contentType"),
                        tags if isinstance(tags, list) else [tags],
                        _whole(file.get("size")),
                    )


def _whole(size_bytes: object) -> int:
    """Return a size, which many languages send as a double; 0 if it is none."""
    if isinstance(size_bytes, float) and math.isfinite(size_bytes):
        return int(size_bytes)
    return size_bytes if isinstance(size_bytes, int) else 0


def estimated(
    answer: Answer, sizing: object, given: Mapping[str, Any] | None, services: Services
) -> AnswerEstimate | None:
    """Return the estimate that must check the records of an answer; None if any will fit.

    `sizing` are the variables, as far as they matter for the sizes of lists. An answer that fits
    is not estimated again, unless files are requested: their names are in the variables.

    Raises:
        ResponseTooLarge: as `AnswerEstimate.check`.
    """
    if not answer.fields:
        return None
    if answer.requests_files:
        return _checked(answer, given, services)
    facts = (
        sizing,
        services.uploads.url_lengths(),
        services.max_response_bytes,
        services.upload_policy,
    )
    if facts in answer.fitting:
        return None
    estimate = _checked(answer, given, services)
    if estimate is None and len(answer.fitting) < _FITTING_KEPT:
        answer.fitting.add(facts)
    return estimate


def _checked(
    answer: Answer, given: Mapping[str, Any] | None, services: Services
) -> AnswerEstimate | None:
    estimate = AnswerEstimate(answer, given, services)
    return estimate if estimate.check() else None


def answer(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Answer:
    """Return what an operation of a valid document answers.

    Introspection is not part of it: its size does not depend on data, and `limits` bounds it.
    """
    operation = get_operation_ast(document, name)
    root = None if operation is None else schema.get_root_type(operation.operation)
    if operation is None or root is None:
        return Answer({}, {})
    shapes = Shapes(
        schema,
        {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        },
    )
    found = {}
    for response_name, nodes in shapes.selected(root, [operation.selection_set]).items():
        field = root.fields.get(nodes[0].name.value)
        if field is not None:
            value = shapes.value("", get_named_type(field.type), nodes)
            found[response_name] = RootField(nodes[0], value)
    requests_files = any(root_field.name in _REQUESTS for root_field in found.values())
    return Answer(found, dict(_defaults(operation)), requests_files)


def _defaults(operation: OperationDefinitionNode) -> Iterator[tuple[str, Any]]:
    for variable in operation.variable_definitions or ():
        if variable.default_value is not None:
            yield variable.variable.name.value, value_from_ast_untyped(variable.default_value)
