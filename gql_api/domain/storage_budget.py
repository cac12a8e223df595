"""The calls to the storage that the current request may still make.

The HTTP layer sets a limit for each request; the adapter counts each call before it is made. Tasks
and threads that the request starts share its budget. Work without a budget, such as storage events
and the sweep, is not limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from gql_api.domain.errors import TooManyStorageCalls

REQUEST_CALLS = 400  # Completing 100 multipart uploads takes 300.


class _Budget:
    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.left = calls
        self.lock = Lock()  # The adapter counts in several threads.


_budget: ContextVar[_Budget | None] = ContextVar("storage_budget", default=None)


@contextmanager
def storage_budget(calls: int) -> Iterator[None]:
    """Limit the calls to the storage that the block makes."""
    token = _budget.set(_Budget(calls))
    try:
        yield
    finally:
        _budget.reset(token)


def require_calls(count: int) -> None:
    """Check that `count` calls are left, without using them up.

    Raises:
        TooManyStorageCalls: fewer are left.
    """
    budget = _budget.get()
    if budget is not None and count > budget.left:
        raise TooManyStorageCalls(budget.calls)


def count_call() -> None:
    """Count one call.

    Raises:
        TooManyStorageCalls: none is left. The call must not be made.
    """
    budget = _budget.get()
    if budget is None:
        return
    with budget.lock:
        if budget.left < 1:
            raise TooManyStorageCalls(budget.calls)
        budget.left -= 1
