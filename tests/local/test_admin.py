"""Operators' commands against the stack of `make run`, which need no settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local import admin
from local.data import is_locked, locked
from tests.local.stack_process import PROJECT, StackProcess


def run(stack: StackProcess, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the directory from which the stack was started."""
    return subprocess.run(
        (sys.executable, "-m", "local.admin", *arguments),
        cwd=stack.directory,
        env={"PYTHONPATH": str(PROJECT), "PORT": str(stack.port)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_finds_the_running_stack(running_stack: StackProcess) -> None:
    added = run(running_stack, "webhooks", "add", "http://127.0.0.1:9/")
    shown = run(running_stack, "users", "show", "nobody")

    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("whsec_")
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "nobody" in shown.stderr


def test_help_needs_no_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit):
        admin.main(["users", "--help"])

    assert "usage: python -m local.admin users" in capsys.readouterr().out


def test_without_a_running_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")

    assert admin.main(["users", "show", "ada"]) == 2

    directory = tmp_path / "data"
    assert f"No stack is running in DATA_DIR {directory}." in capsys.readouterr().err
    assert not directory.exists()


def test_a_stack_that_ended_is_not_running(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert is_locked(tmp_path)

    assert (tmp_path / "lock").exists()
    assert not is_locked(tmp_path)


def test_a_stack_that_is_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")

    with locked(tmp_path / "data"):
        assert admin.main(["users", "show", "ada"]) == 2

    assert "Wait until make run reports" in capsys.readouterr().err
