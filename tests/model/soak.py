"""`make soak`: run the model for SOAK_SECONDS (default 600); each round prints its new seed.

Set SOAK_SEED to repeat a round. Hypothesis minimizes a failing example before showing it.
"""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import HealthCheck, settings

from tests.model.bench import Run
from tests.model.reference import TRASH_SECONDS
from tests.model.stage import QUOTA_BYTES
from tests.services.media_world import PROCESSED

HOW = settings(
    max_examples=5,
    stateful_step_count=100,
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.settings(
    USER_QUOTA_BYTES=str(QUOTA_BYTES), TRASH_TTL_SECONDS=TRASH_SECONDS, **PROCESSED
)
async def test_soak(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    given = os.environ.get("SOAK_SEED")
    ends_at = time.monotonic() + float(os.environ.get("SOAK_SECONDS") or 600)
    steps = rounds = 0
    while not rounds or (given is None and time.monotonic() < ends_at):
        seed = int(given) if given else random.SystemRandom().randrange(2**32)
        with capfd.disabled():
            print(f"SOAK_SEED={seed}", flush=True)
        bench = await run(HOW, seed)
        rounds += 1
        steps += bench.steps
        with capfd.disabled():
            print(f"  {bench}; {steps} steps so far", flush=True)
