"""The conditions of the alarms on the services' metrics. Each is caused, and seen in a metric line.

tests/http/test_request_log.py has those of requests, and tests/lambda_runtime/test_metrics.py those
of storage events and sweeps. tests/test_template.py compares the names with the alarms.
"""

from __future__ import annotations

import pytest

from gql_api.domain import metrics
from gql_api.domain.errors import QuotaExceeded
from tests.metric_lines import MetricLines
from tests.services.world import World

pytestmark = pytest.mark.settings(METRICS_NAMESPACE="media-test", USER_QUOTA_BYTES="1000")


async def test_the_time_until_stored(world: World, metric_lines: MetricLines) -> None:
    upload = await world.sent(b"sent at once, completed late")
    world.clock.advance(seconds=4000)
    await world.complete(upload)
    await world.hear(upload)  # It is stored only once.
    world.container.metrics.flush()
    assert metric_lines.values(metrics.SECONDS_TO_STORED) == [4000]


async def test_files_beyond_the_quota(world: World, metric_lines: MetricLines) -> None:
    await world.request(900)
    for _ in range(2):
        with pytest.raises(QuotaExceeded):
            await world.request(101)
    world.container.metrics.flush()
    assert metric_lines.counts(metrics.QUOTA_REFUSED) == {(): 2}


async def test_unknown_objects(world: World, metric_lines: MetricLines) -> None:
    key = world.unknown_key()
    await world.put_behind(key, b"nobody asked for it")
    await world.container.storage_events.handle(world.event(key))
    world.container.metrics.flush()
    assert metric_lines.counts(metrics.UNKNOWN_OBJECTS) == {(): 1}
    assert key in await world.objects()
    metric_lines.clear()
    await world.sweep(hours=2)
    world.container.metrics.flush()
    assert metric_lines.counts(metrics.UNKNOWN_OBJECTS) == {(): 1}
