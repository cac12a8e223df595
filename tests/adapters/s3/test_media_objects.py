"""Reading uploaded files by ranges for the media function, and writing what it derives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from gql_api.adapters.s3.client import session
from gql_api.adapters.s3.media_objects import S3MediaObjects
from gql_api.domain.media_objects import ObjectGone
from local.gateway import Gateway
from tests.adapters.s3.scripted import KEY_ID, REGION, SECRET, Reply, ScriptedStore, scripted_store

FIRST_BYTES = 256 * 1024
LARGE = os.urandom(FIRST_BYTES + 1000)


@pytest.fixture(scope="module")
def objects(gateway: Gateway, bucket_name: str) -> S3MediaObjects:
    keys = session(gateway.region, gateway.keys.access_key_id, gateway.keys.secret_access_key)
    return S3MediaObjects(bucket=bucket_name, endpoint_url=gateway.endpoint_url, session=keys)


@pytest.fixture
def put(gateway: Gateway, bucket_name: str, key_prefix: str) -> Any:
    client = gateway.client()

    def put(content: bytes) -> tuple[str, str]:
        key = f"{key_prefix}/object"
        return key, client.put_object(Bucket=bucket_name, Key=key, Body=content)["ETag"]

    return put


@pytest.fixture
def store() -> Iterator[ScriptedStore]:
    with scripted_store() as store:
        yield store


def objects_at(store: ScriptedStore) -> S3MediaObjects:
    keys = session(REGION, KEY_ID, SECRET)
    return S3MediaObjects(bucket="media", endpoint_url=store.url, session=keys)


@pytest.mark.parametrize("content", [b"x", LARGE[:FIRST_BYTES], LARGE])
def test_an_object_is_read_by_ranges(objects: S3MediaObjects, put: Any, content: bytes) -> None:
    key, etag = put(content)
    for form in (etag, etag.strip('"')):
        found = objects.open(key, form)
        assert found.size_bytes == len(content)
        assert found.fetch(0, len(content)) == content
        assert found.fetch(len(content) - 1, 1) == content[-1:]


def test_an_empty_object_is_read(objects: S3MediaObjects, put: Any) -> None:
    assert objects.open(*put(b"")).size_bytes == 0


def test_an_object_that_is_gone_is_noticed(objects: S3MediaObjects, put: Any) -> None:
    key, etag = put(b"x")
    with pytest.raises(ObjectGone):
        objects.open(f"{key}-missing", etag)
    with pytest.raises(ObjectGone):
        objects.open(key, '"another"')


def test_an_object_that_is_replaced_while_it_is_read_is_noticed(
    objects: S3MediaObjects, put: Any
) -> None:
    found = objects.open(*put(LARGE))
    put(LARGE[::-1])
    with pytest.raises(ObjectGone):
        found.fetch(FIRST_BYTES, 10)


def test_files_are_written_with_their_type(
    objects: S3MediaObjects, gateway: Gateway, bucket_name: str, key_prefix: str
) -> None:
    key = f"{key_prefix}-renditions/x.webp"
    for content in (b"one", b"two"):
        objects.put(key, content, "image/webp")
    found = gateway.client().get_object(Bucket=bucket_name, Key=key)
    assert (found["Body"].read(), found["ContentType"]) == (b"two", "image/webp")


def ranged(content: bytes, offset: int, size_bytes: int, etag: str = '"e"') -> Reply:
    end = offset + len(content) - 1
    headers = {"ETag": etag, "Content-Range": f"bytes {offset}-{end}/{size_bytes}"}
    return Reply(206, headers, content)


def test_a_small_file_takes_one_request(store: ScriptedStore) -> None:
    store.replies = [ranged(b"small", 0, 5)]
    found = objects_at(store).open("key", '"e"')
    assert (found.fetch(0, 5), found.fetch(2, 2)) == (b"small", b"al")
    [asked] = store.asked
    assert asked.method == "GET"
    assert asked.headers["range"] == f"bytes=0-{FIRST_BYTES - 1}"
    assert asked.headers["if-match"] == '"e"'


def test_a_store_that_ignores_the_condition_is_seen_through(store: ScriptedStore) -> None:
    store.replies = [ranged(b"other", 0, 5, etag='"f"')]
    with pytest.raises(ObjectGone):
        objects_at(store).open("key", '"e"')


def test_bytes_from_another_place_are_not_taken_for_those_asked_for(store: ScriptedStore) -> None:
    whole = Reply(200, {"ETag": '"e"'}, LARGE)
    store.replies = [whole, whole, ranged(LARGE[:10], 0, len(LARGE))]
    found = objects_at(store).open("key", '"e"')
    assert (found.size_bytes, found.fetch(0, 10)) == (len(LARGE), LARGE[:10])
    for _ in range(2):
        with pytest.raises(OSError, match="range"):
            found.fetch(FIRST_BYTES, 10)


def refused(status: int, code: str) -> Reply:
    body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    return Reply(status, {"Content-Type": "application/xml"}, body)


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (503, "SlowDown")])
def test_a_refusal_can_be_tried_again(
    store: ScriptedStore, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    store.replies = [refused(status, code)]
    with pytest.raises(ClientError, match=code):
        objects_at(store).open("key", '"e"')
