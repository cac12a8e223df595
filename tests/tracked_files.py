"""The text files that belong to the repository, for tests that read all of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_BINARY_SUFFIXES = {".gz", ".png", ".ico", ".woff2", ".webp"}
# Lock files contain only hashes and addresses, written by a package manager.
_LOCK_FILES = {"package-lock.json"}


def tracked_files() -> Iterator[Path]:
    """Yield every file that Git tracks, except binaries and npm's lock files.

    Skips the test if there is no Git repository, for example in an unpacked archive.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("Not a Git repository.")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if path.suffix not in _BINARY_SUFFIXES and path.name not in _LOCK_FILES and path.is_file():
            yield path
