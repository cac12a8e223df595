"""The largest size of answers about uploads, estimated before anything is written.

AWS Lambda discards a response of more than 6,291,556 bytes (Lambda quotas, "Invocation payload"):
the uploads would be recorded, and the client would not learn their ids. Most of an answer is signed
URLs, whose number follows from the sizes of the files.
"""

from __future__ import annotations

import json
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
from gql_api.domain.file_requests import SELECT_DEFAULT, SELECT_MAX
from gql_api.domain.parts import MAX_OBJECT_BYTES, plan_parts
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.text import TAGS_MAX
from gql_api.domain.uploads import Upload
from gql_api.schema.cost.answer_shapes import Shape, Shapes, Term
from gql_api.services.signing import UrlLengths
from gql_api.services.uploads import REQUESTS_MAX, UploadService

_REQUESTS = frozenset({"requestUpload", "requestUploads"})
_COMPLETIONS = "completeUploads"
_MISSING_MAX = 1000
_HASH_BYTES = 44 + 4  # With quotes.
_DISPOSITION_BYTES = 160  # Of the parameters of a download's URL, without name and type.
_ENVELOPE_BYTES = 64  # `{"data":{"name":[…]}}`, without the name.


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What determines the size of the answer about one file; texts in bytes as in the answer."""

    filename_bytes: int
    content_type_bytes: int
    tags_bytes: int
    tag_count: int
    part_count: int
    multipart: bool


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


def wire_bytes(text: str) -> int:
    """Return the size of a JSON text within the JSON that an AWS Lambda function returns.

    The view writes JSON in ASCII, so only quotes and backslashes are escaped once more.
    """
    return len(text) + text.count('"') + text.count("\\")


def exceeds(text: str, max_bytes: int) -> bool:
    """Return whether a response in JSON exceeds the limit by more than a sixth.

    Estimates are held to the limit itself. The sixth is for what they cannot know, such as the new
    and longer name of a file that was requested before. With the default limit, the largest
    response leaves Lambda room for its headers.
    """
    most_bytes = max_bytes + max_bytes // 6
    # No character takes more than two bytes, so most texts need not be searched.
    return 2 * len(text) > most_bytes and wire_bytes(text) > most_bytes


def file_facts(
    filename: str, content_type: str, tags: Sequence[object], size_bytes: int, policy: UploadPolicy
) -> FileFacts:
    """Return the facts of a file with these properties."""
    if size_bytes > min(policy.max_upload_bytes, MAX_OBJECT_BYTES):
        part_count, multipart = 0, False  # It is refused.
    else:
        plan = plan_parts(size_bytes, policy.single_part_max_bytes)
        part_count, multipart = plan.count, plan.multipart
    return FileFacts(
        filename_bytes=wire_bytes(json.dumps(filename)),
        # The canonical form has a space before each parameter.
        content_type_bytes=wire_bytes(json.dumps(content_type)) + content_type.count(";"),
        tags_bytes=sum(wire_bytes(json.dumps(tag)) + 1 for tag in tags),
        tag_count=min(len(tags), TAGS_MAX),
        part_count=part_count,
        multipart=multipart,
    )


def _recorded_facts(upload: Upload | None) -> FileFacts:
    """Return the facts of a record; an unknown id is answered by a failure without them."""
    if upload is None:
        return FileFacts(0, 0, 0, 0, 0, multipart=False)
    return FileFacts(
        filename_bytes=wire_bytes(json.dumps(upload.filename)),
        content_type_bytes=wire_bytes(json.dumps(upload.content_type)),
        tags_bytes=sum(wire_bytes(json.dumps(tag)) + 1 for tag in upload.tags),
        tag_count=len(upload.tags),
        part_count=upload.plan.count,
        multipart=upload.plan.multipart,
    )


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
        self._accepted_types_bytes = sum(
            wire_bytes(json.dumps(one)) + 2 for one in self._policy.content_types
        )

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

        def check(uploads: Sequence[Upload | None]) -> None:
            facts = (_recorded_facts(upload) for upload in uploads)
            sizes = (self._file_bytes(field.shape, file) for file in facts)
            check_sizes(sizes, self._services.max_response_bytes - field.envelope_bytes)

        return check

    def requested_bytes(self) -> Iterator[int]:
        """Yield the bytes for each file that is requested, in order."""
        for field in self._fields.values():
            if field.node.name.value in _REQUESTS:
                envelope_bytes = field.envelope_bytes
                for file in self._requested_files(field.node):
                    yield envelope_bytes + self._file_bytes(field.shape, file)
                    envelope_bytes = 0

    def _file_bytes(self, shape: Shape, file: FileFacts) -> int:
        terms = {
            Term.FIXED: 1,
            Term.FILENAME: file.filename_bytes,
            Term.CONTENT_TYPE: file.content_type_bytes,
            Term.TAGS: file.tags_bytes,
            Term.TAG_COUNT: file.tag_count,
            Term.ACCEPTED_TYPES: self._accepted_types_bytes,
            # A space in a name takes three bytes where it is encoded once, and five where twice.
            Term.DOWNLOAD_URL: self._urls.single
            + _DISPOSITION_BYTES
            + 3 * file.content_type_bytes
            + 8 * file.filename_bytes,
            Term.PART_COUNT: file.part_count,
            Term.MISSING_COUNT: min(file.part_count, _MISSING_MAX),
        }
        size_bytes = 1 + sum(terms[term] * times for term, times in shape.formula.items())
        for parts in shape.parts:
            size_bytes += self._selected(parts.select, file) * self._part_bytes(parts.each, file)
        return size_bytes

    def _part_bytes(self, formula: Mapping[Term, int], file: FileFacts) -> int:
        """Return the bytes of one part; the PUT of a whole file has up to three headers."""
        values = _HASH_BYTES if file.multipart else _HASH_BYTES + file.content_type_bytes + 5
        terms = {
            Term.FIXED: 1,
            Term.PART_URL: 4 + (self._urls.part if file.multipart else self._urls.single),
            Term.PART_HEADER: 1 if file.multipart else 3,
            Term.PART_HEADER_VALUE: values,
        }
        return sum(terms[term] * times for term, times in formula.items())

    def _selected(self, select: ValueNode | None, file: FileFacts) -> int:
        """Return how many parts of the file are selected; one may be selected repeatedly."""
        chosen = None if select is None else value_from_ast_untyped(select, self._variables)
        if chosen is None:
            return min(file.part_count, SELECT_DEFAULT)
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
                        size_bytes if isinstance(size_bytes, int) else 0,
                        self._policy,
                    )


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
