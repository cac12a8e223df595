"""What classes cost a cold start."""

from __future__ import annotations

from pathlib import Path

import gql_api

PACKAGE = Path(gql_api.__file__).parent
# `NamedTuple` has a method `count`, which a part plan has another meaning for. The others are
# created in few processes.
DATACLASSES = {"domain/parts.py": 1, "services/sweep_report.py": 1, "operators.py": 1}


def test_values_are_no_dataclasses() -> None:
    """Each compiles several methods at every start. A named tuple compiles one."""
    counts = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8").count("\n@dataclass")
        for path in PACKAGE.rglob("*.py")
    }
    assert {path: count for path, count in counts.items() if count} == DATACLASSES
