"""Queries for lists of uploads, and the indexes that serve them.

Every query names the owner, so every index starts with the owner. Next comes the field that the
index serves, then the id, which sorts by creation time and breaks ties between equal names or
sizes. The last fields let a search read the index instead of the records.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pymongo import ASCENDING, DESCENDING, IndexModel

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import LIST_FIELDS, to_upload
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.ids import first_id
from gql_api.domain.listing import Filter, Order, OrderField, Page, PageRequest, Position
from gql_api.domain.text import fold
from gql_api.domain.uploads import UploadStatus

Document = dict[str, Any]
Sort = list[tuple[str, int]]

_ORDER_FIELDS = {OrderField.FILENAME: "filename_folded", OrderField.SIZE: "size"}

_ORDER_INDEXES = {
    OrderField.CREATED_AT: ("owner", "_id", "filename_folded", "status"),
    OrderField.FILENAME: ("owner", "filename_folded", "_id"),
    OrderField.SIZE: ("owner", "size", "_id", "filename_folded", "status"),
}
_TAGS_INDEX = ("owner", "tags", "_id")
_KEYS: list[tuple[str, ...]] = [
    *_ORDER_INDEXES.values(),
    _TAGS_INDEX,
    ("owner", "media_type", "_id"),
    ("owner", "media_kind", "_id"),
]
# The lengths of the stretches of the list that a search looks at, one after another, until the page
# is full. Most searches find enough in the first one. All together take about 0.1 s.
SEARCH_STRETCHES = (1_000, 9_000, 90_000)

_INVISIBLE = [status.value for status in UploadStatus if not status.visible]
_PROJECTION = dict.fromkeys((*LIST_FIELDS, "outbox"), 0)
LIST_INDEXES = [IndexModel([(name, ASCENDING) for name in names]) for names in _KEYS]


class _End(NamedTuple):
    """The last row of a stretch, and the row after it."""

    last: Position
    next: Position


class MongoListing:
    """Implements `UploadListing`: pages and counts of one owner's uploads. It only reads."""

    def __init__(self, database: Database, usage: MongoUsage) -> None:
        self._uploads = database["uploads"]
        self._usage = usage

    async def page(self, owner_id: str, request: PageRequest) -> Page:
        """See `UploadListing.page`. It reads one extra row to know whether another page follows."""
        if request.filter.search is not None:
            return await self._search(owner_id, request)
        return _page(request, await self._rows(owner_id, request, request.limit + 1))

    async def _search(self, owner_id: str, request: PageRequest) -> Page:
        """Search one stretch of the list after another, until one extra row is found."""
        rows: list[Document] = []
        rest, stopped_at = request, None
        for length in SEARCH_STRETCHES:
            end = await self._end(owner_id, rest, length)
            stretch = rest if end is None else _before(rest, end.next)
            rows += await self._rows(owner_id, stretch, request.limit + 1 - len(rows))
            if end is None or len(rows) > request.limit:
                return _page(request, rows)
            rest, stopped_at = _after(rest, end.last), end.last
        return _page(request, rows)._replace(more=True, stopped_at=stopped_at)

    async def _rows(self, owner_id: str, request: PageRequest, limit: int) -> list[Document]:
        query, sort = page_query(owner_id, request)
        hint = search_hint(request.filter, request.order)
        return await self._uploads.find(
            query, _PROJECTION, sort=sort, limit=limit, hint=hint
        ).to_list()

    async def _end(self, owner_id: str, request: PageRequest, length: int) -> _End | None:
        """Return the end of a stretch of `length` rows; None if no row follows it."""
        query, sort = end_query(owner_id, request)
        field = request.order.field
        found = await self._uploads.find(
            query,
            end_projection(field),
            sort=sort,
            skip=length - 1,
            limit=2,
            hint=order_hint(field),
        ).to_list()
        if len(found) < 2:
            return None
        return _End(*(_position(row, field) for row in found))

    async def count(self, owner_id: str, filter: Filter) -> int:
        """See `UploadListing.count`. Without a filter, it reads the owner's usage."""
        if filter == Filter():
            visible = await self._usage.visible(owner_id)
            if visible is not None:
                return visible
        query, hint = count_query(owner_id, filter), search_hint(filter, Order())
        if hint is not None:
            return await self._uploads.count_documents(query, hint=hint)
        return await self._uploads.count_documents(query)


def filter_query(owner_id: str, filter: Filter) -> Document:
    """Return the query for the owner's uploads that match the filter."""
    query: Document = {"owner": owner_id, "status": {"$nin": _INVISIBLE}}
    if filter.statuses is not None:
        query["status"] = {"$in": [status.value for status in filter.statuses]}
    if filter.content_type is not None:
        kind, _, subtype = filter.content_type.partition("/")
        query |= {"media_kind": kind} if subtype == "*" else {"media_type": filter.content_type}
    if filter.search is not None:
        query["filename_folded"] = {"$regex": re.escape(fold(filter.search))}
    if filter.tags:
        query["tags"] = {"$all": list(filter.tags)}
    created: Document = {}
    if filter.created_after is not None:
        created["$gte"] = first_id(filter.created_after)
    if filter.created_before is not None:
        created["$lt"] = first_id(filter.created_before)
    return query | ({"_id": created} if created else {})


def count_query(owner_id: str, filter: Filter) -> Document:
    """Return the query for counting: as `filter_query`, but covered by an index if unfiltered.

    For "not invisible" the server would read every record, which takes twice as long.
    """
    query = filter_query(owner_id, filter)
    if filter == Filter():
        query["status"] = {"$in": [status.value for status in UploadStatus if status.visible]}
    return query


def search_hint(filter: Filter, order: Order) -> dict[str, int] | None:
    """Return the index to use for a search; None lets the server choose.

    To choose, the server runs all candidate indexes until one has found 101 rows. For a rare name
    none does, and each reads up to 29 % of the collection before the server settles on one; with
    a million records that exceeded the time limit of a request. The index of the sort order
    contains the names, so the server does not read records, except for those with a tag if the
    list is sorted by time: the index of tags has no names.
    """
    if filter.search is None:
        return None
    if filter.tags and order.field is OrderField.CREATED_AT:
        return dict.fromkeys(_TAGS_INDEX, ASCENDING)
    return order_hint(order.field)


def order_hint(field: OrderField) -> dict[str, int]:
    """Return the index of a sort order."""
    return dict.fromkeys(_ORDER_INDEXES[field], ASCENDING)


def page_query(owner_id: str, request: PageRequest) -> tuple[Document, Sort]:
    """Return the query for the rows between the request's positions, and its sort order.

    When the list is not sorted by id, "after a position" means two ranges: a later value, or the
    same value and a later id. They are the branches of one `$or` at the root, and each repeats all
    conditions. So each branch is one tight index range, and the server merges them in order: a
    page within a thousand equal names costs no more than any other.
    """
    base = filter_query(owner_id, request.filter)
    if request.order.field is OrderField.FILENAME:
        # Tombstones have no name, and their index entries come first: they are not read.
        base = {"filename_folded": {"$gte": ""}} | base
    return _between(base, request), _sort(request)


def end_query(owner_id: str, request: PageRequest) -> tuple[Document, Sort]:
    """Return the query for the end of a stretch, and its sort order.

    It matches all rows between the request's positions, also those that the search does not find.
    The index of the sort order covers it.
    """
    created = Filter(
        created_after=request.filter.created_after, created_before=request.filter.created_before
    )
    base = filter_query(owner_id, created)
    del base["status"]
    return _between(base, request), _sort(request._replace(filter=created))


def end_projection(field: OrderField) -> Document:
    """Return the projection of `end_query`: the fields of a position."""
    return {_ORDER_FIELDS.get(field, "_id"): 1}


def _between(base: Document, request: PageRequest) -> Document:
    branches: list[list[Document]] = [[base]]
    for position, is_after in ((request.after, True), (request.before, False)):
        if position is not None:
            beyond = _beyond(position, request.order, is_after)
            branches = [[*branch, *more] for branch in branches for more in beyond]
    queries = [branch[0] if len(branch) == 1 else {"$and": branch} for branch in branches]
    return queries[0] if len(queries) == 1 else {"$or": queries}


def _after(request: PageRequest, position: Position) -> PageRequest:
    """Return the request for the rows that are read after the position."""
    return (
        request._replace(before=position) if request.backward else request._replace(after=position)
    )


def _before(request: PageRequest, position: Position) -> PageRequest:
    """Return the request for the rows that are read before the position."""
    return (
        request._replace(after=position) if request.backward else request._replace(before=position)
    )


def _position(row: Document, field: OrderField) -> Position:
    name = _ORDER_FIELDS.get(field)
    return Position(row[name] if name else None, row["_id"])


def _page(request: PageRequest, rows: Sequence[Document]) -> Page:
    """Return the page of the rows, which are in the direction of reading."""
    uploads = [to_upload(row) for row in rows[: request.limit]]
    more = len(rows) > request.limit
    return Page(request, uploads[::-1] if request.backward else uploads, more)


def _beyond(position: Position, order: Order, is_after: bool) -> list[list[Document]]:
    """Return the ranges after (or before) the position in the sort order."""
    operator = "$lt" if order.descending == is_after else "$gt"
    further_id = {"_id": {operator: position.id}}
    name = _ORDER_FIELDS.get(order.field)
    if name is None:
        return [[further_id]]
    return [[{name: {operator: position.value}}], [{name: position.value}, further_id]]


def _sort(request: PageRequest) -> Sort:
    """Return the sort order. Backward pages are read in reverse.

    When sorting by creation time, the sort includes the owner, although all rows have the same
    one. Otherwise the server may choose the index over ids alone, which mixes the records of all
    users. The exception is a filter by several statuses: the server merges their ranges in order
    only if the sort consists of the index fields that follow the status.
    """
    direction = DESCENDING if request.order.descending != request.backward else ASCENDING
    name = _ORDER_FIELDS.get(request.order.field)
    if name is None and len(request.filter.statuses or ()) < 2:
        name = "owner"
    return [*([(name, direction)] if name else []), ("_id", direction)]
