"""The tables of docs/scale.md are those of the script, whose assumptions agree with the code."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, replace

import pytest

from benchmarks.scale import SIZES, limits_table, rates_table, stock_table
from benchmarks.scale_model import RUN_SECONDS, Assumptions, Load, checks_of_abandoned
from gql_api.adapters.mongo.database import _OPTIONS
from gql_api.adapters.mongo.schema import INDEXES
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.policy import UploadPolicy
from gql_api.services.schedule import _CHECK_INTERVAL_MAX
from tests.docs.markdown import ROOT, read, table

DOC = "docs/scale.md"
GIVEN = Assumptions()
LOADS = [Load(size, GIVEN) for size in SIZES]


def test_the_tables_are_those_of_the_script() -> None:
    text = read(DOC)
    for expected in (rates_table(LOADS), stock_table(LOADS), limits_table(GIVEN)):
        assert f"\n\n{expected}\n\n" in text
    assert f"is checked {checks_of_abandoned(GIVEN)} times" in text


def test_every_assumption_is_explained() -> None:
    rows = [(name, default) for name, default, _ in table(read(DOC), "option")]
    assert rows == [
        (f"--{field.name.replace('_', '-')}", f"{field.default:,}") for field in fields(GIVEN)
    ]


def test_the_assumptions_are_those_of_the_service() -> None:
    template = read("template.yaml")
    assert GIVEN.first_check_seconds == FIRST_CHECK_SECONDS
    assert GIVEN.check_interval_seconds == _CHECK_INTERVAL_MAX.total_seconds()
    assert GIVEN.pending_ttl_seconds == UploadPolicy().pending_ttl_seconds
    assert GIVEN.connections == _OPTIONS["maxPoolSize"] + 2
    assert f"rate({RUN_SECONDS // 60} minutes)" in template
    concurrency = re.search(
        rf'^    "{GIVEN.cluster_connections}":\n      Api: \d+\n      Events: (\d+)\n',
        template,
        re.MULTILINE,
    )
    assert concurrency
    assert int(concurrency[1]) == GIVEN.event_concurrency


def test_every_collection_has_a_row() -> None:
    names = {name for name, _, _ in table(read(DOC), "collection")}
    assert INDEXES.keys() <= names
    assert {"checkpoints", "deployment"} <= names


def test_the_commands_run() -> None:
    commands = re.findall(r"^\$ python (.+)$", read(DOC), re.MULTILINE)
    assert len(commands) == 2
    ran = subprocess.run(
        [sys.executable, *commands[-1].split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "| 25,000,000 |" in ran.stdout


# ------------------------------------------------------------------ the model


@pytest.mark.parametrize(
    ("ttl_seconds", "checks"),
    [(900, 2), (1800, 3), (6 * 3600, 7), (12 * 3600, 8), (7 * 86_400, 34)],
)
def test_abandoned_uploads_are_checked_less_and_less_often(ttl_seconds: int, checks: int) -> None:
    assert checks_of_abandoned(replace(GIVEN, pending_ttl_seconds=ttl_seconds)) == checks


def test_a_load_that_is_known() -> None:
    """2,592,000 uploads per month are one per second."""
    load = Load(2_592_000, replace(GIVEN, peak=10, parts=64, rechecked=1, abandoned=0))
    assert load.per_second == 10
    assert load.puts_per_second == 10 * 66
    assert load.gets_per_second == 10 * 4
    assert load.due_per_run == 900
    assert load.connections == 3 * 12 + 12
