"""Fixtures that start stacks with `python -m local`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.local.stack_process import StackProcess


class StartStack(Protocol):
    """Starts a stack in the test's directory with the given environment variables."""

    def __call__(self, **environment: str) -> StackProcess: ...


@pytest.fixture
def start_stack(tmp_path: Path) -> Iterator[StartStack]:
    """Start stacks, and stop those that are still running after the test."""
    started: list[StackProcess] = []

    def start(**environment: str) -> StackProcess:
        started.append(StackProcess(tmp_path, **environment))
        return started[-1]

    yield start
    for stack in started:
        stack.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A running stack, shared by the tests of a module."""
    stack = StackProcess(tmp_path_factory.mktemp("stack"))
    try:
        yield stack.wait_until_running()
    finally:
        stack.stop(signal.SIGKILL)
