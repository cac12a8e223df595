"""`make mutants`: plant each defect in a copy of the tree; its tests must turn red.

Names of test files as arguments are run in place of those that each defect names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[2]
COPIED = ("gql_api", "local", "tests", "pyproject.toml", "schema.graphql")
GREEN, RED = 0, 1  # pytest's exit statuses; all others mean that the tests did not run.
LIMIT_SECONDS = 300


def main(tests: Sequence[str]) -> int:
    """Print the table; the number of defects that survived or could not be judged."""
    only = tuple(tests)
    with tempfile.TemporaryDirectory(prefix="mutants-") as directory:
        copy = Path(directory)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*")
                )
            else:
                shutil.copy(source, copy)
        named = only or tuple(dict.fromkeys(test for it in DEFECTS for test in it.tests))
        began = time.monotonic()
        status, output = run(copy, named)
        if status != GREEN:
            print(output, "Without any defect, the tests must be green.", sep="\n")
            return 1
        print(f"Without any defect: green, {time.monotonic() - began:.0f} s\n")
        print("| defect | file | caught by | s |\n|---|---|---|---|", flush=True)
        missed = sum(not caught(copy, defect, only) for defect in DEFECTS)
    print(f"\n{len(DEFECTS) - missed} of {len(DEFECTS)} defects were caught.")
    return missed


def caught(copy: Path, defect: Defect, only: tuple[str, ...]) -> bool:
    """Whether a test turns red; prints a row of the table."""
    file = copy / defect.file
    whole = file.read_text(encoding="utf-8")
    try:
        file.write_text(defect.plant(copy), encoding="utf-8")
    except LookupError as error:
        print(f"| {defect.name} | {defect.file} | **does not apply: {error}** | |", flush=True)
        return False
    began = time.monotonic()
    try:
        status, output = run(copy, only or defect.tests)
    finally:
        file.write_text(whole, encoding="utf-8")
    failed = re.search(r"^FAILED \S+/(\S+?\.py::\w+)", output, re.MULTILINE)
    red = status == RED and failed is not None
    by = failed[1] if red and failed else f"**nothing** (pytest ended with {status})"
    print(f"| {defect.name} | {defect.file} | {by} | {time.monotonic() - began:.0f} |", flush=True)
    return red


def run(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """The exit status and the output of pytest, which ends at the first failure.

    Without byte code: a file that changes twice within a second would not be compiled again.
    """
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "--quiet", "--exitfirst", "--tb=no", "-rfE"),
                *("-p", "no:cacheprovider", *tests),
            ],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return -1, f"not done after {LIMIT_SECONDS} s"
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
