"""All defects can be planted. `make mutants` checks that they are caught, which takes minutes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_it_can_be_planted(defect: Defect) -> None:
    planted = ast.parse(defect.plant(ROOT))
    whole = ast.parse((ROOT / defect.file).read_text(encoding="utf-8"))
    assert ast.dump(planted) != ast.dump(whole)
    for test in defect.tests:
        assert (ROOT / test).is_file(), test


def test_there_are_enough_of_them() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 12
