"""Lists of uploads, compared with filtering and sorting in Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import combinations, product
from typing import Any

import pytest

from gql_api.adapters.mongo import listing
from gql_api.adapters.mongo.database import Database
from gql_api.domain.ids import new_id
from gql_api.domain.listing import (
    Filter,
    Order,
    OrderField,
    Page,
    PageRequest,
    Position,
    checked_filter,
    position,
)
from gql_api.domain.text import FILENAME_MAX_LENGTH, fold
from gql_api.domain.uploads import Upload, UploadStatus
from tests.upload_records import (
    NOW,
    OWNER,
    Stores,
    an_upload,
    insert_records,
)

OTHER = new_id(NOW)
SPAN_SECONDS = 10_000
LATE = NOW + timedelta(seconds=SPAN_SECONDS * 0.7)
EARLY = NOW + timedelta(seconds=SPAN_SECONDS * 0.2)
ORDERS = [Order(*each) for each in product(OrderField, (True, False))]

Matches = Callable[[Upload], bool]
# All filters of the API, each with some values and the equivalent in Python.
CONDITIONS: dict[str, list[tuple[Any, Matches]]] = {
    "status": [
        ([UploadStatus.STORED], lambda u: u.status is UploadStatus.STORED),
        ([UploadStatus.REJECTED], lambda u: u.status is UploadStatus.REJECTED),
        (
            [UploadStatus.PENDING, UploadStatus.EXPIRED],
            lambda u: u.status in (UploadStatus.PENDING, UploadStatus.EXPIRED),
        ),
    ],
    "trashed": [(True, lambda u: u.status is UploadStatus.TRASHED)],
    "content_type": [
        ("text/plain", lambda u: u.content_type.split(";")[0] == "text/plain"),
        ("image/*", lambda u: u.content_type.startswith("image/")),
    ],
    "search": [("STRASSE 1", lambda u: "strasse 1" in fold(u.filename))],
    "tags": [
        (["a"], lambda u: "a" in u.tags),
        (["b", "a"], lambda u: {"a", "b"} <= set(u.tags)),
        (["none"], lambda u: False),
    ],
    "created_after": [(EARLY, lambda u: u.created_at >= EARLY)],
    "created_before": [(LATE, lambda u: u.created_at < LATE)],
}


def some_uploads(count: int, owner_id: str, chance: random.Random) -> list[Upload]:
    """Return varied uploads; many have equal names or sizes, or the same creation millisecond."""
    uploads = []
    for _ in range(count):
        at = NOW + timedelta(milliseconds=10 * chance.randrange(100 * SPAN_SECONDS))
        name = chance.choice(("report.pdf", "Straße {}", "IMG_{:03}.JPG", "🌊 {}", "Ａ{}"))
        upload = an_upload(
            owner_id,
            LATE if chance.random() < 0.02 else EARLY if chance.random() < 0.02 else at,
            filename=name.format(chance.randrange(200)),
            content_type=chance.choice(
                ("image/png", "image/jpeg", "video/mp4", "text/plain; charset=utf-8", "text/plain")
            ),
            size_bytes=chance.choice((0, 1, 1000, chance.randrange(10**12))),
            tags=tuple(chance.sample(("a", "b", "c", "d"), chance.randrange(4))),
        )
        [status] = chance.choices(list(UploadStatus), (20, 56, 4, 2, 6, 6, 6))
        uploads.append(upload._replace(status=status))
    return uploads


def all_filters() -> list[tuple[Filter, list[Matches]]]:
    """Return filters with no condition, with each condition, and with each pair of kinds."""
    single = [(name, *case) for name, cases in CONDITIONS.items() for case in cases]
    firsts = [(name, *cases[0]) for name, cases in CONDITIONS.items()]
    chosen: list[Sequence[tuple[str, Any, Matches]]] = [
        (),
        *((one,) for one in single),
        *combinations(firsts, 2),
    ]
    return [
        (checked_filter(**{name: value for name, value, _ in each}), [m for *_, m in each])
        for each in chosen
    ]


def in_order(uploads: Iterable[Upload], order: Order) -> list[Upload]:
    def key(upload: Upload) -> Any:
        return {
            OrderField.CREATED_AT: (upload.id,),
            OrderField.FILENAME: (fold(upload.filename), upload.id),
            OrderField.SIZE: (upload.size_bytes, upload.id),
        }[order.field]

    return sorted(uploads, key=key, reverse=order.descending)


def expected(uploads: Iterable[Upload], matches: list[Matches], order: Order) -> list[Upload]:
    trash = CONDITIONS["trashed"][0][1]
    mine = (
        u
        for u in uploads
        if u.owner_id == OWNER and (trash(u) if trash in matches else u.status.visible)
    )
    # Uploads in the trash count as STORED for the filter by status.
    found = [u for u in mine if all(match(_as_seen(u)) for match in matches if match is not trash)]
    return in_order(found, order)


def _as_seen(upload: Upload) -> Upload:
    return upload._replace(status=UploadStatus.STORED) if upload.status.stored else upload


def ids(uploads: Iterable[Upload]) -> list[str]:
    return [upload.id for upload in uploads]


def next_request(page: Page) -> PageRequest:
    request, (start, end) = page.request, page.ends
    return request._replace(before=start) if request.backward else request._replace(after=end)


async def walk(stores: Stores, request: PageRequest) -> list[Page]:
    """Return all pages from one end of the list to the other."""
    pages = [await stores.listing.page(OWNER, request)]
    while pages[-1].more:
        pages.append(await stores.listing.page(OWNER, next_request(pages[-1])))
    return pages


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20300131)


@pytest.mark.parametrize("order", ORDERS)
async def test_pages_put_together_are_the_list(
    database: Database, chance: random.Random, order: Order
) -> None:
    uploads = some_uploads(250, OWNER, chance) + some_uploads(50, OTHER, chance)
    await insert_records(database, uploads)
    stores = Stores(database)
    for filter, matches in all_filters():
        whole = ids(expected(uploads, matches, order))
        for backward in (False, True):
            limit = chance.choice((9, 25, 60, 100, len(whole) or 1, len(whole) + 1))
            pages = await walk(stores, PageRequest(filter, order, limit, backward))
            parts = [ids(page.uploads) for page in (reversed(pages) if backward else pages)]
            assert [id_ for part in parts for id_ in part] == whole, (filter, order, backward)
            assert all(len(page.uploads) == limit for page in pages[:-1])
        assert await stores.listing.count(OWNER, filter) == len(whole)


async def test_a_page_lies_between_its_positions(database: Database, chance: random.Random) -> None:
    uploads = some_uploads(200, OWNER, chance)
    await insert_records(database, uploads)
    stores = Stores(database)
    for order, backward in product(ORDERS * 4, (False, True)):
        filter, matches = chance.choice(all_filters())
        rows = expected(uploads, matches, order)
        # The positions are those of arbitrary rows, including rows that do not match the filter,
        # and they may be in reverse order.
        everything = in_order(uploads, order)
        one, two = (chance.randrange(len(everything)) for _ in range(2))
        wanted = [u for u in rows if u in everything[one + 1 : two]]
        for limit in (0, 1, len(wanted), len(wanted) + 1):
            request = PageRequest(
                filter,
                order,
                limit,
                backward,
                after=position(everything[one], order.field),
                before=position(everything[two], order.field),
            )
            page = await stores.listing.page(OWNER, request)
            cut = wanted[max(0, len(wanted) - limit) :] if backward else wanted[:limit]
            assert ids(page.uploads) == ids(cut)
            assert page.more == (limit < len(wanted))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("backward", [False, True])
async def test_rows_that_are_added_meanwhile_shift_nothing(
    database: Database, chance: random.Random, order: Order, backward: bool
) -> None:
    uploads = some_uploads(60, OWNER, chance)
    await insert_records(database, uploads)
    stores = Stores(database)
    request = PageRequest(Filter(), order, 7, backward)
    seen: list[str] = []
    while True:
        page = await stores.listing.page(OWNER, request)
        seen = ids(page.uploads) + seen if backward else seen + ids(page.uploads)
        if not page.more:
            break
        request = next_request(page)
        # Some new rows adjoin the edge of the page, with the same name and size as the row there.
        edge = page.uploads[0 if backward else -1]
        twin = an_upload(filename=edge.filename, size_bytes=edge.size_bytes, at=edge.created_at)
        await insert_records(database, [twin, *some_uploads(1, OWNER, chance)])
        assert len(seen) < 300, "the list never ends"
    before = {upload.id for upload in uploads}
    assert len(seen) == len(set(seen))
    assert [id_ for id_ in seen if id_ in before] == ids(expected(uploads, [], order))


async def test_a_search_is_no_pattern(database: Database) -> None:
    names = ["a.c", "abc", "a*c", "(", "[x]\\", "a|b", "x^$", "Ünïcode #1 & ~", "a\nb"]
    uploads = [an_upload(filename=name) for name in names]
    await insert_records(database, uploads)
    stores = Stores(database)
    for upload in uploads:
        found = await stores.listing.page(
            OWNER, PageRequest(checked_filter(search=upload.filename.upper()), Order(), 10)
        )
        assert ids(found.uploads) == [upload.id]


@pytest.mark.parametrize("order", ORDERS)
async def test_searches_that_stop_put_together_are_the_list(
    database: Database, chance: random.Random, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCH_STRETCHES", (3, 5))
    uploads = some_uploads(120, OWNER, chance) + some_uploads(30, OTHER, chance)
    await insert_records(database, uploads)
    stores = Stores(database)
    matches: list[Matches] = [lambda u: "1" in fold(u.filename), lambda u: "a" in u.tags]
    for filter, count in (
        (checked_filter(search="1"), 1),
        (checked_filter(search="1", tags="a"), 2),
    ):
        whole = ids(expected(uploads, matches[:count], order))
        for limit, backward in product((1, 4, 100), (False, True)):
            pages = await walk(stores, PageRequest(filter, order, limit, backward))
            parts = [ids(page.uploads) for page in (reversed(pages) if backward else pages)]
            assert [id_ for part in parts for id_ in part] == whole
            assert max(map(len, parts)) <= limit
            assert len(pages) >= 120 // 8


async def test_a_search_that_stops_says_where(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCH_STRETCHES", (3, 5))
    uploads = [an_upload(filename=f"{number:02}") for number in range(20)]
    await insert_records(database, uploads)
    stores = Stores(database)

    def request(search: str, limit: int = 10) -> PageRequest:
        return PageRequest(checked_filter(search=search), Order(descending=False), limit)

    found = await stores.listing.page(OWNER, request("1"))
    assert ([upload.filename for upload in found.uploads], found.more) == (["01"], True)
    assert found.stopped_at == Position(None, uploads[7].id)
    assert found.ends == (Position(None, uploads[1].id), Position(None, uploads[7].id))
    nothing = await stores.listing.page(OWNER, request("x"))
    assert (list(nothing.uploads), nothing.ends) == ([], (None, Position(None, uploads[7].id)))
    full = await stores.listing.page(OWNER, request("0", 4))
    assert (len(full.uploads), full.more, full.stopped_at) == (4, True, None)
    rest = request("x")._replace(after=Position(None, uploads[11].id))
    last = await stores.listing.page(OWNER, rest)
    assert (list(last.uploads), last.more, last.stopped_at) == ([], False, None)


@pytest.mark.parametrize("character", ["ﷺ", "🌊", ".", " "])
async def test_the_longest_search(database: Database, character: str) -> None:
    search = "x" + character * (FILENAME_MAX_LENGTH - 1)
    upload = an_upload(filename=search)
    await insert_records(database, [upload, an_upload(filename=character + "x")])
    assert await Stores(database).listing.count(OWNER, checked_filter(search=search)) == 1
