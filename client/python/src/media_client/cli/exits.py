"""Exit statuses by kind of failure, so that scripts can distinguish them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from media_client import errors
from media_client.cli.signals import Interrupted
from media_client.cli.streams import OutputError, PipeClosed


class ExitStatus(IntEnum):
    """The exit statuses of the command. click uses 2 for an invalid command line.

    Above 128, they are 128 + the number of a signal, as in a shell; a closed pipe is a SIGPIPE.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_SIGNED_IN = 3
    NOT_FOUND = 4
    REFUSED = 5
    FILE = 6
    NETWORK = 7
    HUNG_UP = 129
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    TERMINATED = 143


_KINDS: tuple[tuple[type[errors.MediaError], ExitStatus], ...] = (
    (errors.NotSignedIn, ExitStatus.NOT_SIGNED_IN),
    (errors.Unauthenticated, ExitStatus.NOT_SIGNED_IN),
    (errors.InvalidCredentials, ExitStatus.NOT_SIGNED_IN),
    (errors.InvalidSession, ExitStatus.NOT_SIGNED_IN),
    (errors.UploadNotFound, ExitStatus.NOT_FOUND),
    (errors.ApiKeyNotFound, ExitStatus.NOT_FOUND),
    (errors.UserError, ExitStatus.REFUSED),
    (errors.Forbidden, ExitStatus.REFUSED),
    (errors.SourceError, ExitStatus.FILE),
    (errors.TargetError, ExitStatus.FILE),
    (errors.ConfigurationError, ExitStatus.FILE),
    (PipeClosed, ExitStatus.PIPE_CLOSED),
    (OutputError, ExitStatus.FILE),
    (errors.NetworkError, ExitStatus.NETWORK),
    (errors.BucketError, ExitStatus.NETWORK),
    (errors.ApiError, ExitStatus.NETWORK),
    (errors.Stopped, ExitStatus.INTERRUPTED),
)
# Codes of errors with which the service rejects a request, as opposed to a failure of its own.
_REJECTIONS = frozenset(
    {
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_TOO_COMPLEX",
    }
)


def exit_status(error: errors.MediaError) -> ExitStatus:
    """Return the exit status for one failure."""
    if isinstance(error, Interrupted):
        return ExitStatus(128 + error.number)
    if isinstance(error, errors.ApiError) and error.code in _REJECTIONS:
        return ExitStatus.REFUSED
    return next((status for kind, status in _KINDS if isinstance(error, kind)), ExitStatus.FAILED)


def exit_status_of_all(failures: Iterable[errors.MediaError]) -> ExitStatus:
    """Return the exit status that all failures share, else FAILED; OK if there are none."""
    statuses = {exit_status(error) for error in failures}
    if len(statuses) > 1:
        return ExitStatus.FAILED
    return statuses.pop() if statuses else ExitStatus.OK
