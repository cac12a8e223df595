"""Files of each format with random damage are decoded or refused; `make soak` takes 10,000."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.random_work import SOAK_FACTOR, generator

ROOT = Path(__file__).parents[3]
COUNT = 250 * SOAK_FACTOR


@pytest.mark.random
def test_damaged_files(tmp_path: Path) -> None:
    """No error but a refusal, no hang, and no file; a crash would end only the process."""
    seed = generator(1).randrange(2**31)
    result = subprocess.run(
        [sys.executable, "-m", "tests.adapters.media.mutations", str(seed), str(COUNT)],
        env={"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    outcomes = json.loads(result.stdout)
    assert sum(outcomes.values()) == COUNT
    assert outcomes.keys() <= {"derived", "refused", "unknown"}, outcomes
    assert outcomes["derived"] > COUNT // 10
    assert outcomes["refused"] > COUNT // 10
    assert list(tmp_path.iterdir()) == []
