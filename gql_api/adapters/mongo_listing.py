"""Lists of uploads as MongoDB queries, and the indexes that serve them.

Every query begins with the owner, so each index does. The id, which sorts by time of creation,
comes last in each: it gives the order by creation, and decides between equal names or sizes.
"""

from __future__ import annotations

import re
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from gql_api.domain.ids import first_id
from gql_api.domain.listing import Filter, Order, OrderField, PageRequest, Position
from gql_api.domain.text import fold
from gql_api.domain.uploads import UploadStatus

Document = dict[str, Any]
Sort = list[tuple[str, int]]

_ORDER_FIELDS = {OrderField.FILENAME: "filename_folded", OrderField.SIZE: "size"}

LIST_INDEXES = [
    IndexModel([("owner", ASCENDING), *((name, ASCENDING) for name in names), ("_id", ASCENDING)])
    for names in ((), ("status",), ("media_type",), ("media_kind",), ("tags",), ("size",))
] + [IndexModel([("owner", ASCENDING), ("filename_folded", ASCENDING), ("_id", ASCENDING)])]


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
