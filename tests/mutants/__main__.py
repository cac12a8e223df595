"""`make mutants`: plant each defect in a copy of the tree, and check that its tests fail.

If test files are given as arguments, they run instead of those that each defect names.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[2]
COPIED = (
    *("gql_api", "local", "deploy", "tests"),
    *("pyproject.toml", "schema.graphql", "template.yaml"),
)
GREEN, RED = 0, 1  # pytest's exit statuses. All others mean that the tests did not run.
SIDE_BY_SIDE = 2
LIMIT_SECONDS = 600


def main(tests: Sequence[str]) -> int:
    """Print the table and return the number of defects that were not caught."""
    only = tuple(tests)
    with tempfile.TemporaryDirectory(prefix="mutants-") as directory:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(SIDE_BY_SIDE):
            copies.put(copied(Path(directory) / str(number)))
        named = only or tuple(dict.fromkeys(test for it in DEFECTS for test in it.tests))
        began = time.monotonic()
        copy = copies.get()
        status, output = run(copy, named, "--numprocesses", str(SIDE_BY_SIDE))
        copies.put(copy)
        if status != GREEN:
            print(output, "The tests fail without any defect. Fix them first.", sep="\n")
            return 1
        print(f"The tests pass without any defect ({time.monotonic() - began:.0f} s).\n")
        print("| defect | file | caught by | s |\n|---|---|---|---|", flush=True)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            missed = 0
            for row, red in pool.map(lambda defect: judged(copies, defect, only), DEFECTS):
                print(row, flush=True)
                missed += not red
    print(f"\n{len(DEFECTS) - missed} of {len(DEFECTS)} defects were caught.")
    return missed


def copied(to: Path) -> Path:
    """Copy what the tests need into the directory `to`, which is created."""
    to.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "node_modules", ".*")
            shutil.copytree(source, to / name, ignore=ignored)
        else:
            shutil.copy(source, to)
    return to


def judged(copies: SimpleQueue[Path], defect: Defect, only: tuple[str, ...]) -> tuple[str, bool]:
    """Return a row of the table and whether a test failed."""
    copy = copies.get()
    try:
        file = copy / defect.file
        whole = file.read_text(encoding="utf-8")
        began = time.monotonic()
        try:
            file.write_text(defect.plant(copy), encoding="utf-8")
            status, output = run(copy, only or defect.tests)
        except LookupError as error:
            return f"| {defect.name} | {defect.file} | **cannot be planted**: {error} | |", False
        finally:
            file.write_text(whole, encoding="utf-8")
        failed = re.search(r"^FAILED (\S+?\.py::\w+)", output, re.MULTILINE)
        red = status == RED and failed is not None
        by = failed[1] if red and failed else f"**nothing** (exit status of pytest: {status})"
        seconds = time.monotonic() - began
        return f"| {defect.name} | {defect.file} | {by} | {seconds:.0f} |", red
    finally:
        copies.put(copy)


def run(copy: Path, tests: Sequence[str], *options: str) -> tuple[int, str]:
    """Run pytest up to the first failure and return its exit status and output.

    Byte code is not written: a file that changes twice within a second would not be recompiled.
    """
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "--quiet", "--exitfirst", "--tb=no", "-rfE"),
                *("-p", "no:cacheprovider", *options, *tests),
            ],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return -1, f"Not finished after {LIMIT_SECONDS} s."
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
