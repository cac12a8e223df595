"""The services do what the model says, whatever comes, and recover without hands.

`make soak` goes on where this ends.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from gql_api.domain.uploads import UploadStatus
from tests.model.bench import Run
from tests.model.stage import QUOTA_BYTES

EXAMPLES = 20
STEPS = 40


@pytest.mark.settings(USER_QUOTA_BYTES=str(QUOTA_BYTES))
async def test_whatever_comes_the_model_knows_what_must_be(run: Run) -> None:
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # `make soak` has the time to shorten what fails.
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    bench = await run(how, None)
    print(bench)
    assert bench.steps > EXAMPLES * STEPS / 4
    assert bench.reached.keys() == {status.value for status in UploadStatus} | {"crash"}
