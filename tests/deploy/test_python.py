"""The search for a Python of the runtime's version."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deploy.python import find_python, is_python

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program named as a Python, which only prints an error, as pyenv's often does."""
    path = tmp_path / "python3.99"
    path.write_text("#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_running_python_is_found() -> None:
    assert find_python(RUNNING) == sys.executable


def test_a_name_is_not_trusted(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_python("3.99") is None
    assert not is_python(str(program), "3.99")


def test_a_python_of_another_version_is_not_taken() -> None:
    assert is_python(sys.executable, RUNNING)
    assert not is_python(sys.executable, "3.99")


def test_pythons_that_pyenv_has_installed_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "versions/3.98.2/bin"
    folder.mkdir(parents=True)
    python = folder / "python3.98"
    python.write_text("#!/bin/sh\necho CPython 3.98\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert find_python("3.98") == str(python)
