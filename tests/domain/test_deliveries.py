from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from gql_api.domain.deliveries import GIVEN_UP_AFTER, pause


def test_pauses_grow_up_to_an_hour() -> None:
    pauses = [pause(attempts, None, 0.5) for attempts in range(1, 100)]
    assert all(earlier <= later for earlier, later in pairwise(pauses))
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(hours=1))
    assert timedelta(days=3) == GIVEN_UP_AFTER


@pytest.mark.parametrize(
    ("asked", "given"),
    [(None, 5), (-60, 5), (4, 5), (6, 6), (3600, 3600), (3601, 3600), (10**9, 3600)],
)
def test_a_receiver_can_make_a_pause_longer(asked: int | None, given: int) -> None:
    wish = None if asked is None else timedelta(seconds=asked)
    assert pause(1, wish, 0.5) == timedelta(seconds=given)
