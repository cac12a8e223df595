"""Settings of a run of uploads."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_JOBS = 16


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of a run of uploads.

    `jobs`: maximum number of concurrent requests.
    `checksum`: compute the SHA-256 of every byte, declare it and sign it into the requests.
    `restart`: if a file changed since an interrupted run, upload it again instead of failing.
    """

    jobs: int = DEFAULT_JOBS
    checksum: bool = False
    restart: bool = False
