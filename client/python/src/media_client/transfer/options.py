"""Settings of a run of uploads."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_JOBS = 16


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of a run of uploads.

    `jobs`: maximum number of concurrent requests, at least 1.
    `checksum`: compute checksums, which the service verifies: the CRC-64/NVME of each file if the
    service and this machine support it, otherwise SHA-256.
    `restart`: if a file changed since an interrupted run, upload it again instead of failing.
    """

    jobs: int = DEFAULT_JOBS
    checksum: bool = False
    restart: bool = False

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise ValueError(f"jobs is {self.jobs}; it must be at least 1.")
