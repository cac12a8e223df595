from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gql_api.domain.ids import first_id, is_id, new_id
from tests.random_work import examples

MOMENT = datetime(2030, 1, 31, 12, 0, 0, 123_456, tzinfo=UTC)
moments = st.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)
)


@examples(60)
@given(moments)
def test_an_id_is_a_version_7_uuid_of_its_time(at: datetime) -> None:
    text = new_id(at)
    parsed = uuid.UUID(text)
    assert str(parsed) == text
    assert is_id(text)
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122
    elapsed = timedelta(milliseconds=parsed.int >> 80)
    assert (
        timedelta(0) <= at - datetime(1970, 1, 1, tzinfo=UTC) - elapsed < timedelta(milliseconds=1)
    )


@examples(60)
@given(st.lists(moments, min_size=2, unique=True))
def test_ids_sort_by_time(times: list[datetime]) -> None:
    by_millisecond = {
        at.replace(microsecond=at.microsecond // 1000 * 1000): new_id(at) for at in times
    }
    assert sorted(by_millisecond.values()) == [by_millisecond[at] for at in sorted(by_millisecond)]


def test_ids_of_one_millisecond_keep_their_order() -> None:
    ids = [new_id(MOMENT) for _ in range(10_000)]
    assert ids == sorted(set(ids))


def test_threads_never_get_the_same_id() -> None:
    def some(_: int) -> list[str]:
        return [new_id(MOMENT) for _ in range(2000)]

    with ThreadPoolExecutor(8) as threads:
        by_thread = list(threads.map(some, range(8)))
    assert len({id_ for ids in by_thread for id_ in ids}) == 8 * 2000
    for ids in by_thread:
        assert ids == sorted(ids)


@examples(60)
@given(moments, st.timedeltas(timedelta(milliseconds=1), timedelta(days=1)))
def test_the_first_id_of_a_time_bounds_all_others(at: datetime, gap: timedelta) -> None:
    bound = first_id(at)
    assert is_id(bound)
    assert new_id(at - gap) < bound <= new_id(at)


def test_times_before_1970_have_ids_too() -> None:
    assert is_id(new_id(datetime(1, 1, 1, tzinfo=UTC)))
    assert first_id(datetime(1, 1, 1, tzinfo=UTC)) == "00000000-0000-7000-8000-000000000000"


def test_other_text_is_no_id() -> None:
    good = new_id(MOMENT)
    for bad in (
        *("", " " + good, good + "\n", good.upper(), good.replace("-", ""), good[:-1], good + "0"),
        *(f"{{{good}}}", str(uuid.uuid4()), "0" * 36, "²" + good[1:]),
    ):
        assert not is_id(bad), bad
