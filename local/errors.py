"""Reasons why the stack cannot run. Their messages are shown to the user.

LocalError
├── BadConfiguration   a setting is invalid; exit status 2
└── CannotRun          a server fails to start or keeps exiting; exit status 1
"""

from __future__ import annotations

from enum import IntEnum

OTHER_WAY = (
    "Alternatively, run `docker compose up -d --wait` and copy the settings at the top of "
    "compose.yaml into .env. Or set DB_URL to any MongoDB replica set, and S3_BUCKET to any bucket."
)


class ExitStatus(IntEnum):
    """The exit status of `python -m local`."""

    OK = 0
    FAILED = 1
    BAD_CONFIGURATION = 2


class LocalError(Exception):
    """The stack cannot run. The user sees only the message, so it says what to do."""

    exit_status = ExitStatus.FAILED


class BadConfiguration(LocalError):
    """A setting, the port or the data directory cannot be used."""

    exit_status = ExitStatus.BAD_CONFIGURATION


class CannotRun(LocalError):
    """A server of the stack fails to start or keeps exiting."""
