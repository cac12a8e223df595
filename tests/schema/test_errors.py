"""Errors become members of unions, top-level errors with a code, or INTERNAL."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from graphql import GraphQLUnionType, build_schema, get_named_type

from gql_api.domain import errors
from gql_api.domain.uploads import UploadStatus
from gql_api.schema import printer
from gql_api.schema.errors import HANDLERS, MEMBERS, member
from gql_api.schema.types.failures import UserError, UserErrorCode
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.library import LibraryService
from gql_api.services.sessions import SessionService
from gql_api.services.trash import TrashService
from gql_api.services.uploads import UploadService
from tests.api import Api, new_user
from tests.upload_records import an_upload

CODES = {
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_COMPLEX",
    "RATE_LIMITED",
    "INTERNAL",
}
UPLOAD = an_upload()
EXAMPLES: list[tuple[errors.Failure, dict[str, object]]] = [
    (errors.InvalidInput([errors.FieldError(("tags", "0"), "is empty")]), {}),
    (errors.UsernameTaken(), {}),
    (errors.InvalidCredentials(), {}),
    (errors.InvalidSession(), {}),
    (errors.TooManyAttempts(7), {"retry_after_seconds": 7}),
    (errors.FileTooLarge(9, 8), {"max_upload_bytes": 8}),
    (errors.UnsupportedMediaType("a/b", ["c/*"]), {"content_types": ["c/*"]}),
    (errors.QuotaExceeded(9, 3), {"available_bytes": 3}),
    (errors.ClientTokenReused(), {}),
    (errors.UploadNotFound(), {}),
    (errors.UploadIncomplete([1, 3], 2), {"missing_parts": [1, 3]}),
    (errors.UploadRejected(UPLOAD), {}),
    (errors.UploadClosed(UploadStatus.CANCELLED), {}),
    (errors.ApiKeyNotFound(), {}),
]
SERVICES: dict[str, Callable[..., Any]] = {
    "signUp": AccountService.sign_up,
    "login": AccountService.login,
    "refreshSession": SessionService.refresh,
    "logout": SessionService.logout,
    "endSession": SessionService.end,
    "changePassword": AccountService.change_password,
    "createApiKey": ApiKeyService.create,
    "revokeApiKey": ApiKeyService.revoke,
    "requestUpload": UploadService.request,
    "requestUploads": UploadService.request,  # `request_many` returns the same failures.
    "completeUpload": UploadService.complete,
    "completeUploads": UploadService.complete,  # `complete_many` returns the same failures.
    "cancelUpload": UploadService.cancel,
    "updateUpload": LibraryService.update,
    "deleteUpload": LibraryService.delete,
    # `update_many` and `delete_many` return the same failures.
    "updateUploads": LibraryService.update,
    "deleteUploads": LibraryService.delete,
    "trashUploads": TrashService.trash_many,
    "restoreUploads": TrashService.restore_many,
}


def _subclasses(root: type[Any]) -> Iterator[type[Any]]:
    for child in root.__subclasses__():
        yield child
        yield from _subclasses(child)


def test_every_failure_has_one_member_and_one_handler() -> None:
    failures = set(_subclasses(errors.Failure))
    assert set(MEMBERS) == failures
    types = [row.type for row in MEMBERS.values()]
    assert len(set(types)) == len(types)
    assert [handler.exception_type for handler in HANDLERS] == list(MEMBERS)
    assert [handler.error_type for handler in HANDLERS] == types


def test_every_failure_is_called_in_the_schema_as_in_the_domain() -> None:
    assert {f.__name__ for f in MEMBERS} == {row.type.__name__ for row in MEMBERS.values()}
    assert {f.code for f in MEMBERS} == {code.value for code in UserErrorCode}


def test_every_request_error_has_a_code_of_the_design() -> None:
    assert {error.code for error in errors.RequestError.__subclasses__()} <= CODES


@pytest.mark.parametrize(("failure", "more"), EXAMPLES)
def test_a_member_tells_all_that_the_failure_has(
    failure: errors.Failure, more: dict[str, object]
) -> None:
    error = member(failure)
    assert isinstance(error, UserError)
    assert type(error).__name__ == type(failure).__name__
    assert error.code.value == failure.code
    assert error.message == failure.message
    assert {name: getattr(error, name) for name in more} == more


def test_the_examples_are_all_failures() -> None:
    assert [type(failure) for failure, _ in EXAMPLES] == list(MEMBERS)


def _documented(method: Callable[..., Any]) -> set[str]:
    """Return the failures that the method's docstring says it returns or raises."""
    names = set(re.findall(r"\b[A-Z][A-Za-z]+\b", method.__doc__ or ""))
    return names & {failure.__name__ for failure in MEMBERS}


def test_each_union_holds_exactly_the_failures_of_the_service() -> None:
    schema = build_schema(printer.printed())
    assert schema.mutation_type is not None
    fields = schema.mutation_type.fields
    assert set(fields) == set(SERVICES)
    for name, field in fields.items():
        union = get_named_type(field.type)
        members = _failures(union) if isinstance(union, GraphQLUnionType) else set()
        assert members == _documented(SERVICES[name]), name


def _failures(union: GraphQLUnionType) -> set[str]:
    return {type_.name for type_ in union.types if type_.interfaces}


# ------------------------------------------------------------------ top-level errors

SYNTAX = "GRAPHQL_PARSE_FAILED"
VALIDATION = "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, SYNTAX),
        ('{ a(b: "\\ud800") }', {}, SYNTAX),
        ("{a" * 5000, {}, SYNTAX),
        ("{ nothing }", {}, VALIDATION),
        ("{ uploads(first: 99999999999) { totalCount } }", {}, VALIDATION),
        ("subscription { x }", {}, VALIDATION),
        ("query ($n: Int!) { uploads(first: $n) { totalCount } }", {}, "BAD_USER_INPUT"),
        ("query ($n: Int) { uploads(first: $n) { totalCount } }", {"n": "1"}, "BAD_USER_INPUT"),
        (
            "mutation ($b: Boolean = true) { logout(everywhere: $b) { sessionsEnded } }",
            {"b": None},
            "BAD_USER_INPUT",
        ),
        ("{ uploads(first: 101) { totalCount } }", {}, "BAD_USER_INPUT"),
        ("query A { viewer { id } } query B { viewer { id } }", {}, "BAD_REQUEST"),
        ("fragment A on User { id }", {}, "BAD_REQUEST"),
        ("", {}, "BAD_REQUEST"),
    ],
)
async def test_codes(
    client: httpx.AsyncClient, query: str, variables: dict[str, object], code: str
) -> None:
    ada = await new_user(client)
    assert (await ada.error(query, **variables))[0] == code


async def test_wrong_variables_are_all_told(client: httpx.AsyncClient) -> None:
    query = "query ($f: UploadFilter) { uploads(filter: $f) { totalCount } }"
    response = await Api(client).post(query, f={"search": 1, "createdAfter": "x", "new": 1})
    body = response.json()
    assert [error["extensions"] for error in body["errors"]] == [{"code": "BAD_USER_INPUT"}] * 3
    assert "data" not in body


def _logged(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return the log records of level ERROR, which excludes the security log."""
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_an_unexpected_error_says_nothing_but_its_id(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(self: LibraryService, owner_id: str, upload_id: str) -> None:
        raise RuntimeError("an internal detail")

    ada = await new_user(client)
    monkeypatch.setattr(LibraryService, "find", fail)
    response = await ada.post('{ viewer { username } upload(id: "x") { id } }')
    body = response.json()
    request_id = response.headers["x-request-id"]
    assert body["data"] == {
        "viewer": {"username": body["data"]["viewer"]["username"]},
        "upload": None,
    }
    assert body["errors"] == [
        {
            "message": f"Internal error (request {request_id}).",
            "path": ["upload"],
            "locations": [{"line": 1, "column": 23}],
            "extensions": {"code": "INTERNAL", "requestId": request_id},
        }
    ]
    [record] = _logged(caplog)
    assert request_id in record.getMessage()
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "an internal detail"


async def test_an_answer_that_does_not_fit_its_type_is_internal(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await new_user(client)
    for wrong, selection in ((2**40, "totalCount"), (None, "totalCount")):

        async def count(self: LibraryService, *_: object, answer: object = wrong) -> object:
            return answer

        monkeypatch.setattr(LibraryService, "count", count)
        code, message = await ada.error(f"{{ uploads {{ {selection} }} }}")
        assert code == "INTERNAL"
        assert str(wrong) not in message
    assert len(_logged(caplog)) == 2


async def test_a_failure_that_a_union_lacks_is_internal(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(self: LibraryService, owner_id: str, upload_id: str) -> None:
        raise errors.QuotaExceeded(1, 0)

    ada = await new_user(client)
    monkeypatch.setattr(LibraryService, "delete", fail)
    code, message = await ada.error('mutation { deleteUpload(id: "x") { __typename } }')
    assert code == "INTERNAL"
    assert "quota" not in message
    assert len(_logged(caplog)) == 1


async def test_a_clients_mistakes_are_not_logged(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    for query in ("{", "{ nothing }", '{ upload(id: "x") { id } }', ""):
        await Api(client).error(query)
    assert caplog.records == []


SUGGESTING = [
    "{ viewer { usernam } }",
    '{ upload(idd: "x") { id } }',
    "{ uploads(orderBy: { fild: SIZE }) { totalCount } }",
    "{ uploads(orderBy: { field: SIZ }) { totalCount } }",
    "query ($o: UploadOrdr) { uploads(orderBy: $o) { totalCount } }",
    "{ viewer { ... on Usr { id } } }",
    "query ($o: UploadOrder = { field: SIZ }) { uploads(orderBy: $o) { totalCount } }",
]


@pytest.mark.parametrize("query", SUGGESTING)
async def test_strangers_are_not_told_the_schema(client: httpx.AsyncClient, query: str) -> None:
    assert "Did you mean" not in (await Api(client).post(query)).text


@pytest.mark.parametrize("query", SUGGESTING)
@pytest.mark.settings(GRAPHQL_INTROSPECTION="true")
async def test_developers_are_helped(client: httpx.AsyncClient, query: str) -> None:
    assert "Did you mean" in (await Api(client).post(query)).text


async def test_introspection_is_off_unless_set(client: httpx.AsyncClient) -> None:
    for query in ("{ __schema { types { name } } }", '{ __type(name: "User") { name } }'):
        body = (await Api(client).post(query)).json()
        assert {error["extensions"]["code"] for error in body["errors"]} == {VALIDATION}
        assert "data" not in body
    assert await Api(client).data("{ __typename }") == {"__typename": "Query"}


@pytest.mark.settings(GRAPHQL_INTROSPECTION="true")
async def test_introspection_can_be_on(client: httpx.AsyncClient) -> None:
    data = await Api(client).data('{ __type(name: "User") { name } }')
    assert data == {"__type": {"name": "User"}}
