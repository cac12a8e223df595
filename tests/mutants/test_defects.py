"""All defects can be planted. `make mutants` checks that they are caught, which takes minutes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from tests.mutants.defects import DEFECTS, Defect
from tests.test_template import Loader

ROOT = Path(__file__).parents[2]


def parsed(file: str, text: str) -> str:
    """Return what the text means, without its layout."""
    return repr(yaml.load(text, Loader)) if file.endswith(".yaml") else ast.dump(ast.parse(text))


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_it_can_be_planted(defect: Defect) -> None:
    whole = (ROOT / defect.file).read_text(encoding="utf-8")
    assert parsed(defect.file, defect.plant(ROOT)) != parsed(defect.file, whole)
    for test in defect.tests:
        assert (ROOT / test).is_file(), test


def test_there_are_enough_of_them() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 12
