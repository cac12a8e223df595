"""The scheduled sweep inside AWS's Lambda runtime client."""

from __future__ import annotations

import httpx
import pytest

from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from tests.api import new_user
from tests.clock import SettableClock
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import recorded

NOTHING = {
    "checked": 0,
    "stored": 0,
    "rejected": 0,
    "expired": 0,
    "purged": 0,
    "orphans_deleted": 0,
    "multiparts_aborted": 0,
    "usages_corrected": 0,
    "failures": 0,
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
    assert report == NOTHING | {"checked": 1, "stored": 1}
    found = await user.upload(upload["id"])
    assert found is not None
    assert found["status"] == "STORED"


async def test_sweeps_follow_each_other_in_one_process(
    start: Start, prepared_database: str
) -> None:
    maintenance = await start("maintenance", DB_NAME=prepared_database)
    for _ in range(3):
        assert await maintenance.invoke(recorded("schedule")) == NOTHING
    assert maintenance.log().count("sweep: nothing to do") == 3
    assert not {"strawberry", "graphql", "mangum", "starlette"} & maintenance.imported()
