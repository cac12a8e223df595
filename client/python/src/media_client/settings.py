"""Settings of the HTTP connections to the service and the bucket."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Settings of the HTTP connections of one client.

    `timeout_seconds`: how long to wait for a connection, and for the next bytes of a response.
    `max_retries`: how often to repeat a request after a transient failure; None for the defaults.
    `ca_bundle`: a file with the certificates to trust; None for those of the system.
    `bytes_per_second`: the bandwidth that all transfers together may use; None for no limit.
    """

    timeout_seconds: float = 60.0
    max_retries: int | None = None
    ca_bundle: str | None = None
    bytes_per_second: int | None = None
