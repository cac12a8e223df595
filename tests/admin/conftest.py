"""Fixtures for the commands for operators."""

from __future__ import annotations

import pytest

from gql_api.container import Container
from tests.admin.commands import Operator


@pytest.fixture
def operator(
    container: Container,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Operator:
    """An operator of the test's service."""
    return Operator(environment, monkeypatch, capsys)
