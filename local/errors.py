"""Why the stack can't run, as sentences for whoever started it.

LocalError
├── BadConfiguration   what was asked for can't be done; exit status 2
└── CannotRun          a part does not start, or ended by itself; exit status 1
"""

from __future__ import annotations

from enum import IntEnum

OTHER_WAY = (
    "The other way: `docker compose up -d --wait`, then the settings from the head of compose.yaml "
    "in .env. Or let DB_URL point at any MongoDB replica set, and S3_BUCKET at any bucket."
)


class ExitStatus(IntEnum):
    """What `python -m local` ends with."""

    OK = 0
    FAILED = 1
    BAD_CONFIGURATION = 2


class LocalError(Exception):
    """The message is all that the user gets to see: it says what to do."""

    exit_status = ExitStatus.FAILED


class BadConfiguration(LocalError):
    """A setting, the port or the data directory is not usable."""

    exit_status = ExitStatus.BAD_CONFIGURATION


class CannotRun(LocalError):
    """A part of the stack does not start, or ended by itself."""
