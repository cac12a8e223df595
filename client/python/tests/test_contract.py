"""The package matches schema.graphql: its documents are valid and cover every operation."""

from __future__ import annotations

import inspect
from typing import Any

import graphql
import pytest
from client.python.tests.service import PROJECT

from media_client import MediaClient, operations
from media_client.aio import AsyncMediaClient
from media_client.answers import api_error
from media_client.errors import USER_ERRORS, ApiError, Unauthenticated
from media_client.models import (
    ApiKeyScope,
    Disposition,
    OrderDirection,
    RenditionName,
    UploadOrderField,
    UploadStatus,
)
from media_client.operations import Operation, UploadChange, UploadFilter, UploadRequest
from media_client.operations.operation import user_error

SCHEMA = graphql.build_schema((PROJECT / "schema.graphql").read_text())
REQUEST = UploadRequest("a", "b/c", 1, "checksum", ("tag",), "token")
OPERATIONS: list[Operation[Any]] = [
    operations.sign_in_methods(),
    operations.sign_up("a", "b", None, None),
    operations.login("a", "b"),
    operations.refresh_session("a"),
    operations.logout(True),
    operations.change_password("a", "b", True),
    operations.sessions(),
    operations.end_session("a"),
    operations.viewer(),
    operations.api_keys(),
    operations.create_api_key("a", None, ApiKeyScope.READ, "b"),
    operations.revoke_api_key("a"),
    operations.limits(),
    operations.find_upload("a"),
    operations.uploads(
        1,
        None,
        UploadFilter(status=[UploadStatus.STORED], trashed=True),
        UploadOrderField.SIZE,
        OrderDirection.ASC,
        True,
    ),
    operations.uploads(1, None, UploadFilter(), UploadOrderField.SIZE, OrderDirection.ASC, False),
    operations.changes(1, "after"),
    operations.update_upload("a", None, ["b"]),
    operations.delete_upload("a"),
    operations.update_uploads([UploadChange("a", tags=["b"])]),
    operations.trash_uploads(["a", "b"]),
    operations.restore_uploads(["a", "b"]),
    operations.delete_uploads(["a", "b"]),
    operations.downloads(["a", "b"]),
    operations.find_uploads(["a", "b"]),
    operations.rendition("a", RenditionName.PREVIEW),
    operations.renditions(["a", "b"], RenditionName.THUMBNAIL),
    operations.download("a", Disposition.INLINE, 5),
    operations.request_upload(REQUEST),
    operations.request_uploads([REQUEST], with_parts=True),
    operations.request_uploads([REQUEST], with_parts=False),
    operations.sign_parts("a", [(1, None), (2, "checksum")]),
    operations.transfer("a"),
    operations.complete_upload("a"),
    operations.complete_uploads(["a", "b"]),
    operations.cancel_upload("a"),
    operations.cancel_uploads(["a", "b"]),
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.document[:60])
def test_each_document_is_valid(operation: Operation[Any]) -> None:
    document = graphql.parse(operation.document)
    assert graphql.validate(SCHEMA, document) == []
    [definition] = [
        node for node in document.definitions if isinstance(node, graphql.OperationDefinitionNode)
    ]
    variables = graphql.get_variable_values(
        SCHEMA, definition.variable_definitions or (), dict(operation.variables)
    )
    assert not isinstance(variables, list), variables  # A list holds errors.


def test_each_operation_of_the_service_has_a_document() -> None:
    assert SCHEMA.query_type
    assert SCHEMA.mutation_type
    defined = {*SCHEMA.query_type.fields, *SCHEMA.mutation_type.fields}
    used = set()
    for operation in OPERATIONS:
        [definition] = [
            node
            for node in graphql.parse(operation.document).definitions
            if isinstance(node, graphql.OperationDefinitionNode)
        ]
        for selection in definition.selection_set.selections:
            assert isinstance(selection, graphql.FieldNode)
            used.add(selection.name.value)
    assert used == defined


def test_each_code_has_its_exception() -> None:
    codes = SCHEMA.type_map["UserErrorCode"]
    assert isinstance(codes, graphql.GraphQLEnumType)
    assert set(USER_ERRORS) == set(codes.values)
    members = {
        name
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, graphql.GraphQLObjectType)
        and "UserError" in {interface.name for interface in kind.interfaces}
    }
    assert {kind.__name__ for kind in USER_ERRORS.values()} == members


def test_unknown_codes_become_the_base_class() -> None:
    error = user_error({"code": "FROM_THE_FUTURE", "message": "What?"})
    assert (error.code, str(error)) == ("FROM_THE_FUTURE", "What?")
    assert type(api_error("What?", {"code": "NEW"})) is ApiError
    refused = api_error("Who?", {"code": "UNAUTHENTICATED", "requestId": "42"})
    assert (type(refused), str(refused), refused.request_id) == (Unauthenticated, "Who?", "42")


def test_the_asynchronous_client_has_every_method() -> None:
    def methods(kind: type) -> set[str]:
        return {
            name
            for name, value in inspect.getmembers(kind, callable)
            if not name.startswith("_") and name not in ("run", "for_run")
        }

    assert methods(AsyncMediaClient) == methods(MediaClient)
