"""Listing uploads: filters, orders, keyset cursors and page sizes.

A page is located by the position of the row before or after it, never by an offset. Every page
costs the same, and inserted rows do not shift pages (GraphQL Cursor Connections Specification).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from gql_api.domain import media_types
from gql_api.domain.errors import BadUserInput
from gql_api.domain.ids import is_id
from gql_api.domain.text import FILENAME_MAX_LENGTH, TAG_MAX_LENGTH, TAGS_MAX, compose, flaw, fold
from gql_api.domain.uploads import Upload, UploadStatus

PAGE_DEFAULT = 20
PAGE_MAX = 100


class OrderField(Enum):
    """The sort keys for uploads; ties are broken by creation order."""

    CREATED_AT = "CREATED_AT"
    FILENAME = "FILENAME"
    SIZE = "SIZE"


class Order(NamedTuple):
    """A sort key and its direction."""

    field: OrderField = OrderField.CREATED_AT
    descending: bool = True


class Filter(NamedTuple):
    """Selects the uploads that meet all given conditions; None means no condition.

    `content_type` is a canonical type without parameters, which matches any parameters, or
    `type/*`. `created_after` is inclusive and `created_before` exclusive, so that adjacent ranges
    do not overlap. An upload must have all of `tags`. `trashed` selects the trash, whose uploads
    count as STORED, instead of all other uploads.
    """

    status: tuple[UploadStatus, ...] | None = None
    content_type: str | None = None
    search: str | None = None
    tags: tuple[str, ...] = ()
    created_after: datetime | None = None
    created_before: datetime | None = None
    trashed: bool = False

    @property
    def statuses(self) -> tuple[UploadStatus, ...] | None:
        """The states that are selected; None for all that are visible."""
        if not self.trashed:
            return self.status
        asked = self.status is None or UploadStatus.STORED in self.status
        return (UploadStatus.TRASHED,) if asked else ()


class Position(NamedTuple):
    """The position of a row: its sort value (None if sorted by id alone) and its id."""

    value: str | int | None
    id: str


class PageRequest(NamedTuple):
    """A request for up to `limit` rows strictly between two positions, from either end."""

    filter: Filter
    order: Order
    limit: int
    backward: bool = False
    after: Position | None = None
    before: Position | None = None


class Page(NamedTuple):
    """The rows of a page in order. `more`: whether rows follow in the direction of reading.

    A search stops after many uploads, even if the page is not full. `stopped_at` is then the
    position of the last upload that it looked at, and `more` is True, because rows may follow.
    """

    request: PageRequest
    uploads: Sequence[Upload]
    more: bool
    stopped_at: Position | None = None

    @property
    def ends(self) -> tuple[Position | None, Position | None]:
        """The positions from which the list continues, backward and forward.

        They are those of the first and the last row, None if there are no rows. If a search
        stopped, the list continues from there in the direction of reading.
        """
        first = last = None
        if self.uploads:
            field = self.request.order.field
            first, last = position(self.uploads[0], field), position(self.uploads[-1], field)
        if self.stopped_at is None:
            return first, last
        return (self.stopped_at, last) if self.request.backward else (first, self.stopped_at)


def page_request(
    filter: Filter,
    order: Order,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> PageRequest:
    """Return the validated request for a page.

    Raises:
        BadUserInput: both `first` and `last`, a size outside 0 to 100, or an invalid cursor.
    """
    if first is not None and last is not None:
        raise BadUserInput("Give either first or last, not both.")
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= PAGE_MAX:
            raise BadUserInput(f"{name} must be between 0 and {PAGE_MAX}.")
    limit = first if first is not None else last if last is not None else PAGE_DEFAULT
    return PageRequest(
        filter=filter,
        order=order,
        limit=limit,
        backward=last is not None,
        after=None if after is None else _decode("after", after, order.field),
        before=None if before is None else _decode("before", before, order.field),
    )


def position(upload: Upload, field: OrderField) -> Position:
    """Return the position of an upload when sorted by `field`."""
    if field is OrderField.FILENAME:
        return Position(fold(upload.filename), upload.id)
    if field is OrderField.SIZE:
        return Position(upload.size_bytes, upload.id)
    return Position(None, upload.id)


def cursor(upload: Upload, field: OrderField) -> str:
    """Return the opaque cursor of an upload when sorted by `field`."""
    return cursor_at(position(upload, field), field)


def cursor_at(position: Position, field: OrderField) -> str:
    """Return the opaque cursor of a position in a list that is sorted by `field`."""
    # The compact JSON of [field, value, id]. A page has a cursor for each upload, and an encoder
    # takes longer than everything else here, so it encodes only names.
    value: object = "null"
    if field is OrderField.FILENAME:
        value = json.dumps(position.value, ensure_ascii=False)
    elif field is OrderField.SIZE:
        value = position.value
    data = f'["{field.value}",{value},"{position.id}"]'
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def _decode(argument: str, text: str, field: OrderField) -> Position:
    """Return the position that a cursor encodes. Clients can forge cursors: trust nothing."""
    invalid = BadUserInput(
        f"{argument} is not a cursor of this list. Use one from pageInfo or edges."
    )
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        of_field, value, id_ = json.loads(data)
        str(value).encode()  # The store does not accept unpaired surrogates.
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid from error
    if of_field != field.value:
        raise BadUserInput(
            f"{argument} is a cursor of a list in another order than {field.value}. "
            "Use the same orderBy as for the page that the cursor came from."
        )
    kind = {OrderField.CREATED_AT: type(None), OrderField.FILENAME: str, OrderField.SIZE: int}[
        field
    ]
    if type(value) is not kind or not isinstance(id_, str) or not is_id(id_):
        raise invalid
    if isinstance(value, int) and not 0 <= value < 2**53:
        raise invalid
    return Position(value, id_)


def checked_filter(
    *,
    status: Sequence[UploadStatus] | None = None,
    content_type: str | None = None,
    search: str | None = None,
    tags: Sequence[str] | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    trashed: bool = False,
) -> Filter:
    """Return the validated filter; an empty text or list means no condition.

    Raises:
        BadUserInput: a content type that is neither a media type nor a range, or text that is
            too long.
    """
    media_range = None
    if content_type is not None:
        exact = media_types.parse(content_type)
        media_range = media_types.essence(exact) if exact else media_types.parse_range(content_type)
        if media_range is None:
            raise BadUserInput(
                "filter.contentType must be a media type or a range such as image/*."
            )
    if search and (problem := flaw(search, FILENAME_MAX_LENGTH)):
        raise BadUserInput(f"filter.search {problem}.")
    if len(tags or ()) > TAGS_MAX:
        raise BadUserInput(f"filter.tags has more than {TAGS_MAX} tags.")
    for tag in tags or ():
        if problem := flaw(tag, TAG_MAX_LENGTH):
            raise BadUserInput(f"A tag of filter.tags {problem}.")
    return Filter(
        status=tuple(dict.fromkeys(status or ())) or None,
        content_type=None if media_range == "*/*" else media_range,
        search=search or None,
        tags=tuple(dict.fromkeys(compose(tag.strip()) for tag in tags or ())),
        created_after=created_after,
        created_before=created_before,
        trashed=trashed,
    )
