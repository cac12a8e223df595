from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gql_api.domain.parts import (
    GIB,
    MAX_OBJECT_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MIB,
    PartPlan,
    plan_parts,
)
from tests.random_work import examples

SINGLE = 16 * MIB
# Uniform over magnitudes; uniform over all sizes, nearly all would be huge.
sizes = st.integers(0, 45).flatmap(
    lambda bits: st.integers(2**bits - 1, min(2 ** (bits + 1), MAX_OBJECT_BYTES))
)
singles = st.integers(1, MAX_PART_BYTES)


@examples(100)
@given(sizes, st.one_of(st.just(SINGLE), st.just(0), singles))
@example(MAX_OBJECT_BYTES, SINGLE)
@example(500 * GIB, SINGLE)
@example(500 * GIB + 1, SINGLE)
@example(5 * MIB + 1, 5 * MIB)
@example(0, 0)
@example(1, 0)
def test_the_parts_are_the_file_and_keep_to_the_limits(size: int, single: int) -> None:
    plan = plan_parts(size, single)
    assert plan.size_bytes == size
    assert 1 <= plan.count <= MAX_PARTS
    assert plan.part_bytes <= MAX_PART_BYTES
    # Each part starts where the previous one ends; all but the last have the same size.
    last = plan.count
    for number in {1, 2, last // 2, last - 1} & set(range(1, last)):
        assert plan.size(number) == plan.part_bytes
        assert plan.offset(number + 1) == plan.offset(number) + plan.size(number)
    assert plan.offset(1) == 0
    assert plan.offset(last) + plan.size(last) == size
    assert 0 < plan.size(last) <= plan.part_bytes or size == 0
    if plan.multipart:
        assert plan.part_bytes >= 8 * MIB
        assert plan.part_bytes % MIB == 0
        if plan.part_bytes > 512 * MIB:
            assert size > MAX_PARTS * 512 * MIB
        elif plan.count > 1000:
            assert plan.part_bytes == 512 * MIB
    else:
        assert plan.count == 1


@examples(60)
@given(singles, st.data())
def test_one_plain_put_up_to_the_limit(single: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, single))
    assert plan_parts(size, single) == PartPlan(size, size, multipart=False)
    assert plan_parts(single + 1, single).multipart


@pytest.mark.parametrize("size", [0, 1, 16 * MIB, 16 * MIB + 1])
def test_no_plain_put_if_the_limit_is_zero(size: int) -> None:
    plan = plan_parts(size, 0)
    assert (plan.multipart, plan.count) == (True, 2 if size > 16 * MIB else 1)


@pytest.mark.parametrize(
    ("size", "count", "part_bytes"),
    [
        (0, 1, 0),
        (1, 1, 1),
        (16 * MIB, 1, 16 * MIB),
        (16 * MIB + 1, 2, 9 * MIB),
        (300 * MIB, 19, 16 * MIB),
        (512 * MIB, 32, 16 * MIB),
        (512 * MIB + 1, 31, 17 * MIB),
        (GIB, 32, 32 * MIB),
        (GIB + 1, 33, 32 * MIB),
        (32_000 * MIB, 1000, 32 * MIB),
        (32_000 * MIB + 1, 970, 33 * MIB),
        (500_000 * MIB, 1000, 500 * MIB),
        (512_000 * MIB, 1000, 512 * MIB),
        (512_000 * MIB + 1, 1001, 512 * MIB),
        (5_120_000 * MIB, 10_000, 512 * MIB),
        (5_120_000 * MIB + 1, 9981, 513 * MIB),
        (MAX_OBJECT_BYTES, 10_000, 5 * GIB),
    ],
)
def test_plans(size: int, count: int, part_bytes: int) -> None:
    plan = plan_parts(size, SINGLE)
    assert (plan.count, plan.part_bytes) == (count, part_bytes)
    assert plan.multipart == (size > SINGLE)


def test_the_largest_object_is_48_8_tib() -> None:
    assert round(MAX_OBJECT_BYTES / (1024 * GIB), 1) == 48.8
