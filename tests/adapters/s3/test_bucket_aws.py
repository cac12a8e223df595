"""Responses of AWS that the local S3 server does not send, simulated with botocore's Stubber.

`test_lookups` covers HEAD, which does not use botocore.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.domain.bucket import MultipartEntry, MultipartPage, ObjectEntry
from gql_api.domain.errors import Unavailable
from gql_api.domain.uploads import ChecksumAlgorithm, StoredPart
from tests.adapters.s3.scripted import bucket_at
from tests.upload_records import NOW

WHERE = {"Bucket": "media"}
KEY = {**WHERE, "Key": "k"}
MULTIPART = {**KEY, "UploadId": "m"}
HALF = base64.b64encode(hashlib.sha256(b"half").digest()).decode()
SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.fixture(scope="module")
async def bucket() -> AsyncIterator[S3Bucket]:
    bucket = bucket_at(None, "token")
    yield bucket
    await bucket.close()


@pytest.fixture
def aws(bucket: S3Bucket) -> Iterator[Stubber]:
    with Stubber(bucket.client()) as stubber:
        yield stubber


@contextmanager
def answered(bucket: S3Bucket, body: bytes, **headers: str) -> Iterator[list[Any]]:
    """Respond to each request with 200 and this body, at the HTTP level; yield the requests."""
    sent: list[Any] = []

    def answer(request: Any, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, _headers(headers), _Body(body))

    events: Any = bucket.client().meta.events
    events.register("before-send.s3", answer)
    yield sent
    events.unregister("before-send.s3", answer)


async def test_parts_come_in_pages_of_1000(bucket: S3Bucket, aws: Stubber) -> None:
    parts = [StoredPart(n, 10**7 + n, f'"{n}"', SHA256 if n % 2 else None) for n in range(1, 2501)]
    for page in (parts[:1000], parts[1000:2000], parts[2000:]):
        expected = dict(MULTIPART)
        if page[0].number > 1:
            expected["PartNumberMarker"] = page[0].number - 1  # type: ignore[assignment]
        aws.add_response(
            "list_parts",
            {
                "IsTruncated": page[-1].number < 2500,
                "NextPartNumberMarker": page[-1].number,
                "Parts": [
                    {
                        "PartNumber": part.number,
                        "Size": part.size_bytes,
                        "ETag": part.etag,
                        **({"ChecksumSHA256": part.sha256} if part.sha256 else {}),
                    }
                    for part in page
                ],
            },
            expected,
        )
    assert await bucket.list_parts("k", "m") == parts
    aws.assert_no_pending_responses()


async def test_objects_come_in_pages_of_1000(bucket: S3Bucket, aws: Stubber) -> None:
    entries = [ObjectEntry(f"u/{n:04}", NOW, '"e"') for n in range(1500)]
    for token, page in ((None, entries[:1000]), ("next", entries[1000:])):
        expected = {**WHERE, "Prefix": "u/", "StartAfter": "u/"}
        answer: dict[str, Any] = {
            "IsTruncated": token is None,
            "Contents": [
                {"Key": e.key, "LastModified": e.modified_at, "ETag": e.etag} for e in page
            ],
        }
        if token is None:
            answer["NextContinuationToken"] = "next"
        else:
            expected["ContinuationToken"] = token
        aws.add_response("list_objects_v2", answer, expected)
    assert await bucket.list_objects("u/", "u/", 1200) == entries[:1200]
    aws.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "expected"), [("SlowDown", Unavailable), ("AccessDenied", ClientError)]
)
async def test_what_was_not_deleted_among_others_is_an_error(
    bucket: S3Bucket, aws: Stubber, code: str, expected: type[Exception]
) -> None:
    objects: Any = {"Objects": [{"Key": "a"}, {"Key": "b"}], "Quiet": True}
    failed = {"Errors": [{"Key": "b", "Code": code, "Message": "no"}]}
    aws.add_response("delete_objects", failed, {**WHERE, "Delete": objects})
    with pytest.raises(expected):
        await bucket.delete_all(["a", "b"])


async def test_multipart_uploads_come_in_pages(bucket: S3Bucket, aws: Stubber) -> None:
    entries = [MultipartEntry(f"u/{n} a", f"m{n}", NOW) for n in range(3)]
    for markers, page in (({}, entries[:2]), ({"k": "u/1 a", "m": "m1"}, entries[2:])):
        expected: dict[str, Any] = {**WHERE, "Prefix": "u/", "MaxUploads": 2}
        if markers:
            expected |= {"KeyMarker": markers["k"], "UploadIdMarker": markers["m"]}
        aws.add_response(
            "list_multipart_uploads",
            {
                "IsTruncated": not markers,
                "NextKeyMarker": page[-1].key,
                "NextUploadIdMarker": page[-1].multipart_id,
                "Uploads": [
                    {"Key": e.key, "UploadId": e.multipart_id, "Initiated": e.initiated_at}
                    for e in page
                ],
            },
            expected,
        )
    first = await bucket.list_multiparts("u/", "", 2)
    assert first.entries == entries[:2]
    assert await bucket.list_multiparts("u/", first.next, 2) == MultipartPage(entries[2:])
    aws.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("checksums", "more"),
    [
        (None, {}),
        (ChecksumAlgorithm.SHA256, {"ChecksumAlgorithm": "SHA256"}),
        (
            ChecksumAlgorithm.CRC64NVME,
            {"ChecksumAlgorithm": "CRC64NVME", "ChecksumType": "FULL_OBJECT"},
        ),
    ],
)
async def test_checksums_are_said_at_the_beginning(
    bucket: S3Bucket, aws: Stubber, checksums: ChecksumAlgorithm | None, more: dict[str, str]
) -> None:
    aws.add_response(
        "create_multipart_upload", {"UploadId": "m"}, {**KEY, "ContentType": "text/plain", **more}
    )
    assert await bucket.create_multipart("k", "text/plain", checksums) == "m"


async def test_checksums_of_parts_are_said_at_the_end(bucket: S3Bucket, aws: Stubber) -> None:
    """If an upload has part checksums, AWS requires one for every part at completion."""
    aws.add_response(
        "complete_multipart_upload",
        {"ETag": '"e-2"'},
        {
            **MULTIPART,
            "MultipartUpload": {
                "Parts": [
                    {"PartNumber": 1, "ETag": '"a"', "ChecksumSHA256": SHA256},
                    {"PartNumber": 2, "ETag": '"b"'},
                ]
            },
        },
    )
    parts = [StoredPart(1, 5, '"a"', SHA256), StoredPart(2, 5, '"b"', None)]
    assert await bucket.complete_multipart("k", "m", parts)


Call = Callable[[S3Bucket], Any]
# For each call: the error codes that it translates, and the value it returns for them.
CALLS: list[tuple[str, Call, tuple[str, ...], object]] = [
    (
        "get_object",
        lambda b: b.digest("k", '"e"', ChecksumAlgorithm.SHA256),
        ("NoSuchKey", "PreconditionFailed"),
        None,
    ),
    ("list_parts", lambda b: b.list_parts("k", "m"), ("NoSuchUpload",), None),
    (
        "complete_multipart_upload",
        lambda b: b.complete_multipart("k", "m", [StoredPart(1, 5, '"e"', None)]),
        ("NoSuchUpload",),
        False,
    ),
    ("abort_multipart_upload", lambda b: b.abort_multipart("k", "m"), ("NoSuchUpload",), None),
    ("delete_object", lambda b: b.delete("k"), (), None),
    (
        "create_multipart_upload",
        lambda b: b.create_multipart("k", "a/b", ChecksumAlgorithm.SHA256),
        (),
        None,
    ),
    ("list_objects_v2", lambda b: b.list_objects("", "", 1), (), None),
    ("list_multipart_uploads", lambda b: b.list_multiparts("", "", 9), (), None),
    ("list_objects_v2", lambda b: b.ping(), (), None),
]
CODES = (
    *("404", "403", "NoSuchKey", "NoSuchUpload", "NoSuchBucket", "AccessDenied", "InvalidPart"),
    *("PreconditionFailed", "SlowDown", "InternalError", "EntityTooSmall", "ExpiredToken"),
)


@pytest.mark.parametrize(("operation", "call", "expected", "outcome"), CALLS)
async def test_few_errors_of_each_call_are_outcomes(
    bucket: S3Bucket,
    aws: Stubber,
    operation: str,
    call: Call,
    expected: tuple[str, ...],
    outcome: object,
) -> None:
    for code in CODES:
        aws.add_client_error(operation, code)
        if code in expected:
            assert await call(bucket) is outcome
        else:
            with pytest.raises(ClientError, match=code):
                await call(bucket)


def _headers(headers: dict[str, str]) -> HTTPHeaders:
    message = HTTPHeaders()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


class _Body(io.BytesIO):
    """A response body that botocore can read."""

    def stream(self) -> list[bytes]:
        return [self.read()]


async def test_a_success_that_is_an_error_is_tried_again_and_raised(bucket: S3Bucket) -> None:
    """CompleteMultipartUpload can fail after AWS has sent status 200 (S3 API Reference)."""
    body = b"<Error><Code>InternalError</Code><Message>We encountered an error</Message></Error>"
    with answered(bucket, body) as sent, pytest.raises(Unavailable) as raised:
        await bucket.complete_multipart("k", "m", [StoredPart(1, 5, '"e"', None)])
    assert "InternalError" in str(raised.value.__cause__)
    assert len(sent) == 3


async def test_requests_go_to_the_buckets_own_host(bucket: S3Bucket) -> None:
    with answered(bucket, b"") as sent:
        await bucket.delete("u/k")
    [request] = sent
    assert request.url == "https://media.s3.eu-central-1.amazonaws.com/u/k"
    assert request.headers["X-Amz-Security-Token"] == b"token"
    assert request.headers["Authorization"].startswith(b"AWS4-HMAC-SHA256 ")


async def test_half_an_object_has_no_checksum(bucket: S3Bucket) -> None:
    """A truncated response must not be mistaken for an object with different content."""
    etag = '"e"'
    with (
        answered(bucket, b"half", Content_Length="8", ETag=etag),
        pytest.raises(Unavailable) as raised,
    ):
        await bucket.digest("k", etag, ChecksumAlgorithm.SHA256)
    assert "4 read, but total bytes expected is 8" in str(raised.value.__cause__)
    with answered(bucket, b"half", Content_Length="4", ETag=etag):
        assert await bucket.digest("k", etag, ChecksumAlgorithm.SHA256) == HALF
