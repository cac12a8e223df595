"""The size of the answer about one file: the formula for the selection, applied to the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gql_api.domain.errors import MISSING_PARTS_MAX
from gql_api.domain.file_requests import SELECT_DEFAULT
from gql_api.domain.media_types import MAX_LENGTH as CONTENT_TYPE_MAX_LENGTH
from gql_api.domain.parts import MAX_OBJECT_BYTES, MAX_PARTS, plan_parts
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.text import FILENAME_MAX_LENGTH, TAG_MAX_LENGTH, TAGS_MAX
from gql_api.domain.uploads import Upload
from gql_api.schema.cost.answer_shapes import Shape, Term
from gql_api.schema.cost.wire import (
    CHARACTER_MAX_BYTES,
    QUOTES_BYTES,
    text_bytes,
    to_json,
    wire_bytes,
)
from gql_api.services.signing import UrlLengths

_HASH_BYTES = 44 + QUOTES_BYTES
# The canonical form has a space before each parameter and may have quotes around its value.
_PARAMETER_BYTES = 1 + 2 * 4
_DISPOSITION_BYTES = 210  # Of the parameters of a download's URL, without name and type.
# A cursor is the Base64 of a few bytes and, if the list is sorted by name, of the folded name. A
# character of three bytes can fold to 33 bytes (Unicode FAQ, "Normalization"); Base64 adds a third.
_CURSOR_BYTES = 120
_FOLDED_BYTES = 15


class FileFacts(NamedTuple):
    """What determines the size of the answer about one file. Texts have their size in JSON."""

    filename_bytes: int
    cursor_bytes: int
    content_type_bytes: int
    tags_bytes: int
    tag_count: int
    part_count: int
    multipart: bool


def _cursor_bytes(filename: str) -> int:
    if filename.isascii():
        return _CURSOR_BYTES + 2 * text_bytes(filename)
    return _CURSOR_BYTES + _FOLDED_BYTES * len(filename.encode("utf-8", "backslashreplace"))


def _tags_bytes(tags: Sequence[object]) -> int:
    """Return the size of the tags in a response, with a comma after each."""
    return wire_bytes(to_json([str(tag) for tag in tags]))


def recorded_facts(upload: Upload | None) -> FileFacts:
    """Return the facts of a record; None is an unknown id, whose failure contains none of them."""
    if upload is None:
        return FileFacts(0, 0, 0, 0, 0, 0, multipart=False)
    return FileFacts(
        filename_bytes=text_bytes(upload.filename),
        cursor_bytes=_cursor_bytes(upload.filename),
        content_type_bytes=text_bytes(upload.content_type),
        tags_bytes=_tags_bytes(upload.tags),
        tag_count=len(upload.tags),
        part_count=upload.plan.count,
        multipart=upload.plan.multipart,
    )


_LARGEST_FILE = FileFacts(
    filename_bytes=FILENAME_MAX_LENGTH * CHARACTER_MAX_BYTES + QUOTES_BYTES,
    cursor_bytes=_CURSOR_BYTES + _FOLDED_BYTES * FILENAME_MAX_LENGTH * 4,
    content_type_bytes=4 * CONTENT_TYPE_MAX_LENGTH + QUOTES_BYTES,
    tags_bytes=TAGS_MAX * (TAG_MAX_LENGTH * CHARACTER_MAX_BYTES + QUOTES_BYTES + 1),
    tag_count=TAGS_MAX,
    part_count=MAX_PARTS,
    multipart=True,
)
# The URL of a whole file is longer than that of a part, but there is only one.
LARGEST_FILES = (_LARGEST_FILE, _LARGEST_FILE._replace(part_count=1, multipart=False))


class Measure:
    """Measures the answers about files with one shape.

    The formula is reduced to one factor for each fact, since a request may have 500 files.
    `selected` has the number of parts in each selection of parts; None for the default selection.
    """

    def __init__(
        self, shape: Shape, selected: Sequence[int | None], urls: UrlLengths, policy: UploadPolicy
    ) -> None:
        self._policy = policy
        times = shape.formula
        accepted_bytes = sum(text_bytes(one) + 2 for one in policy.content_types)
        downloads = times[Term.DOWNLOAD_URL]
        self._fixed_bytes = (
            times[Term.FIXED]
            + times[Term.ACCEPTED_TYPES] * accepted_bytes
            + downloads * (urls.single + _DISPOSITION_BYTES)
            + 1
        )
        # A space in a name takes three bytes if it is encoded once, and five if twice.
        self._filenames = times[Term.FILENAME] + 8 * downloads
        self._cursors = times[Term.CURSOR]
        self._content_types = times[Term.CONTENT_TYPE] + 3 * downloads
        self._tags = times[Term.TAGS]
        self._tag_counts = times[Term.TAG_COUNT]
        self._part_counts = times[Term.PART_COUNT]
        self._missing_counts = times[Term.MISSING_COUNT]
        self._parts = [
            _PartsMeasure(
                count,
                # The PUT of a whole file has up to three headers; that of a part has one.
                parts.each[Term.FIXED]
                + parts.each[Term.PART_URL] * (urls.single + QUOTES_BYTES)
                + parts.each[Term.PART_HEADER] * 3
                + parts.each[Term.PART_HEADER_VALUE] * (_HASH_BYTES + len("*") + QUOTES_BYTES),
                parts.each[Term.PART_HEADER_VALUE],
                parts.each[Term.FIXED]
                + parts.each[Term.PART_URL] * (urls.part + QUOTES_BYTES)
                + parts.each[Term.PART_HEADER]
                + parts.each[Term.PART_HEADER_VALUE] * _HASH_BYTES,
            )
            for parts, count in zip(shape.parts, selected, strict=True)
        ]

    def requested_bytes(
        self, filename: object, content_type: object, tags: Sequence[object], size_bytes: int
    ) -> int:
        """Return the most bytes that the answer about a requested file takes.

        The values come from the client and are not validated yet. A text that the answer does not
        contain is not measured, so that the bytes of the answer limit the work: 50 fields may
        request files with the same megabyte of tags.
        """
        policy = self._policy
        part_count, multipart = 1, False
        if size_bytes > min(policy.max_upload_bytes, MAX_OBJECT_BYTES):
            part_count = 0  # The file is refused.
        elif size_bytes > policy.single_part_max_bytes or not policy.single_part_max_bytes:
            plan = plan_parts(size_bytes, policy.single_part_max_bytes)
            part_count, multipart = plan.count, plan.multipart
        content_type_bytes = 0
        if self._content_types or any(parts.content_types for parts in self._parts):
            text = str(content_type)
            content_type_bytes = text_bytes(text) + text.count(";") * _PARAMETER_BYTES
        return self.file_bytes(
            FileFacts(
                filename_bytes=text_bytes(str(filename)) if self._filenames else 0,
                cursor_bytes=_cursor_bytes(str(filename)) if self._cursors else 0,
                content_type_bytes=content_type_bytes,
                tags_bytes=_tags_bytes(tags) if self._tags else 0,
                tag_count=min(len(tags), TAGS_MAX),
                part_count=part_count,
                multipart=multipart,
            )
        )

    def largest_bytes(self) -> int:
        """Return the most bytes that the answer about any file takes."""
        return max(map(self.file_bytes, LARGEST_FILES))

    def file_bytes(self, file: FileFacts) -> int:
        """Return the most bytes that the answer about this file takes."""
        size_bytes = (
            self._fixed_bytes
            + self._filenames * file.filename_bytes
            + self._cursors * file.cursor_bytes
            + self._content_types * file.content_type_bytes
            + self._tags * file.tags_bytes
            + self._tag_counts * file.tag_count
            + self._part_counts * file.part_count
            + self._missing_counts * min(file.part_count, MISSING_PARTS_MAX)
        )
        for parts in self._parts:
            count = (
                min(file.part_count, SELECT_DEFAULT) if parts.selected is None else parts.selected
            )
            if file.multipart:
                size_bytes += count * parts.part_bytes
            else:
                size_bytes += count * (
                    parts.single_bytes + parts.content_types * file.content_type_bytes
                )
        return size_bytes


class _PartsMeasure(NamedTuple):
    """One selection of parts, and the bytes of a part of each kind."""

    selected: int | None
    single_bytes: int
    content_types: int
    part_bytes: int
