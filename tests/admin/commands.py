"""Runs commands of `python -m gql_api.admin` as an operator does."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from gql_api.admin.__main__ import main


class Outcome(NamedTuple):
    """The exit status and the output of a command."""

    status: int
    output: str
    complaints: str


class Operator:
    """Runs commands in this process, with the settings of the test's service."""

    def __init__(
        self,
        environment: Mapping[str, str],
        patch: pytest.MonkeyPatch,
        output: pytest.CaptureFixture[str],
    ) -> None:
        for name, value in environment.items():
            patch.setenv(name, value)
        self._patch = patch
        self._output = output

    async def run(self, *arguments: str, typed: str = "") -> Outcome:
        """Run a command in a thread, because it has an event loop of its own."""
        self._patch.setattr("sys.stdin", io.StringIO(typed))
        self._output.readouterr()
        try:
            status = await asyncio.to_thread(main, arguments)
        except SystemExit as error:
            status = int(str(error.code))
        output, complaints = self._output.readouterr()
        return Outcome(status, output, complaints)

    async def succeed(self, *arguments: str, typed: str = "") -> Outcome:
        """Run a command that must succeed."""
        outcome = await self.run(*arguments, typed=typed)
        assert outcome.status == 0, outcome.complaints
        return outcome
