"""Settings of the HTTP connections to the service and the bucket."""

from __future__ import annotations

from dataclasses import dataclass

CONNECT_TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Settings of the HTTP connections of one client.

    `timeout_seconds`: how long to wait for the next bytes of a response, and for the other side to
    take the next bytes of a request. A connection must be established in 15 seconds, or in this
    time if it is shorter.
    `max_retries`: how often to repeat a request after a transient failure; None for the defaults.
    `ca_bundle`: a file with the certificates to trust; None for those of the system.
    `bytes_per_second`: the bandwidth that all transfers together may use; None for no limit.
    `allow_http`: send passwords over http to hosts other than this one.

    Raises:
        ValueError: a number is out of range.
    """

    timeout_seconds: float = 60.0
    max_retries: int | None = None
    ca_bundle: str | None = None
    bytes_per_second: int | None = None
    allow_http: bool = False

    def __post_init__(self) -> None:
        """Reject numbers that would never work."""
        if not self.timeout_seconds > 0:
            raise ValueError("The timeout must be more than 0 seconds.")
        if self.max_retries is not None and self.max_retries < 0:
            raise ValueError("The number of retries must be 0 or more.")
        if self.bytes_per_second is not None and self.bytes_per_second < 1:
            raise ValueError("The bandwidth must be at least 1 byte per second.")

    def attempts(self, default: int) -> int:
        """Return how often to send a request at most; `default` if `max_retries` is not set."""
        return default if self.max_retries is None else self.max_retries + 1

    @property
    def connect_seconds(self) -> float:
        """How long to wait for a connection."""
        return min(CONNECT_TIMEOUT_SECONDS, self.timeout_seconds)
