"""How errors are told.

A `Failure` becomes the member of the mutation's union that `MEMBERS` has for it. A `RequestError`
becomes a top-level error with its code. Anything else is INTERNAL: the client gets an id to quote,
and the log has the traceback under the same id. With an `Unavailable`, it is also told that the
request may be repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLError, GraphQLFormattedError, GraphQLSyntaxError
from strawberry.types.execution import PreExecutionError
from strawberry.types.field import StrawberryField

from gql_api.domain import errors
from gql_api.schema.types import failures
from gql_api.schema.types.uploads import Upload, UploadStatus

logger = logging.getLogger(__name__)


class Member(NamedTuple):
    """The union member for a failure, and the fields it has beside code and message."""

    type: type[failures.UserError]
    more: Callable[[Any], dict[str, object]] = lambda _failure: {}


MEMBERS: dict[type[errors.Failure], Member] = {
    errors.InvalidInput: Member(
        failures.InvalidInput,
        lambda failure: {
            "fields": [
                failures.FieldError(path=list(field.path), message=field.message)
                for field in failure.fields
            ]
        },
    ),
    errors.UsernameTaken: Member(failures.UsernameTaken),
    errors.InvalidCredentials: Member(failures.InvalidCredentials),
    errors.InvalidSession: Member(failures.InvalidSession),
    errors.TooManyAttempts: Member(
        failures.TooManyAttempts,
        lambda failure: {"retry_after_seconds": failure.retry_after_seconds},
    ),
    errors.FileTooLarge: Member(
        failures.FileTooLarge, lambda failure: {"max_upload_bytes": failure.max_upload_bytes}
    ),
    errors.UnsupportedMediaType: Member(
        failures.UnsupportedMediaType,
        lambda failure: {"content_types": list(failure.content_types)},
    ),
    errors.QuotaExceeded: Member(
        failures.QuotaExceeded, lambda failure: {"available_bytes": failure.available_bytes}
    ),
    errors.ClientTokenReused: Member(failures.ClientTokenReused),
    errors.UploadNotFound: Member(failures.UploadNotFound),
    errors.UploadIncomplete: Member(
        failures.UploadIncomplete, lambda failure: {"missing_parts": list(failure.missing_parts)}
    ),
    errors.UploadRejected: Member(
        failures.UploadRejected, lambda failure: {"upload": Upload.of(failure.upload)}
    ),
    errors.UploadClosed: Member(
        failures.UploadClosed, lambda failure: {"status": UploadStatus(failure.status.value)}
    ),
    errors.ApiKeyNotFound: Member(failures.ApiKeyNotFound),
}


def member(failure: errors.Failure) -> Any:
    """The union member that tells this failure, a `UserError`."""
    row = MEMBERS[type(failure)]
    return row.type(
        code=failures.UserErrorCode(failure.code), message=failure.message, **row.more(failure)
    )


class MemberHandler:
    """Turns one kind of failure, raised by a resolver, into its union member."""

    def __init__(self, failure: type[errors.Failure]) -> None:
        self.exception_type = failure
        self.error_type = MEMBERS[failure].type

    def handle(
        self, exception: errors.Failure, *, field: StrawberryField, info: strawberry.Info
    ) -> failures.UserError:
        """The member; a cookie whose session has ended is cleared on the way."""
        if isinstance(exception, errors.InvalidSession) and info.context.cookie.used:
            info.context.cookie.clear()
        told: failures.UserError = member(exception)
        return told


HANDLERS = tuple(MemberHandler(failure) for failure in MEMBERS)


def present(error: GraphQLError, result: object, request_id: str) -> GraphQLFormattedError:
    """A top-level error as the client sees it, with its code; unexpected ones are logged."""
    code = _code(error, before_execution=isinstance(result, PreExecutionError))
    if code == "INTERNAL":
        logger.error(
            "request %s: %s failed", request_id, error.path, exc_info=error.original_error or error
        )
        told = internal_error(request_id, error)
        if isinstance(error.original_error, errors.Unavailable):
            told["extensions"]["retryable"] = True
        return told
    return {**error.formatted, "extensions": {"code": code}}


def internal_error(request_id: str, error: GraphQLError | None = None) -> GraphQLFormattedError:
    """What the client sees of an unexpected error: an id to quote, and where it happened."""
    shown: GraphQLFormattedError = {
        "message": f"Internal error (request {request_id}).",
        "extensions": {"code": "INTERNAL", "requestId": request_id},
    }
    if error is not None:
        formatted = error.formatted
        shown["path"] = formatted.get("path", [])
        shown["locations"] = formatted.get("locations", [])
    return shown


def bad_request(message: str) -> GraphQLFormattedError:
    """What the client sees where not even a GraphQL request could be made out."""
    return {"message": message, "extensions": {"code": "BAD_REQUEST"}}


def _code(error: GraphQLError, *, before_execution: bool) -> str:
    stated = (error.extensions or {}).get("code")
    if isinstance(stated, str):
        return stated
    cause = error.original_error
    if isinstance(cause, errors.RequestError):
        return cause.code
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    # Validation reads literals; where that raises, as for an integer of 5000 digits, there is a
    # place in the document to show.
    if before_execution and (cause is None or error.nodes):
        return "GRAPHQL_VALIDATION_FAILED"
    if cause is None:
        return "BAD_USER_INPUT"
    # graphql-core itself found something wrong: with a variable (which has no path), with an
    # argument (it knows where in the document), or with the answer of a resolver.
    if isinstance(cause, GraphQLError) and (error.path is None or cause.nodes):
        return "BAD_USER_INPUT"
    return "INTERNAL"
