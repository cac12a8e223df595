"""How much random work a test does: SOAK_FACTOR times as much in `make soak` as in `make test`.

`make test` draws the same values each time. A soak draws new ones, and Hypothesis prints how to
reproduce a failure. If a value has found a defect, add it as an `@example` or a parametrized case,
which every run includes.
"""

from __future__ import annotations

import os
import random

from hypothesis import HealthCheck, settings

SOAK_FACTOR = int(os.environ.get("SOAK_FACTOR") or 1)
SOAKING = SOAK_FACTOR > 1


def examples(count: int) -> settings:
    """Return Hypothesis settings for `count` examples in an ordinary run."""
    return settings(
        max_examples=count * SOAK_FACTOR,
        derandomize=not SOAKING,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def generator(seed: int) -> random.Random:
    """Return a random generator: with `seed` in an ordinary run, with a new seed in a soak.

    The seed is printed, and pytest shows it when the test fails. Set SOAK_SEED to reuse it.
    """
    if SOAKING:
        seed = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(2**32))
        print(f"SOAK_SEED={seed}")
    return random.Random(seed)
