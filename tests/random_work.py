"""How much random work a test does: little in `make test`, SOAK_FACTOR times as much in a soak.

An ordinary run draws the same values each time. A soak (`make soak`) draws new ones, and
Hypothesis prints how to repeat what fails. A value that has once found a defect belongs into an
`@example` or a parametrized case, which every run includes.
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

    The seed is printed, and pytest shows it when the test fails. SOAK_SEED repeats it.
    """
    if SOAKING:
        seed = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(2**32))
        print(f"SOAK_SEED={seed}")
    return random.Random(seed)
