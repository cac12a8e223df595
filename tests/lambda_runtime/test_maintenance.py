"""The scheduled sweep inside AWS's Lambda runtime client."""

from __future__ import annotations

import asyncio
from unittest.mock import AsyncMock, Mock

import httpx
import pytest

from gql_api import lambda_handlers
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.services.sweep_report import SweepReport
from tests.api import new_user
from tests.clock import SettableClock
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import recorded
from tests.lambda_runtime.runtime_api import FunctionError

NOTHING = {
    "checked": 0,
    "stored": 0,
    "rejected": 0,
    "expired": 0,
    "trash_deleted": 0,
    "purged": 0,
    "objects_seen": 0,
    "orphans_deleted": 0,
    "multiparts_aborted": 0,
    "unknown_objects": 0,
    "unknown_deleted": 0,
    "usages_corrected": 0,
    "derived_deleted": 0,
    "events_relayed": 0,
    "failures": 0,
    "steps_failed": 0,
}


@pytest.mark.settings(URL_TTL_SECONDS="7200")
async def test_a_sweep_stores_what_client_and_event_missed(
    start: Start, client: httpx.AsyncClient, clock: SettableClock
) -> None:
    clock.advance(seconds=-FIRST_CHECK_SECONDS - 60)
    user = await new_user(client)
    upload = await user.request_and_send(b"not completed, and no event")
    maintenance = await start("maintenance")
    report = await maintenance.invoke(recorded("schedule"))
    assert report == NOTHING | {"checked": 1, "stored": 1, "objects_seen": 1}
    found = await user.upload(upload["id"])
    assert found is not None
    assert found["status"] == "STORED"


async def test_a_step_that_fails_is_an_error_of_the_function(start: Start) -> None:
    """So an alarm on the function's errors reports it."""
    maintenance = await start("maintenance", AWS_SECRET_ACCESS_KEY="not-the-one")
    with pytest.raises(FunctionError, match="4 steps of the sweep failed") as failed:
        await maintenance.invoke(recorded("schedule"))
    assert failed.value.type == "SweepFailed"
    for step in ("orphaned objects", "orphaned multipart uploads", "unknown objects"):
        assert f"a step of the sweep failed: {step}" in maintenance.log()


@pytest.mark.parametrize(("left", "swept"), [(840, 810), (60, 30), (30, 15)])
def test_a_sweep_ends_before_the_time_of_the_invocation(
    monkeypatch: pytest.MonkeyPatch, left: int, swept: int
) -> None:
    """30 seconds are kept for the work begun last; even of a short invocation, half is used."""
    loop = asyncio.new_event_loop()
    environment = Mock(**{"run.side_effect": loop.run_until_complete})
    environment.container.maintenance.sweep = AsyncMock(return_value=SweepReport())
    environment.container.reads.finish = AsyncMock()
    environment.container.finish_relay = AsyncMock()
    monkeypatch.setattr(lambda_handlers, "kept_environment", lambda: environment)
    context = Mock()
    context.get_remaining_time_in_millis.return_value = left * 1000
    assert lambda_handlers.maintenance({}, context) == NOTHING
    environment.container.maintenance.sweep.assert_called_once_with(swept)
    loop.close()


async def test_sweeps_follow_each_other_in_one_process(
    start: Start, prepared_database: str
) -> None:
    maintenance = await start("maintenance", DB_NAME=prepared_database)
    for _ in range(3):
        assert await maintenance.invoke(recorded("schedule")) == NOTHING
    assert maintenance.log().count("sweep: nothing to do") == 3
    assert not {"strawberry", "graphql", "mangum", "starlette"} & maintenance.imported()
