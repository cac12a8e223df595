"""Errors say what was wrong once, name their request, and can be copied and pickled."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from threading import Event

import pytest
from client.python.tests.conftest import Account, Media

from media_client import MediaClient, errors
from media_client.answers import api_error
from media_client.errors import (
    USER_ERRORS,
    ApiError,
    BucketError,
    ConfigurationError,
    InvalidInput,
    MediaError,
    Unauthenticated,
    UploadNotFound,
    UserError,
)
from media_client.operations import UploadChange, UploadRequest
from media_client.operations.operation import user_error
from media_client.transfer.retries import bucket_error

UNKNOWN_ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"
UPLOAD = {
    "id": UNKNOWN_ID,
    "filename": "a.txt",
    "contentType": "text/plain",
    "size": 1,
    "checksum": None,
    "tags": ["a"],
    "status": "REJECTED",
    "statusReason": "It is not.",
    "createdAt": "2026-11-27T12:00:00Z",
    "storedAt": None,
    "expiresAt": None,
    "trashedAt": None,
}
FIELDS = {
    "message": "No.",
    "fields": [{"path": ["tags", "0"], "message": "is empty"}],
    "retryAfterSeconds": 3,
    "maxUploadBytes": 4,
    "contentTypes": ["image/*"],
    "availableBytes": 5,
    "missingParts": [1, 2],
    "upload": UPLOAD,
    "status": "CANCELLED",
}


def _kinds(kind: type[MediaError]) -> Iterator[type[MediaError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _kinds(child)


def _error(kind: type[MediaError]) -> MediaError:
    if issubclass(kind, UserError):
        return user_error({**FIELDS, "code": kind.CODE})
    if issubclass(kind, ApiError):
        return kind("CODE", "No.", "request-1")
    if kind is BucketError:
        return BucketError(403, "AccessDenied", "No.", "request-1")
    return kind("No.")


@pytest.mark.parametrize("kind", list(_kinds(MediaError)), ids=lambda kind: kind.__name__)
def test_errors_can_be_copied_and_pickled(kind: type[MediaError]) -> None:
    error = _error(kind)
    error.request_id = "request-2"
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert (str(other), other.args) == (str(error), error.args)
        assert vars(other) == vars(error)


def test_every_user_error_was_tried() -> None:
    assert set(USER_ERRORS.values()) < set(_kinds(MediaError))


def test_invalid_input_says_once_what_is_wrong(account: Account, media: Media) -> None:
    with account.client() as client:
        upload = client.upload_file(media.write("a.txt"))
        with pytest.raises(InvalidInput) as invalid:
            client.update_upload(upload.id, filename="", tags=[""])
    assert str(invalid.value) == "filename: must not be empty; tags.0: must not be empty"
    assert [field.path for field in invalid.value.fields] == [("filename",), ("tags", "0")]
    other = user_error({**FIELDS, "code": "INVALID_INPUT"})
    assert str(other) == "No: tags.0: is empty"


def test_answers_name_their_request(account: Account) -> None:
    """A mistake of the user has the id as an attribute. The text of others shows it, too."""
    with account.client() as client:
        with pytest.raises(UploadNotFound) as missing:
            client.complete_upload(UNKNOWN_ID)
        assert missing.value.request_id
        assert missing.value.request_id not in str(missing.value)
        results = client.update_uploads([UploadChange(UNKNOWN_ID, filename="b")] * 2)
        assert all(isinstance(result, UserError) and result.request_id for result in results)
        with pytest.raises(ApiError) as wrong:
            client.uploads_page(first=1_000)
        assert str(wrong.value).endswith(f" (request {wrong.value.request_id})")
    with MediaClient(account.url, token="mus_nonsense") as stranger:
        with pytest.raises(Unauthenticated) as refused:
            stranger.uploads_page()
        assert refused.value.request_id
        assert refused.value.request_id not in str(refused.value)
    assert api_error("?", {"requestId": "body"}, "header").request_id == "body"


def test_responses_of_the_bucket_name_their_request(account: Account) -> None:
    with account.client() as client:
        ticket = client.request_upload(UploadRequest("a", "text/plain", 5))
        [part] = client.sign_parts(ticket.upload.id, [(1, None)])
        client.cancel_upload(ticket.upload.id)
        url = part.request.url.replace("X-Amz-Signature=", "X-Amz-Signature=0")
        response, body = client.api.pool(Event()).request(
            "PUT", url, part.request.headers, b"hello"
        )
    error = bucket_error(response, body)
    assert (error.status, error.code) == (403, "SignatureDoesNotMatch")
    assert error.request_id
    assert str(error).endswith(f" (request {error.request_id})")


@pytest.mark.parametrize("token", ["ключ", "mus_a\nmus_b", "mus a", "", "mus_\x00"])
def test_a_token_that_no_header_can_have(token: str) -> None:
    with pytest.raises(ConfigurationError) as invalid:
        MediaClient("http://127.0.0.1:9", token=token)
    assert "MEDIA_TOKEN" in str(invalid.value)
    assert not token or token not in str(invalid.value)


def test_a_token_of_the_environment_that_no_header_can_have(media: Media) -> None:
    result = media("whoami", MEDIA_TOKEN="ключ")
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr.startswith("media: The token has a character that tokens never have.")
