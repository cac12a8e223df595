"""Lists of uploads as MongoDB queries, and the indexes that serve them.

Every query begins with the owner, so each index does. The id, which sorts by time of creation,
comes next to what the index is for: it gives the order by creation, and decides between equal names
or sizes. Behind it stand the fields that searches read from the index alone.
"""

from __future__ import annotations

import re
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import to_upload
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
LIST_INDEXES = [IndexModel([(name, ASCENDING) for name in names]) for names in _KEYS]


class MongoListing:
    """`UploadListing`."""

    def __init__(self, database: Database, usage: MongoUsage) -> None:
        self._uploads = database["uploads"]
        self._usage = usage

    async def page(self, owner_id: str, request: PageRequest) -> Page:
        """See `UploadListing.page`. One extra row is read to learn whether more follow."""
        query, sort = page_query(owner_id, request)
        hint = search_hint(request.filter, request.order)
        found = self._uploads.find(query, hint=hint).sort(sort).limit(request.limit + 1)
        uploads = [to_upload(document) async for document in found]
        more = len(uploads) > request.limit
        uploads = uploads[: request.limit]
        return Page(request, uploads[::-1] if request.backward else uploads, more)

    async def count(self, owner_id: str, filter: Filter) -> int:
        """See `UploadListing.count`. Without a filter, the owner's books hold the number."""
        if filter == Filter():
            visible = await self._usage.visible(owner_id)
            if visible is not None:
                return visible
        query, hint = count_query(owner_id, filter), search_hint(filter, Order())
        if hint is not None:
            return await self._uploads.count_documents(query, hint=hint)
        return await self._uploads.count_documents(query)


def filter_query(owner_id: str, filter: Filter) -> Document:
    """The query for all of the owner's uploads that the filter lets through."""
    query: Document = {"owner": owner_id, "status": {"$ne": UploadStatus.DELETED.value}}
    if filter.status is not None:
        query["status"] = {"$in": [status.value for status in filter.status]}
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
    """As `filter_query`; without a filter, a query that an index alone can answer.

    "Not DELETED" would have the server read each record, which takes twice as long.
    """
    query = filter_query(owner_id, filter)
    if filter == Filter():
        query["status"] = {"$in": [status.value for status in UploadStatus if status.visible]}
    return query


def search_hint(filter: Filter, order: Order) -> dict[str, int] | None:
    """The index for a search; None where the server is to choose.

    To choose, it tries all indexes side by side until one has found 101 rows. Of a name that is
    hardly there none does, and each reads up to 29 % of the collection before one of them goes on
    alone: with a million records that took longer than a request may. In the index of the order it
    looks at the names without reading records. A tag lets few enough through to read those, and
    whether to sort them is the server's choice, which ends once it has read them all.
    """
    if filter.search is None or (filter.tags and order.field is not OrderField.CREATED_AT):
        return None
    names = _TAGS_INDEX if filter.tags else _ORDER_INDEXES[order.field]
    return dict.fromkeys(names, ASCENDING)


def page_query(owner_id: str, request: PageRequest) -> tuple[Document, Sort]:
    """The query for the rows between the request's positions, and the order to read them in.

    Where the order is by another field than the id, "beyond a position" is two ranges: a further
    value, or the same value and a further id. They are written as branches of one `$or` at the
    root, each with all conditions, so that each is one tight range of an index and the server
    merges them in order: with a thousand equal names a page is as cheap as with none.
    """
    base = filter_query(owner_id, request.filter)
    branches: list[list[Document]] = [[base]]
    for position, is_after in ((request.after, True), (request.before, False)):
        if position is not None:
            beyond = _beyond(position, request.order, is_after)
            branches = [[*branch, *more] for branch in branches for more in beyond]
    queries = [branch[0] if len(branch) == 1 else {"$and": branch} for branch in branches]
    query = queries[0] if len(queries) == 1 else {"$or": queries}
    return query, _sort(request)


def _beyond(position: Position, order: Order, is_after: bool) -> list[list[Document]]:
    """The ranges that lie after (or before) the position in the order."""
    operator = "$lt" if order.descending == is_after else "$gt"
    further_id = {"_id": {operator: position.id}}
    name = _ORDER_FIELDS.get(order.field)
    if name is None:
        return [[further_id]]
    return [[{name: {operator: position.value}}], [{name: position.value}, further_id]]


def _sort(request: PageRequest) -> Sort:
    """Backward pages are read from their far end.

    By time of creation, the owner is in the sort, though there is only one: else the index over
    ids alone, in which his records lie among all others', would do for it, and the server takes
    that where a trial costs no more. Several states are the exception: the server merges their
    ranges in order only where the sort is what is left of the index after them.
    """
    direction = DESCENDING if request.order.descending != request.backward else ASCENDING
    name = _ORDER_FIELDS.get(request.order.field)
    if name is None and len(request.filter.status or ()) < 2:
        name = "owner"
    return [*([(name, direction)] if name else []), ("_id", direction)]
