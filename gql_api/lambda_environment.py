"""What a Lambda execution environment keeps between invocations.

The first invocation builds everything, and later ones reuse it on one event loop: Mangum runs the
app on the thread's current loop, and a MongoDB client works only on the loop of its first
operation. So no handler may call `asyncio.run`, which unsets the current loop.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from gql_api.domain.errors import Unavailable
from gql_api.settings import read_settings

if TYPE_CHECKING:
    from gql_api.container import Container

T = TypeVar("T")


class Environment:
    """The state that an execution environment keeps between invocations."""

    def __init__(
        self, *, one_request_at_a_time: bool = False, sends_webhooks: bool = False
    ) -> None:
        from gql_api.bootstrap import build

        settings = read_settings(os.environ)
        if sends_webhooks:
            # What it accepts it sends itself, so it needs no message, and may send none.
            settings = settings._replace(webhook_queue_url=None)
        self.container: Container = build(settings, one_request_at_a_time=one_request_at_a_time)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on this environment's event loop and return its result."""
        try:
            return self._loop.run_until_complete(work)
        finally:
            self.container.metrics.flush()

    def require_prepared(self) -> None:
        """Raise `NotPrepared` if the database is not prepared for this release.

        If the database does not respond, the work itself fails and reports this in its own way.
        """
        with suppress(Unavailable):
            self.run(self.container.deployment.current())


@contextmanager
def building() -> Iterator[None]:
    """Suspend garbage collection while modules are imported and objects are built.

    These objects live as long as the process, and collections among them take a twelfth of a cold
    start. `gc.freeze` excludes them from later collections too.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@cache
def kept_environment(*, sends_webhooks: bool = False) -> Environment:
    """Return the environment of all handlers but `api`."""
    with building():
        return Environment(sends_webhooks=sends_webhooks)
