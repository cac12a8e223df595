"""Counts what the service asks of the storage."""

from __future__ import annotations

from typing import Any

from gql_api.adapters.s3.connections import Answer
from gql_api.container import Container
from gql_api.domain.presigner import PresignedRequest


class StorageCalls(list[str]):
    """The names of the calls that the service has made since the start of the test, in order.

    Each page of a listing is one call. Repetitions of a failed call are not counted.
    """

    def watch(self, container: Container) -> None:
        """Begin to count."""
        bucket = container.bucket
        bucket.client().meta.events.register("before-call.s3", self._note)
        ask = bucket.lookups.ask

        def noted(request: PresignedRequest, operation: str) -> Answer | None:
            self.append(operation)
            return ask(request, operation)

        bucket.lookups.ask = noted  # type: ignore[method-assign]

    def _note(self, model: Any, **_: object) -> None:
        self.append(model.name)
