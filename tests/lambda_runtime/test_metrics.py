"""The metric lines that the functions for events and sweeps write to standard output.

CloudWatch takes a line as metrics if it is a JSON object in the embedded metric format and nothing
else is on the line.
"""

from __future__ import annotations

import httpx
import pytest

from gql_api.domain import metrics
from tests.api import new_user
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import recorded, sqs
from tests.lambda_runtime.runtime_api import FunctionError
from tests.lambda_runtime.test_storage_events import message_of
from tests.metric_lines import MetricLines

pytestmark = pytest.mark.settings(METRICS_NAMESPACE="media-production")


async def test_events(start: Start, client: httpx.AsyncClient) -> None:
    user = await new_user(client)
    upload = await user.request_and_send(b"never completed by its client")
    function = await start("storage_events")
    await function.invoke(sqs([message_of(upload), "nobody understands this"]))
    lines = MetricLines.of(function.log())
    assert len(lines) == 1
    assert lines.namespaces() == {"media-production"}
    assert lines.counts(metrics.EVENTS_HANDLED) == {(): 1}
    assert lines.counts(metrics.EVENTS_FAILED) == {(): 1}
    assert len(lines.values(metrics.SECONDS_TO_STORED)) == 1


async def test_a_sweep_that_works(start: Start, prepared_database: str) -> None:
    maintenance = await start("maintenance", DB_NAME=prepared_database)
    for _ in range(2):
        await maintenance.invoke(recorded("schedule"))
    lines = MetricLines.of(maintenance.log())
    assert len(lines) == 2
    assert lines.counts(metrics.SWEEP_COMPLETED) == {(): 2}
    assert not lines.counts(metrics.SWEEP_STEP_FAILED)


async def test_a_sweep_whose_steps_fail(start: Start, prepared_database: str) -> None:
    """S3 answers 403. The sweep ran, so it is not missing, but its steps failed."""
    maintenance = await start(
        "maintenance", DB_NAME=prepared_database, AWS_SECRET_ACCESS_KEY="not-the-one"
    )
    with pytest.raises(FunctionError):
        await maintenance.invoke(recorded("schedule"))
    lines = MetricLines.of(maintenance.log())
    assert lines.counts(metrics.SWEEP_COMPLETED) == {(): 1}
    assert lines.counts(metrics.SWEEP_STEP_FAILED)[()] >= 2  # Both that list the bucket.
