"""The services behave as the reference model in any order of events, and recover unaided.

`make soak` runs the same model for longer.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from gql_api.domain.uploads import UploadStatus
from tests.model.bench import Run
from tests.model.stage import QUOTA_BYTES

EXAMPLES = 12
STEPS = 40


@pytest.mark.settings(USER_QUOTA_BYTES=str(QUOTA_BYTES))
async def test_whatever_comes_the_model_knows_what_must_be(run: Run) -> None:
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # Minimizing takes too long here; `make soak` does it.
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    bench = await run(how, None)
    print(bench)
    assert bench.steps > EXAMPLES * STEPS / 4
    assert bench.reached.keys() == {status.value for status in UploadStatus} | {"crash"}
