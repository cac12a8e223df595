"""The model behind docs/scale.md: the load that a number of uploads per month causes."""

from __future__ import annotations

import math
from dataclasses import dataclass

RUN_SECONDS = 900
RUNS_PER_DAY = 86_400 / RUN_SECONDS
_MONTH_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the tables assume about traffic, this service, and external limits."""

    # The traffic.
    peak: float = 4
    parts: float = 1
    downloads: float = 3
    api_requests: float = 3
    abandoned: float = 0.03
    rechecked: float = 0
    kept_months: float = 12

    # This service.
    api_seconds: float = 0.04
    event_seconds: float = 0.015
    connections: int = 12
    writes: float = 4
    record_bytes: int = 680
    index_bytes: int = 670
    first_check_seconds: int = 900
    check_interval_seconds: int = 6 * 3600
    pending_ttl_seconds: int = 7 * 86_400
    # Measured by the sweep's benchmark; see docs/scale.md.
    due_per_run: int = 99_000
    listed_per_run: int = 700_000

    # External limits, and those in template.yaml.
    lambda_concurrency: int = 1_000
    event_concurrency: int = 34
    gateway_per_second: int = 10_000
    cluster_connections: int = 3_000
    writes_per_shard: int = 5_000
    shard_bytes: int = 2 * 10**12
    put_per_prefix: int = 3_500
    get_per_prefix: int = 5_500
    pass_days: float = 30


@dataclass(frozen=True, slots=True)
class Load:
    """The load of a month with this many uploads. Rates are those of the busiest hour."""

    month: int
    given: Assumptions

    @property
    def per_second(self) -> float:
        """Uploads per second at the peak."""
        return self.month * self.given.peak / _MONTH_SECONDS

    @property
    def api_per_second(self) -> float:
        """Requests to the API per second."""
        return self.per_second * self.given.api_requests

    @property
    def api_concurrency(self) -> float:
        """Environments of the API that are busy at the same time (Little's law)."""
        return self.api_per_second * self.given.api_seconds

    @property
    def event_concurrency(self) -> float:
        """Environments that handle storage events at the same time."""
        return self.per_second * self.given.event_seconds

    @property
    def connections(self) -> int:
        """Connections to MongoDB from all environments, the sweep's included."""
        environments = math.ceil(self.api_concurrency) + math.ceil(self.event_concurrency) + 1
        return environments * self.given.connections

    @property
    def writes_per_second(self) -> float:
        """Documents written to MongoDB per second."""
        return self.per_second * self.given.writes

    @property
    def puts_per_second(self) -> float:
        """PUT and POST requests to S3 per second."""
        multipart = 2 if self.given.parts > 1 else 0  # Create and complete.
        return self.per_second * (self.given.parts + multipart)

    @property
    def gets_per_second(self) -> float:
        """GET and HEAD requests to S3 per second: downloads, and one check of each object."""
        return self.per_second * (self.given.downloads + 1)

    @property
    def partitions(self) -> int:
        """Partitioned prefixes that S3 needs for these rates."""
        puts = self.puts_per_second / self.given.put_per_prefix
        return math.ceil(max(puts, self.gets_per_second / self.given.get_per_prefix))

    @property
    def objects(self) -> float:
        """Objects in the bucket, and as many records."""
        return self.month * self.given.kept_months

    @property
    def record_bytes(self) -> float:
        """Bytes of the records, uncompressed."""
        return self.objects * self.given.record_bytes

    @property
    def index_bytes(self) -> float:
        """Bytes of the indexes."""
        return self.objects * self.given.index_bytes

    @property
    def shards(self) -> int:
        """Replica sets that the records and their writes need."""
        stored = (self.record_bytes + self.index_bytes) / self.given.shard_bytes
        return math.ceil(max(stored, self.writes_per_second / self.given.writes_per_shard))

    @property
    def due_per_run(self) -> float:
        """Checks that become due between two runs of the sweep, on average."""
        abandoned = self.given.abandoned * checks_of_abandoned(self.given)
        checks = self.month * (abandoned + self.given.rechecked)
        return checks * RUN_SECONDS / _MONTH_SECONDS

    @property
    def sweeps(self) -> int:
        """Sweeps that must run at once to keep up with what is due."""
        return math.ceil(self.due_per_run / self.given.due_per_run)

    @property
    def pass_days(self) -> float:
        """Days that one sweep needs to look at every object in the bucket once."""
        return self.objects / (self.given.listed_per_run * RUNS_PER_DAY)


def checks_of_abandoned(given: Assumptions) -> int:
    """Return how often the sweep checks an upload whose bytes never arrive.

    The interval doubles with the age of the upload up to its maximum, as in
    `gql_api/services/due_uploads.py`. After the upload has expired, one more check deletes bytes
    that may have arrived late.
    """
    age, checks = 0, 0
    while age < given.pending_ttl_seconds:
        interval = min(max(age, given.first_check_seconds), given.check_interval_seconds)
        age = min(age + interval, given.pending_ttl_seconds)
        checks += 1
    return checks + 1
