"""How large the value of a root field can become, as a formula over an upload.

Computed once per document. Bytes are counted as AWS Lambda does: the answer is a string in the JSON
that the function returns, so each quote and each backslash takes two bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Any, Final, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    ValueNode,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from gql_api.domain.accounts import (
    API_KEY_NAME_MAX_LENGTH,
    EMAIL_MAX_LENGTH,
    FULL_NAME_MAX_LENGTH,
    SESSIONS_MAX,
    SUBJECT_MAX_LENGTH,
    USER_AGENT_MAX_LENGTH,
)
from gql_api.domain.issuers import FIELD_MAX_LENGTH, ISSUERS_MAX
from gql_api.domain.media import CAMERA_MAX_LENGTH, CODEC_MAX_LENGTH, REASON_MAX_LENGTH
from gql_api.domain.uploads import ChecksumAlgorithm
from gql_api.schema.cost.wire import CHARACTER_MAX_BYTES, QUOTES_BYTES
from gql_api.services.api_keys import API_KEYS_MAX


class Term(Enum):
    """What a formula counts. Each has a size in bytes for an upload, or for one of its parts."""

    FIXED = auto()
    FILENAME = auto()
    CURSOR = auto()
    CONTENT_TYPE = auto()
    TAGS = auto()
    TAG_COUNT = auto()
    ACCEPTED_TYPES = auto()
    DOWNLOAD_URL = auto()
    PART_COUNT = auto()
    MISSING_COUNT = auto()
    PART_URL = auto()
    PART_HEADER = auto()
    PART_HEADER_VALUE = auto()


Formula = Counter[Term]


class Parts(NamedTuple):
    """A selection of `Transfer.parts`: its argument `select`, and the formula for one part."""

    select: ValueNode | None
    each: Formula


class Shape:
    """The formula for all that is selected of an upload except the parts to send."""

    def __init__(self, formula: Formula | None = None, parts: tuple[Parts, ...] = ()) -> None:
        self.formula: Final = Formula() if formula is None else formula
        self.parts: Final = parts

    def __add__(self, other: Shape) -> Shape:
        """Return the shape of both together."""
        return Shape(self.formula + other.formula, self.parts + other.parts)

    def __or__(self, other: Shape) -> Shape:
        """Return a shape at least as large as either."""
        return Shape(self.formula | other.formula, self.parts + other.parts)


def text(max_length: int) -> Shape:
    """Return the shape of a text of at most this many characters."""
    return fixed(max_length * CHARACTER_MAX_BYTES + QUOTES_BYTES)


def fixed(size_bytes: int) -> Shape:
    """Return the shape of a value that takes at most this many bytes."""
    return Shape(Formula({Term.FIXED: size_bytes}))


_FAILURE = fixed(600)  # An error at a field, with its path.

# The most bytes of a value that is not text, including quotes if it has any.
_SCALARS = {"ID": 40, "DateTime": 28, "ByteCount": 16, "Int": 11, "Boolean": 5, "Float": 24}
_TYPENAME = fixed(40)
_MESSAGE = Shape(Formula({Term.FIXED: 900, Term.CONTENT_TYPE: 3, Term.ACCEPTED_TYPES: 1}))

# Texts and lists need an entry, as their types do not limit their length. A test checks that all
# of the schema have one.
TEXTS: Mapping[str, Shape] = {
    "Upload.filename": Shape(Formula({Term.FILENAME: 1})),
    "Upload.contentType": Shape(Formula({Term.CONTENT_TYPE: 1})),
    "Upload.statusReason": _MESSAGE,
    "Upload.processingError": text(REASON_MAX_LENGTH),
    "Media.videoCodec": text(CODEC_MAX_LENGTH),
    "Media.audioCodec": text(CODEC_MAX_LENGTH),
    "Media.thumbhash": fixed(48),
    "Media.camera": text(CAMERA_MAX_LENGTH),
    "Rendition.contentType": fixed(16),
    "Rendition.url": Shape(Formula({Term.DOWNLOAD_URL: 1})),
    "UploadEdge.cursor": Shape(Formula({Term.CURSOR: 1})),
    "PageInfo.startCursor": Shape(Formula({Term.CURSOR: 1})),
    "PageInfo.endCursor": Shape(Formula({Term.CURSOR: 1})),
    "ChangeConnection.endCursor": fixed(300),
    # ASCII without control characters: two bytes at most.
    "User.username": fixed(2 * SUBJECT_MAX_LENGTH + QUOTES_BYTES),
    "User.externalId": fixed(2 * SUBJECT_MAX_LENGTH + QUOTES_BYTES),
    "User.email": text(EMAIL_MAX_LENGTH),
    "User.fullName": text(FULL_NAME_MAX_LENGTH),
    "SignInIssuer.name": text(FIELD_MAX_LENGTH),
    "SignInIssuer.issuer": text(FIELD_MAX_LENGTH),
    "SignInIssuer.clientId": text(FIELD_MAX_LENGTH),
    "UserSession.userAgent": text(USER_AGENT_MAX_LENGTH),
    "ApiKey.name": text(API_KEY_NAME_MAX_LENGTH),
    "ApiKeyCreated.token": fixed(100),
    "Session.accessToken": fixed(2100),
    "Session.refreshToken": fixed(200),
    "Checksum.value": fixed(48),
    "PartRequest.method": fixed(8),
    "PartRequest.url": Shape(Formula({Term.PART_URL: 1})),
    "PresignedRequest.method": fixed(8),
    "PresignedRequest.url": Shape(Formula({Term.DOWNLOAD_URL: 1})),
    "HttpHeader.name": fixed(26),
    "HttpHeader.value": Shape(Formula({Term.PART_HEADER_VALUE: 1})),
    "FieldError.message": Shape(Formula({Term.FIXED: 200, Term.CONTENT_TYPE: 1})),
    "InvalidInput.message": _MESSAGE + Shape(Formula({Term.TAG_COUNT: 150})),
    "FileTooLarge.message": _MESSAGE,
    "UnsupportedMediaType.message": _MESSAGE,
    "QuotaExceeded.message": _MESSAGE,
    "ClientTokenReused.message": _MESSAGE,
    "UploadNotFound.message": _MESSAGE,
    "UploadIncomplete.message": _MESSAGE,
    "UploadRejected.message": _MESSAGE,
    "UploadClosed.message": _MESSAGE,
    "UsernameTaken.message": _MESSAGE,
    "InvalidCredentials.message": _MESSAGE,
    "InvalidSession.message": _MESSAGE,
    "TooManyAttempts.message": _MESSAGE,
    "ApiKeyNotFound.message": _MESSAGE,
}
# Fields that can fail by themselves: for an argument, or for want of storage calls.
_FAILING = frozenset({"Upload.download", "Upload.rendition", "Transfer.parts", "Transfer.received"})
_FIELD_ERRORS = 5  # Of the input's fields other than tags.
LISTS: Mapping[str, Formula] = {
    "SignInMethods.issuers": Formula({Term.FIXED: ISSUERS_MAX}),
    # How often the items occur, by the terms that count them.
    "InvalidInput.fields": Formula({Term.FIXED: _FIELD_ERRORS, Term.TAG_COUNT: 1}),
    "FieldError.path": Formula({Term.FIXED: 2}),
    "UploadIncomplete.missingParts": Formula({Term.MISSING_COUNT: 1}),
    "Transfer.received": Formula({Term.PART_COUNT: 1}),
    # Only for parts: a signed download has none.
    "PresignedRequest.headers": Formula(),
    "PartRequest.headers": Formula({Term.PART_HEADER: 1}),
    "User.apiKeys": Formula({Term.FIXED: API_KEYS_MAX}),
    "User.sessions": Formula({Term.FIXED: SESSIONS_MAX}),
    "UploadLimits.checksumAlgorithms": Formula({Term.FIXED: len(ChecksumAlgorithm)}),
}
ROWS = frozenset({"ChangeConnection.nodes", "UploadConnection.nodes", "UploadConnection.edges"})
"""Lists with one item for each upload, which the formula is about."""
WHOLE_LISTS: Mapping[str, Shape] = {
    "Upload.tags": Shape(Formula({Term.TAGS: 1})),
    "UnsupportedMediaType.contentTypes": Shape(Formula({Term.ACCEPTED_TYPES: 1})),
    "UploadLimits.contentTypes": Shape(Formula({Term.ACCEPTED_TYPES: 1})),
}
_PARTS = "Transfer.parts"
_PATH_ITEM_BYTES = 20  # Of FieldError.path: names of input fields, and indexes.


class Shapes:
    """Computes the shapes of the fields of one valid document."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments

    def selected(
        self, of_type: GraphQLObjectType, selection_sets: Iterable[SelectionSetNode]
    ) -> Mapping[str, Sequence[FieldNode]]:
        """Return the fields selected of a type, by response name.

        `@skip` and `@include` are ignored: the shape is that of the largest answer.
        """
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        waiting = [*selection_sets]
        while waiting:
            for selection in waiting.pop(0).selections:
                if isinstance(selection, FieldNode):
                    name = selection.alias or selection.name
                    found.setdefault(name.value, []).append(selection)
                    continue
                inner: InlineFragmentNode | FragmentDefinitionNode
                if isinstance(selection, FragmentSpreadNode):
                    if selection.name.value in spread:
                        continue
                    spread.add(selection.name.value)
                    inner = self._fragments[selection.name.value]
                elif isinstance(selection, InlineFragmentNode):
                    inner = selection
                if self._applies(inner, of_type):
                    waiting.append(inner.selection_set)
        return found

    def value(
        self, coordinate: str, of_type: GraphQLOutputType, nodes: Sequence[FieldNode]
    ) -> Shape:
        """Return the shape of a field's value; `coordinate` is `Type.field`."""
        if is_non_null_type(of_type):
            return self.value(coordinate, of_type.of_type, nodes)
        if is_list_type(of_type):
            return self._list(coordinate, of_type.of_type, nodes)
        if is_leaf_type(of_type):
            if is_enum_type(of_type):
                return fixed(max(map(len, of_type.values)) + 4)
            return TEXTS[coordinate] if of_type.name == "String" else fixed(_SCALARS[of_type.name])
        if is_abstract_type(of_type):
            shape = fixed(4)
            for member in self._schema.get_possible_types(of_type):
                shape = shape | self._object(member, nodes)
            return shape
        return self._object(get_named_type(of_type), nodes)

    def _object(self, of_type: Any, nodes: Sequence[FieldNode]) -> Shape:
        shape = fixed(4)
        selection_sets = [node.selection_set for node in nodes if node.selection_set]
        for name, fields in self.selected(of_type, selection_sets).items():
            field_name = fields[0].name.value
            key = fixed(len(name) + 6)
            if field_name == "__typename":
                shape += key + _TYPENAME
            else:
                coordinate = f"{of_type.name}.{field_name}"
                value = self.value(coordinate, of_type.fields[field_name].type, fields)
                shape += key + (value | _FAILURE if coordinate in _FAILING else value)
        return shape

    def _list(
        self, coordinate: str, item_type: GraphQLOutputType, nodes: Sequence[FieldNode]
    ) -> Shape:
        if coordinate in WHOLE_LISTS:
            return WHOLE_LISTS[coordinate] + fixed(2)
        if coordinate == "FieldError.path":
            item = fixed(_PATH_ITEM_BYTES)
        else:
            item = self.value(coordinate, item_type, nodes)
        item += fixed(1)
        if coordinate in ROWS:
            return item + fixed(2)
        if coordinate == _PARTS:
            select = next((argument.value for argument in nodes[0].arguments or ()), None)
            return Shape(Formula({Term.FIXED: 2}), (Parts(select, item.formula),))
        count = LISTS[coordinate]
        repeated = Formula()
        for term, size in item.formula.items():
            # A list within a list would need products of terms; only constants are repeated.
            for counter, times in count.items():
                if term is Term.FIXED:
                    repeated[counter] += size * times
                else:
                    repeated[term] += size * times
        return Shape(repeated) + fixed(2)

    def _applies(
        self, fragment: InlineFragmentNode | FragmentDefinitionNode, of_type: GraphQLObjectType
    ) -> bool:
        condition = fragment.type_condition
        if condition is None or condition.name.value == of_type.name:
            return True
        named = self._schema.type_map[condition.name.value]
        return is_abstract_type(named) and self._schema.is_sub_type(named, of_type)
