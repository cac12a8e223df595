"""The fixture that runs the model, for the bounded test and for `make soak`."""

from __future__ import annotations

import asyncio

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from gql_api.settings import Settings
from local.gateway import Gateway
from tests.model.bench import Bench, Run, on_bench
from tests.model.media import MediaMachine
from tests.services.world import small_plan


@pytest.fixture
def run(settings: Settings, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the machine against this worker's servers.

    The machine runs in a thread, so that the tests' event loop can receive the S3 server's events
    meanwhile.
    """
    monkeypatch.setattr("gql_api.domain.file_requests.plan_parts", small_plan)

    def work(bench: Bench, how: hypothesis.settings, seed: int | None) -> Bench:
        machine = type("Uploads", (MediaMachine,), {"bench": bench})
        if seed is not None:
            machine = hypothesis.seed(seed)(machine)
        run_state_machine_as_test(machine, settings=how)
        return bench

    async def in_thread(how: hypothesis.settings, seed: int | None) -> Bench:
        return await asyncio.to_thread(
            on_bench, settings, gateway, lambda bench: work(bench, how, seed)
        )

    return in_thread
