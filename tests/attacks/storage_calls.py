"""Counts what the service asks of the storage."""

from __future__ import annotations

from typing import Any

from gql_api.container import Container


class StorageCalls(list[str]):
    """The names of the calls that the service has made since the start of the test, in order.

    Each page of a listing is one call. boto3's repetitions of a failed call are not counted.
    """

    def watch(self, container: Container) -> None:
        """Begin to count."""
        container.bucket.client().meta.events.register("before-call.s3", self._note)

    def _note(self, model: Any, **_: object) -> None:
        self.append(model.name)
