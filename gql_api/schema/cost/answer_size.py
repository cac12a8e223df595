"""The largest size of answers about uploads, estimated before anything is written.

AWS Lambda discards a response of more than 6,291,556 bytes (Lambda quotas, "Invocation payload"):
the uploads would be recorded, and the client would not learn their ids. Most of an answer is signed
URLs, whose number follows from the sizes of the files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationType,
    ValueNode,
    get_named_type,
    get_operation_ast,
    value_from_ast_untyped,
)

from gql_api.domain.errors import ResponseTooLarge
from gql_api.domain.file_requests import SELECT_MAX
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.uploads import Upload
from gql_api.schema.cost.answer_files import (
    FileFacts,
    Measure,
    file_facts,
    recorded_facts,
    wire_bytes,
)
from gql_api.schema.cost.answer_shapes import Shape, Shapes
from gql_api.services.signing import UrlLengths
from gql_api.services.uploads import REQUESTS_MAX, UploadService

_REQUESTS = frozenset({"requestUpload", "requestUploads"})
_COMPLETIONS = "completeUploads"
_ENVELOPE_BYTES = 64  # `{"data":{"name":[…]}}`, without the name.


@dataclass(frozen=True, slots=True)
class FileField:
    """A field of a mutation that answers about files: its node, and the shape for each file."""

    node: FieldNode
    shape: Shape

    @property
    def envelope_bytes(self) -> int:
        """The bytes around the files."""
        return _ENVELOPE_BYTES + len((self.node.alias or self.node.name).value)


class Services(Protocol):
    """What an estimate depends on besides the request."""

    @property
    def uploads(self) -> UploadService: ...

    @property
    def upload_policy(self) -> UploadPolicy: ...

    @property
    def max_response_bytes(self) -> int: ...


def exceeds(text: str, max_bytes: int) -> bool:
    """Return whether a response in JSON exceeds the limit by more than a sixth.

    Estimates are held to the limit itself. The sixth allows for what they cannot know, such as the
    new and longer name of a file that was requested before. With the default limit, the largest
    response leaves Lambda room for its headers.
    """
    most_bytes = max_bytes + max_bytes // 6
    # No character takes more than two bytes, so most texts need not be searched.
    return 2 * len(text) > most_bytes and wire_bytes(text) > most_bytes


class AnswerEstimate:
    """Estimates the answer to one request. The estimate is never smaller than the answer."""

    def __init__(
        self,
        fields: Mapping[str, FileField],
        variables: dict[str, Any],
        services: Services,
    ) -> None:
        self._fields = fields
        self._variables = variables
        self._services = services
        self._policy = services.upload_policy
        self._urls: UrlLengths = services.uploads.url_lengths()

    def check_requests(self) -> None:
        """Check the fields that request uploads, from the input as the client sent it.

        Raises:
            ResponseTooLarge: the answer may be too large; tells how many of the files would fit.
        """
        check_sizes(self.requested_bytes(), self._services.max_response_bytes)

    def completions_check(self, name: str) -> Callable[[Sequence[Upload | None]], None]:
        """Return a function that checks the field with this response name, from the records.

        It raises ResponseTooLarge as `check_requests` does.
        """
        field = self._fields[name]
        measure = self._measure(field.shape)

        def check(uploads: Sequence[Upload | None]) -> None:
            sizes = (measure.file_bytes(recorded_facts(upload)) for upload in uploads)
            check_sizes(sizes, self._services.max_response_bytes - field.envelope_bytes)

        return check

    def requested_bytes(self) -> Iterator[int]:
        """Yield the bytes for each file that is requested, in order."""
        for field in self._fields.values():
            if field.node.name.value in _REQUESTS:
                measure = self._measure(field.shape)
                envelope_bytes = field.envelope_bytes
                for file in self._requested_files(field.node):
                    yield envelope_bytes + measure.file_bytes(file)
                    envelope_bytes = 0

    def _measure(self, shape: Shape) -> Measure:
        selected = [self._selected(parts.select) for parts in shape.parts]
        return Measure(shape, selected, self._urls, self._policy)

    def _selected(self, select: ValueNode | None) -> int | None:
        """Return how many parts are selected, with repetitions; None for the default selection."""
        chosen = None if select is None else value_from_ast_untyped(select, self._variables)
        if chosen is None:
            return None
        return min(len(chosen) if isinstance(chosen, list) else 1, SELECT_MAX)

    def _requested_files(self, node: FieldNode) -> Iterator[FileFacts]:
        """Yield the facts of the files in a field's input, which may still be invalid."""
        for argument in node.arguments or ():
            given = value_from_ast_untyped(argument.value, self._variables)
            files = given if isinstance(given, list) else [given]
            for file in islice(files, REQUESTS_MAX):
                if isinstance(file, dict):
                    tags, size_bytes = file.get("tags"), file.get("size")
                    yield file_facts(
                        str(file.get("filename")),
                        str(file.get("contentType")),
                        tags if isinstance(tags, list) else [tags],
                        _whole(size_bytes),
                        self._policy,
                    )


def _whole(size_bytes: object) -> int:
    """Return the size, which may be written as a double; 0 if it is not a finite number."""
    if isinstance(size_bytes, float) and math.isfinite(size_bytes):
        return int(size_bytes)
    return size_bytes if isinstance(size_bytes, int) else 0


def file_fields(
    schema: GraphQLSchema, document: DocumentNode, name: str | None
) -> Mapping[str, FileField]:
    """Return the fields of a valid mutation that handle files, by response name."""
    operation = get_operation_ast(document, name)
    mutation = schema.mutation_type
    if operation is None or operation.operation is not OperationType.MUTATION or mutation is None:
        return {}
    shapes = Shapes(
        schema,
        {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        },
    )
    found = {}
    for response_name, nodes in shapes.selected(mutation, [operation.selection_set]).items():
        field_name = nodes[0].name.value
        if field_name in _REQUESTS or field_name == _COMPLETIONS:
            of_type = get_named_type(mutation.fields[field_name].type)
            found[response_name] = FileField(nodes[0], shapes.value("", of_type, nodes))
    return found


def check_sizes(sizes: Iterable[int], max_bytes: int) -> None:
    """Check that an answer with items of these sizes in bytes does not exceed the limit.

    Raises:
        ResponseTooLarge: it does; tells how many of the items fit.
    """
    total_bytes = 0
    for fitting, size_bytes in enumerate(sizes):
        total_bytes += size_bytes
        if total_bytes > max_bytes:
            raise ResponseTooLarge(max_bytes, fitting)
