"""The bucket on a real S3 server. `test_bucket_aws` covers what AWS does differently."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.client import session
from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.domain.bucket import MultipartPage
from gql_api.domain.parts import MIB
from gql_api.domain.uploads import ChecksumAlgorithm, ObjectFacts, StoredPart
from local import ports
from local.gateway import Gateway

TYPE = "text/plain; charset=utf-8"


def bucket_at(
    gateway: Gateway, name: str, *, endpoint_url: str | None = None, secret: str | None = None
) -> S3Bucket:
    key_id, secret = gateway.keys.access_key_id, secret or gateway.keys.secret_access_key
    endpoint_url = endpoint_url or gateway.endpoint_url
    return S3Bucket(
        bucket=name,
        endpoint_url=endpoint_url,
        session=session(gateway.region, key_id, secret),
        signer=S3Presigner(
            credentials=FixedCredentials(Credentials(key_id, secret, None, None)),
            session_token_seconds=900,
            region=gateway.region,
            bucket=name,
            endpoint_url=endpoint_url,
        ),
    )


@pytest.fixture(scope="module")
async def bucket(gateway: Gateway, bucket_name: str) -> AsyncIterator[S3Bucket]:
    bucket = bucket_at(gateway, bucket_name)
    yield bucket
    await bucket.close()


def put(bucket: S3Bucket, name: str, key: str, body: bytes = b"bytes") -> str:
    answer = bucket.client().put_object(Bucket=name, Key=key, Body=body, ContentType=TYPE)
    return answer["ETag"]


def send_part(
    bucket: S3Bucket, name: str, key: str, multipart_id: str, number: int, body: bytes
) -> None:
    bucket.client().upload_part(
        Bucket=name, Key=key, UploadId=multipart_id, PartNumber=number, Body=body
    )


def sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def md5_etag(data: bytes) -> str:
    return f'"{hashlib.md5(data).hexdigest()}"'


async def code_of(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        await call
    return str(caught.value.response["Error"]["Code"])


# ------------------------------------------------------------------ objects


@pytest.mark.parametrize("body", [b"", b"x", b"bytes"])
async def test_head(bucket: S3Bucket, bucket_name: str, key_prefix: str, body: bytes) -> None:
    key = f"{key_prefix}/a"
    assert await bucket.head(key) is None
    etag = put(bucket, bucket_name, key, body)
    assert await bucket.head(key) == ObjectFacts(len(body), TYPE, etag, None)
    assert etag == md5_etag(body)


@pytest.mark.parametrize("size", [0, 1, MIB, 3 * MIB + 17])
async def test_sha256(bucket: S3Bucket, bucket_name: str, key_prefix: str, size: int) -> None:
    key, body = f"{key_prefix}/a", os.urandom(size)
    assert await bucket.digest(key, md5_etag(body), ChecksumAlgorithm.SHA256) is None
    etag = put(bucket, bucket_name, key, body)
    assert await bucket.digest(key, etag, ChecksumAlgorithm.SHA256) == sha256(body)


async def test_crc64nvme(bucket: S3Bucket, bucket_name: str, key_prefix: str) -> None:
    key, algorithm = f"{key_prefix}/a", ChecksumAlgorithm.CRC64NVME
    etag = put(bucket, bucket_name, key, b"123456789")
    assert await bucket.digest(key, etag, algorithm) == "rosUhgp5mIg="
    assert await bucket.digest(key, md5_etag(b"other"), algorithm) is None


async def test_sha256_of_the_object_that_was_looked_at(
    bucket: S3Bucket, bucket_name: str, key_prefix: str
) -> None:
    key = f"{key_prefix}/a"
    old, new = (put(bucket, bucket_name, key, body) for body in (b"old", b"new"))
    assert await bucket.digest(key, old, ChecksumAlgorithm.SHA256) is None
    assert await bucket.digest(key, new, ChecksumAlgorithm.SHA256) == sha256(b"new")


async def test_delete(bucket: S3Bucket, bucket_name: str, key_prefix: str) -> None:
    for name in ("a", "b"):
        put(bucket, bucket_name, f"{key_prefix}/{name}")
    await bucket.delete(f"{key_prefix}/a")
    assert await bucket.head(f"{key_prefix}/a") is None
    assert await bucket.head(f"{key_prefix}/b") is not None
    await bucket.delete(f"{key_prefix}/a")


async def test_delete_all(bucket: S3Bucket, bucket_name: str, key_prefix: str) -> None:
    for name in ("a", "b", "c"):
        put(bucket, bucket_name, f"{key_prefix}/{name}")
    await bucket.delete_all([f"{key_prefix}/{name}" for name in ("a", "c", "never existed")])
    await bucket.delete_all([])
    assert [it.key for it in await bucket.list_objects(key_prefix, "", 9)] == [f"{key_prefix}/b"]


async def test_objects_are_listed_in_pieces(
    bucket: S3Bucket, bucket_name: str, key_prefix: str
) -> None:
    keys = [f"{key_prefix}/{n:02}" for n in range(7)]
    for key in [*keys, f"{key_prefix}-other/a"]:
        put(bucket, bucket_name, key)
    entries = await bucket.list_objects(f"{key_prefix}/", "", 100)
    assert [entry.key for entry in entries] == keys
    assert all(abs(datetime.now(UTC) - e.modified_at) < timedelta(hours=1) for e in entries)
    pieces = [await bucket.list_objects(f"{key_prefix}/", "", 3)]
    while len(pieces[-1]) == 3:
        pieces.append(await bucket.list_objects(f"{key_prefix}/", pieces[-1][-1].key, 3))
    assert [len(piece) for piece in pieces] == [3, 3, 1]
    assert [entry for piece in pieces for entry in piece] == list(entries)
    assert list(await bucket.list_objects(f"{key_prefix}/none/", "", 100)) == []


# ------------------------------------------------------------------ multipart uploads


async def test_a_multipart_upload(bucket: S3Bucket, bucket_name: str, key_prefix: str) -> None:
    key = f"{key_prefix}/a"
    multipart_id = await bucket.create_multipart(key, TYPE, None)
    assert list(await bucket.list_parts(key, multipart_id) or ()) == []
    [entry] = (await bucket.list_multiparts(f"{key_prefix}/", "", 10)).entries
    assert (entry.key, entry.multipart_id) == (key, multipart_id)
    assert abs(datetime.now(UTC) - entry.initiated_at) < timedelta(hours=1)

    bodies = {2: os.urandom(3), 1: os.urandom(5 * MIB)}
    for number, body in bodies.items():
        send_part(bucket, bucket_name, key, multipart_id, number, body)
    parts = await bucket.list_parts(key, multipart_id)
    assert parts == [
        StoredPart(
            number, len(bodies[number]), f'"{hashlib.md5(bodies[number]).hexdigest()}"', None
        )
        for number in (1, 2)
    ]

    assert await bucket.head(key) is None
    assert await bucket.complete_multipart(key, multipart_id, parts)
    facts = await bucket.head(key)
    assert facts is not None
    assert (facts.size_bytes, facts.content_type) == (5 * MIB + 3, TYPE)
    digest = await bucket.digest(key, facts.etag, ChecksumAlgorithm.SHA256)
    assert digest == sha256(bodies[1] + bodies[2])
    # The multipart upload no longer exists, so a second attempt returns False.
    assert await bucket.list_parts(key, multipart_id) is None
    assert await bucket.complete_multipart(key, multipart_id, parts) is False
    assert await bucket.list_multiparts(f"{key_prefix}/", "", 10) == MultipartPage([])
    await bucket.abort_multipart(key, multipart_id)
    assert await bucket.head(key) == facts


async def test_a_multipart_upload_that_is_dropped(
    bucket: S3Bucket, bucket_name: str, key_prefix: str
) -> None:
    key = f"{key_prefix}/a"
    multipart_id = await bucket.create_multipart(key, TYPE, ChecksumAlgorithm.SHA256)
    send_part(bucket, bucket_name, key, multipart_id, 1, b"bytes")
    await bucket.abort_multipart(key, multipart_id)
    assert await bucket.list_parts(key, multipart_id) is None
    assert await bucket.complete_multipart(key, multipart_id, [StoredPart(1, 5, '"e"', None)]) is (
        False
    )
    await bucket.abort_multipart(key, multipart_id)
    assert await bucket.head(key) is None


async def test_another_part_than_is_there_is_an_error(
    bucket: S3Bucket, bucket_name: str, key_prefix: str
) -> None:
    key = f"{key_prefix}/a"
    multipart_id = await bucket.create_multipart(key, TYPE, None)
    send_part(bucket, bucket_name, key, multipart_id, 1, b"bytes")
    wrong = [StoredPart(1, 5, f'"{"0" * 32}"', None)]
    assert await code_of(bucket.complete_multipart(key, multipart_id, wrong)) == "InvalidPart"
    [part] = await bucket.list_parts(key, multipart_id) or ()
    assert part.size_bytes == 5


async def test_multipart_uploads_under_a_prefix(bucket: S3Bucket, key_prefix: str) -> None:
    keys = [f"{key_prefix}/{name}" for name in ("b", "a", "a")]
    created = {(key, await bucket.create_multipart(key, TYPE, None)) for key in keys}
    await bucket.create_multipart(f"{key_prefix}-other/a", TYPE, None)
    whole = await bucket.list_multiparts(f"{key_prefix}/", "", 10)
    assert {(entry.key, entry.multipart_id) for entry in whole.entries} == created
    assert (len(whole.entries), whole.next) == (3, "")
    pages = [await bucket.list_multiparts(f"{key_prefix}/", "", 2)]
    await bucket.abort_multipart(pages[0].entries[1].key, pages[0].entries[1].multipart_id)
    pages.append(await bucket.list_multiparts(f"{key_prefix}/", pages[0].next, 2))
    assert [entry for page in pages for entry in page.entries] == list(whole.entries)
    assert pages[1].next == ""


# ------------------------------------------------------------------ failures


async def test_ping(bucket: S3Bucket) -> None:
    await bucket.ping()


async def test_a_bucket_that_does_not_exist(gateway: Gateway, key_prefix: str) -> None:
    bucket = bucket_at(gateway, "there-is-none")
    try:
        key = f"{key_prefix}/a"
        calls = (
            bucket.ping(),
            bucket.digest(key, '"e"', ChecksumAlgorithm.SHA256),
            bucket.list_objects("", "", 1),
            bucket.list_multiparts("", "", 10),
            bucket.create_multipart(key, TYPE, None),
        )
        assert {await code_of(call) for call in calls} == {"NoSuchBucket"}
    finally:
        await bucket.close()


async def test_a_wrong_secret_is_not_taken_for_no_object(
    gateway: Gateway, bucket_name: str, key_prefix: str
) -> None:
    bucket = bucket_at(gateway, bucket_name, secret="another-one")
    try:
        key = f"{key_prefix}/a"
        assert await code_of(bucket.head(key)) == "403"
        for call in (
            bucket.ping(),
            bucket.digest(key, '"e"', ChecksumAlgorithm.SHA256),
            bucket.delete(key),
            bucket.list_parts(key, "m"),
            bucket.complete_multipart(key, "m", [StoredPart(1, 5, '"e"', None)]),
            bucket.abort_multipart(key, "m"),
        ):
            assert await code_of(call) == "SignatureDoesNotMatch"
    finally:
        await bucket.close()


async def test_a_server_that_is_not_there(gateway: Gateway, bucket_name: str) -> None:
    nowhere = f"http://{ports.HOST}:{ports.free_port()}"
    bucket = bucket_at(gateway, bucket_name, endpoint_url=nowhere)
    try:
        with pytest.raises(EndpointConnectionError):
            await bucket.ping()
    finally:
        await bucket.close()


async def test_a_bucket_that_was_never_used_closes(gateway: Gateway, bucket_name: str) -> None:
    bucket = bucket_at(gateway, bucket_name)
    await bucket.close()


def test_boto3_is_not_imported_before_it_is_needed() -> None:
    program = """
import sys
from tests.adapters.s3.scripted import bucket_at

bucket = bucket_at(None)
print({"boto3", "botocore", "s3transfer"} & set(sys.modules))
bucket.client()
print("boto3" in sys.modules)
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout == "set()\nTrue\n"
