"""Every mutation runs on our engine and on Strawberry's own executor, with the same results."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["engine", "stock"])
def environment(environment: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the environment variables of `settings`, once for each executor."""
    return {**environment, "GRAPHQL_STOCK_EXECUTOR": str(request.param == "stock").lower()}
