"""Maps errors to responses.

A `Failure`, returned or raised, becomes a member of the mutation's result union, by the table
`MEMBERS`. A `RequestError` becomes a top-level error with its code. Any other error is INTERNAL:
the client gets a request id to quote, and the log has the traceback under the same id. An
`Unavailable` is also marked as `retryable`. The request log gets the code of each.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLError, GraphQLFormattedError, GraphQLSyntaxError
from strawberry.types.execution import PreExecutionError
from strawberry.types.field import StrawberryField

from gql_api.domain import errors, uploads
from gql_api.schema.cost.answer_size import exceeds
from gql_api.schema.types import failures
from gql_api.schema.types.uploads import Upload, status_of
from gql_api.services import request_log
from gql_api.services.request_log import Outcome

logger = logging.getLogger(__name__)


class Member(NamedTuple):
    """The union member for a failure, and its fields in addition to code and message."""

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
        failures.UploadClosed, lambda failure: {"status": status_of(failure.status)}
    ),
    errors.ApiKeyNotFound: Member(failures.ApiKeyNotFound),
}


def member(failure: errors.Failure) -> Any:
    """Return the union member for a failure, a `UserError`."""
    request_log.current().note(failure.code, Outcome.FAILED)
    row = MEMBERS[type(failure)]
    return row.type(
        code=failures.UserErrorCode(failure.code), message=failure.message, **row.more(failure)
    )


def upload_member(outcome: uploads.Upload | errors.Failure) -> Upload | Any:
    """Return the union member for the outcome of one upload: the upload, or its failure."""
    return member(outcome) if isinstance(outcome, errors.Failure) else Upload.of(outcome)


class MemberHandler:
    """Turns one type of failure, raised by a resolver, into its union member."""

    def __init__(self, failure: type[errors.Failure]) -> None:
        self.exception_type = failure
        self.error_type = MEMBERS[failure].type

    def handle(
        self, exception: errors.Failure, *, field: StrawberryField, info: strawberry.Info
    ) -> failures.UserError:
        """Return the member; clears the cookie if its session has ended."""
        if isinstance(exception, errors.InvalidSession) and info.context.cookie.used:
            info.context.cookie.clear()
        error: failures.UserError = member(exception)
        return error


HANDLERS = tuple(MemberHandler(failure) for failure in MEMBERS)


def present(error: GraphQLError, result: object, request_id: str) -> GraphQLFormattedError:
    """Return a top-level error as the client sees it, with its code; logs unexpected errors."""
    code = _code(error, before_execution=isinstance(result, PreExecutionError))
    if code == "INTERNAL":
        logger.error(
            "request %s: %s failed", request_id, error.path, exc_info=error.original_error or error
        )
        shown = internal_error(request_id, error)
        if isinstance(error.original_error, errors.Unavailable):
            shown["extensions"]["retryable"] = True
        return shown
    extensions: dict[str, Any] = {"code": code}
    cause = error.original_error
    if isinstance(cause, errors.ResponseTooLarge) and cause.max_files is not None:
        extensions["maxFiles"] = cause.max_files
    request_log.current().note(code, Outcome.REFUSED)
    return {**error.formatted, "extensions": extensions}


def internal_error(request_id: str, error: GraphQLError | None = None) -> GraphQLFormattedError:
    """Return an unexpected error as the client sees it: a request id to quote, and the location."""
    request_log.current().note("INTERNAL", Outcome.INTERNAL)
    shown: GraphQLFormattedError = {
        "message": f"Internal error (request {request_id}).",
        "extensions": {"code": "INTERNAL", "requestId": request_id},
    }
    if error is not None:
        formatted = error.formatted
        shown["path"] = formatted.get("path", [])
        shown["locations"] = formatted.get("locations", [])
    return shown


def unserved(
    error: errors.NotPrepared | errors.Unavailable, request_id: str
) -> GraphQLFormattedError:
    """Return the error for a request that came before the service could answer any.

    It is retryable: an operator is usually preparing the database at this moment.
    """
    logger.error("request %s was not executed: %s", request_id, error.message)
    shown = internal_error(request_id)
    if isinstance(error, errors.NotPrepared):
        shown["message"] = error.message
    shown["extensions"]["retryable"] = True
    return shown


def find_excess(response: bytes, max_bytes: int) -> GraphQLFormattedError | None:
    """Return the error that replaces a response that is too large; None if it is not."""
    if not exceeds(response, max_bytes):
        return None
    error = errors.ResponseTooLarge(max_bytes)
    return {"message": error.message, "extensions": {"code": error.code}}


def bad_request(message: str) -> GraphQLFormattedError:
    """Return the error for a request that is not a valid GraphQL request."""
    request_log.current().note("BAD_REQUEST", Outcome.REFUSED)
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
    # Validation parses literals. If that raises, as for an integer of 5000 digits, the error has
    # a location in the document.
    if before_execution and (cause is None or error.nodes):
        return "GRAPHQL_VALIDATION_FAILED"
    if cause is None:
        return "BAD_USER_INPUT"
    # graphql-core itself rejected a variable (the error has no path), an argument (it has a
    # location in the document), or the result of a resolver.
    if isinstance(cause, GraphQLError) and (error.path is None or cause.nodes):
        return "BAD_USER_INPUT"
    return "INTERNAL"
