"""The services behave as the reference model in any order of events, and recover unaided.

`make soak` runs the same model for longer.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from gql_api.domain.uploads import UploadStatus
from tests.model.bench import Run
from tests.model.reference import TRASH_SECONDS
from tests.model.stage import QUOTA_BYTES
from tests.services.media_world import PROCESSED

EXAMPLES = 9
STEPS = 40
# What the machine must have reached, besides the states and a crash.
BATCHES = {"requested twice", "completed twice", "restored", "trash emptied"}
EVENTS = {"events", "events repeated"}
MEDIA = {"derived late", "facts recorded", "given up", "processed again"}


async def reached(run: Run, examples: int) -> set[str]:
    how = settings(
        max_examples=examples,
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
    assert bench.steps > examples * STEPS / 4
    return {what for what, count in bench.reached.items() if count}


@pytest.mark.settings(
    USER_QUOTA_BYTES=str(QUOTA_BYTES), TRASH_TTL_SECONDS=TRASH_SECONDS, **PROCESSED
)
async def test_whatever_comes_the_model_knows_what_must_be(run: Run) -> None:
    states = {status.value for status in UploadStatus}
    assert await reached(run, EXAMPLES) == states | BATCHES | EVENTS | MEDIA | {
        "crash",
        "overwritten",
    }


@pytest.mark.settings(
    USER_QUOTA_BYTES=str(QUOTA_BYTES),
    SINGLE_PART_MAX_BYTES="0",
    TRASH_TTL_SECONDS=TRASH_SECONDS,
    **PROCESSED,
)
async def test_if_every_upload_is_multipart_nothing_is_overwritten(run: Run) -> None:
    """Not even an empty file: all URLs die when the upload is completed."""
    assert "overwritten" not in await reached(run, EXAMPLES // 3)
