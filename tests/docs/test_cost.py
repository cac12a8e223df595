"""docs/cost.md shows the tables of `benchmarks/cost.py`, and the model's key figures are right."""

from __future__ import annotations

import re

import pytest

from benchmarks.cost import (
    ALARMS,
    MEDIA_MEMORY_GB,
    PHOTO,
    VIDEO,
    Load,
    by_application_server,
    by_media_function,
    by_this_service,
    growing,
    tables,
    total,
)
from gql_api.domain.parts import GIB, MIB
from tests.docs.markdown import read

MILLION = 1_000_000


def test_the_tables_are_those_of_the_script() -> None:
    document = read("docs/cost.md")
    missing = [table for table in tables() if table not in document]

    assert missing == [], "Run `python -m benchmarks.cost` and copy its tables."


def test_every_alarm_of_the_template_is_counted() -> None:
    assert read("template.yaml").count("Type: AWS::CloudWatch::Alarm") == ALARMS


def test_the_media_function_is_billed_for_its_memory() -> None:
    [memory] = re.findall(r"MemorySize: (\d+)\n      Timeout: 180", read("template.yaml"))
    assert int(memory) / 1024 == MEDIA_MEMORY_GB


def test_a_photo_costs_less_than_a_video_and_both_less_than_a_hundredth_of_a_cent() -> None:
    photo, video = (total(by_media_function(MILLION, it)) / MILLION for it in (PHOTO, VIDEO))

    assert photo < video < 0.0001


def test_sixty_four_parts_cost_320_dollars_per_million_files() -> None:
    load = Load(MILLION, GIB, part_bytes=16 * MIB)

    assert load.parts == 64
    assert by_this_service(load)["S3, parts"] == pytest.approx(320)


@pytest.mark.parametrize("size_bytes", [MIB, GIB])
def test_what_grows_is_proportional_to_the_files(size_bytes: int) -> None:
    few, many = Load(MILLION, size_bytes), Load(1000 * MILLION, size_bytes)

    idle = growing(by_this_service(Load(0, size_bytes)))
    assert growing(by_this_service(many)) - idle == pytest.approx(
        1000 * (growing(by_this_service(few)) - idle)
    )


def test_bytes_cost_only_what_they_pass_through() -> None:
    """Doubling the bytes of single-part files costs this service nothing."""
    small, double = Load(MILLION, MIB), Load(MILLION, 2 * MIB)

    assert total(by_this_service(double)) == total(by_this_service(small))
    assert total(by_application_server(double)) > total(by_application_server(small))
