from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gql_api.domain.errors import BadUserInput
from gql_api.domain.listing import (
    PAGE_DEFAULT,
    PAGE_MAX,
    Filter,
    Order,
    OrderField,
    PageRequest,
    Position,
    checked_filter,
    cursor,
    page_request,
    position,
)
from gql_api.domain.text import FILENAME_MAX_LENGTH, TAG_MAX_LENGTH, TAGS_MAX, fold
from gql_api.domain.uploads import UploadStatus
from tests.random_work import examples
from tests.upload_records import NOW, an_upload

# Fixed: it is part of test names, which must be the same in all pytest workers.
ID = "01b977d7-aa7b-724c-8670-3640a645ce4c"
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
fields = st.sampled_from(OrderField)


def encoded(data: Any) -> str:
    """Return a forged cursor that contains `data`."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def request(field: OrderField, after: str | None = None, before: str | None = None) -> PageRequest:
    return page_request(Filter(), Order(field), None, after, None, before)


@examples(60)
@given(names.filter(str.strip), st.integers(0, 2**53 - 1), fields)
@example("ﷺ" * 255, 0, OrderField.FILENAME)
def test_a_cursor_leads_back_to_its_row(name: str, size: int, field: OrderField) -> None:
    upload = an_upload(filename=name[:255], size_bytes=min(size, 2**40))
    at = position(upload, field)
    text = cursor(upload, field)
    data = json.dumps([field.value, at.value, at.id], ensure_ascii=False, separators=(",", ":"))
    assert text == base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")
    assert text.isascii()
    assert "=" not in text
    assert request(field, after=text).after == at
    assert request(field, before=text).before == at


def test_positions() -> None:
    upload = an_upload(filename="STRASSE", size_bytes=7)
    assert position(upload, OrderField.CREATED_AT) == Position(None, upload.id)
    assert position(upload, OrderField.FILENAME) == Position("strasse", upload.id)
    assert position(upload, OrderField.SIZE) == Position(7, upload.id)


BROKEN: dict[OrderField, list[Any]] = {
    OrderField.CREATED_AT: ["", 0, False, [], {}, {"$gt": ""}, 1e9],
    OrderField.FILENAME: [None, 0, True, ["a"], {"$gt": ""}, "\ud800"],
    OrderField.SIZE: [
        *(None, "1", True, False, 1.0, [1], {"$gt": 0}),
        *(-1, 2**53, 2**63, 10**4000, float("nan")),
    ],
}


@pytest.mark.parametrize("field", OrderField)
def test_a_cursor_with_another_value_is_refused(field: OrderField) -> None:
    for value in BROKEN[field]:
        with pytest.raises(BadUserInput, match="after is not a cursor of this list"):
            request(field, after=encoded([field.value, value, ID]))


@pytest.mark.parametrize(
    "id_", [None, 1, True, "", ID.upper(), ID + "\n", [ID], {"$gt": ID}, "\ud800"]
)
@pytest.mark.parametrize(
    ("field", "value"),
    [(OrderField.CREATED_AT, None), (OrderField.FILENAME, "a"), (OrderField.SIZE, 1)],
)
def test_a_cursor_with_another_id_is_refused(field: OrderField, value: Any, id_: Any) -> None:
    request(field, before=encoded([field.value, value, ID]))
    with pytest.raises(BadUserInput, match="before is not a cursor of this list"):
        request(field, before=encoded([field.value, value, id_]))


NO_POSITIONS: list[Any] = [None, 1, "abc", [], ["SIZE", 1], ["SIZE", 1, ID, 2], {}]


@pytest.mark.parametrize(
    "text",
    [
        *("", "=", "null", "%%%", "é", "\ud800", "a" * 100_000, ID),
        *map(encoded, NO_POSITIONS),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b'["SIZE",' + b"9" * 10_000 + b',"x"]').decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
    ids=range(18),
)
def test_other_text_is_no_cursor(text: str) -> None:
    for field in OrderField:
        with pytest.raises(BadUserInput):
            request(field, after=text)


@pytest.mark.parametrize("field", OrderField)
@pytest.mark.parametrize("other", OrderField)
def test_a_cursor_of_another_order_is_refused(field: OrderField, other: OrderField) -> None:
    text = cursor(an_upload(), other)
    if field is other:
        request(field, after=text)
    else:
        with pytest.raises(BadUserInput, match="another order"):
            request(field, after=text)


@examples(60)
@given(names.filter(str.strip), fields, st.data())
def test_part_of_a_cursor_is_refused(name: str, field: OrderField, data: st.DataObject) -> None:
    text = cursor(an_upload(filename=name[:255]), field)
    length = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(BadUserInput):
        request(field, after=text[:length])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@examples(100)
@given(
    st.one_of(
        st.text(st.characters()),
        st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode()),
        json_values.map(encoded),
        st.tuples(st.sampled_from([f.value for f in OrderField]), json_values, st.just(ID)).map(
            encoded
        ),
    ),
    fields,
)
def test_whatever_comes_is_a_storable_position_or_refused(text: str, field: OrderField) -> None:
    try:
        at = request(field, after=text).after
    except BadUserInput:
        return
    assert at is not None
    assert at.id == ID
    match field, at.value:
        case OrderField.FILENAME, str(value):
            value.encode()
        case OrderField.SIZE, int(value):
            assert 0 <= value < 2**53
        case other:
            assert other == (OrderField.CREATED_AT, None)


@pytest.mark.parametrize(
    ("first", "last", "limit", "backward"),
    [
        (None, None, PAGE_DEFAULT, False),
        (0, None, 0, False),
        (PAGE_MAX, None, PAGE_MAX, False),
        (None, 0, 0, True),
        (None, PAGE_MAX, PAGE_MAX, True),
    ],
)
def test_page_sizes(first: int | None, last: int | None, limit: int, backward: bool) -> None:
    page = page_request(Filter(), Order(), first, None, last, None)
    assert page == PageRequest(Filter(), Order(), limit, backward)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (-1, None, "first must be between 0 and 100"),
        (101, None, "first must be between 0 and 100"),
        (None, -1, "last must be between 0 and 100"),
        (None, 2**31 - 1, "last must be between 0 and 100"),
        (1, 1, "either first or last"),
        (0, 0, "either first or last"),
    ],
)
def test_page_sizes_that_are_refused(first: int | None, last: int | None, message: str) -> None:
    with pytest.raises(BadUserInput, match=message):
        page_request(Filter(), Order(), first, None, last, None)


def test_nothing_is_no_condition() -> None:
    assert checked_filter() == Filter()
    assert checked_filter(status=[], search="", tags=[], content_type="*/*") == Filter()


def test_filters() -> None:
    later = NOW + timedelta(days=1)
    assert checked_filter(
        status=[UploadStatus.STORED, UploadStatus.PENDING, UploadStatus.STORED],
        content_type="Text/HTML; charset=utf-8",
        search=" Ä",
        tags=[" a", "b", "a"],
        created_after=NOW,
        created_before=later,
    ) == Filter(
        status=(UploadStatus.STORED, UploadStatus.PENDING),
        content_type="text/html",
        search=" Ä",
        tags=("a", "b"),
        created_after=NOW,
        created_before=later,
    )
    assert checked_filter(content_type="Image/*").content_type == "image/*"


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("content_type", "", "filter.contentType must be"),
        ("content_type", "image", "filter.contentType must be"),
        ("content_type", "*/png", "filter.contentType must be"),
        ("content_type", "image/png\n", "filter.contentType must be"),
        ("search", "\0", "filter.search must not contain"),
        ("search", "\ud800", "filter.search contains an unpaired surrogate"),
        ("search", "x" * (FILENAME_MAX_LENGTH + 1), "filter.search has"),
        ("tags", [""], "A tag of filter.tags must not be empty"),
        ("tags", ["a", "b\0"], "A tag of filter.tags must not contain"),
        ("tags", ["x" * (TAG_MAX_LENGTH + 1)], "A tag of filter.tags has"),
        ("tags", [str(n) for n in range(TAGS_MAX + 1)], "filter.tags has more than 50 tags"),
    ],
)
def test_filters_that_are_refused(argument: str, value: Any, message: str) -> None:
    with pytest.raises(BadUserInput, match=message):
        checked_filter(**{argument: value})


def test_the_longest_search_fits_into_a_pattern() -> None:
    """MongoDB accepts patterns of up to 32,764 bytes.

    Folding turns one character into up to 18, and escaping adds a backslash to each.
    """
    worst = fold("ﷺ" * FILENAME_MAX_LENGTH)
    assert len(worst.encode()) * 2 < 32_764
