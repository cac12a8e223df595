"""The pre-signed URLs are byte-for-byte the same as those of botocore's S3 client."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import botocore.session
import hypothesis.strategies as st
from botocore.config import Config
from hypothesis import given

from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm
from tests.random_work import examples

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
OTHER_SHA256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
TOKEN = "FwoGZXIvYXdzEBYaDH/+= abc"
# Region, bucket, endpoint and session token.
Place = tuple[str, str, str | None, str | None]
PLACES: list[Place] = [
    ("eu-west-1", "media", None, None),
    ("us-east-1", "media-2", None, TOKEN),
    ("ap-southeast-2", "my.media.bucket", None, None),
    ("cn-north-1", "media", None, None),
    ("us-east-1", "media", "http://127.0.0.1:9000", None),
    ("us-east-1", "my.media", "https://minio.example:443", TOKEN),
    ("us-east-1", "media", "http://[::1]:80", None),
    ("auto", "media", "https://Account.r2.example", None),
]
TYPE_CHARACTERS = "abcxyzABC019!#$&^_.+-"
tokens = st.text(alphabet=TYPE_CHARACTERS, min_size=1, max_size=12)
quoted = st.text(alphabet=TYPE_CHARACTERS + " \t;,/=()", max_size=12).map(lambda v: f'"{v}"')
content_types = st.builds(
    lambda kind, subtype, parameters: f"{kind}/{subtype}" + "".join(parameters),
    tokens,
    tokens,
    st.lists(st.builds("; {}={}".format, tokens, st.one_of(tokens, quoted)), max_size=3),
)
odd_text = st.text(
    alphabet=" +%/~'\"?#&=;:@!*()[]{}\\\n.-_aZ09é日😀\u202e", min_size=1, max_size=30
)
texts = st.one_of(st.text(min_size=1), odd_text)
checksums = st.one_of(st.none(), st.sampled_from([SHA256, OTHER_SHA256]))
sizes = st.integers(0, 2**53)
lives = st.integers(1, 604_800)
instants = st.datetimes(
    min_value=datetime(1990, 1, 1),
    max_value=datetime(2200, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
)
places = st.sampled_from(PLACES)
proof = examples(100)


@functools.cache
def client(region: str, endpoint_url: str | None, session_token: str | None) -> Any:
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", SECRET, session_token)
    options: dict[str, Any] = {
        "signature_version": "s3v4",
        "s3": {
            "addressing_style": "path" if endpoint_url else "virtual",
            "us_east_1_regional_endpoint": "regional",
        },
        "request_checksum_calculation": "when_required",
        "ignore_configured_endpoint_urls": True,
    }
    return session.create_client(
        "s3", region_name=region, endpoint_url=endpoint_url, config=Config(**options)
    )


def botocore_url(
    place: Place, at: datetime, ttl_seconds: int, operation: str, **parameters: object
) -> str:
    """Return the URL that botocore signs at the time `at`."""
    region, bucket, endpoint_url, session_token = place
    now = at.astimezone(UTC).replace(tzinfo=None)
    given = {name: value for name, value in parameters.items() if value is not None}
    with patch("botocore.auth.get_current_datetime", lambda: now):
        url: str = client(region, endpoint_url, session_token).generate_presigned_url(
            operation, Params={"Bucket": bucket, **given}, ExpiresIn=ttl_seconds
        )
    return url


def presigner(place: Place) -> S3Presigner:
    region, bucket, endpoint_url, session_token = place
    return S3Presigner(
        credentials=FixedCredentials(Credentials("AKIDEXAMPLE", SECRET, session_token, None)),
        session_token_seconds=604_800,
        region=region,
        bucket=bucket,
        endpoint_url=endpoint_url,
    )


@given(places, texts, sizes, content_types, checksums, instants, lives)
@proof
def test_put_object_equals_botocore(
    place: Place,
    key: str,
    size_bytes: int,
    content_type: str,
    sha256: str | None,
    at: datetime,
    ttl_seconds: int,
) -> None:
    checksum = None if sha256 is None else Checksum(ChecksumAlgorithm.SHA256, sha256)
    ours = presigner(place).put_object(
        key, size_bytes, content_type, checksum, at=at, ttl_seconds=ttl_seconds
    )
    assert ours.url == botocore_url(
        place,
        at,
        ttl_seconds,
        "put_object",
        Key=key,
        ContentLength=size_bytes,
        ContentType=content_type,
        IfNoneMatch="*",
        ChecksumSHA256=sha256,
    )


@given(
    places,
    texts,
    texts,
    st.lists(st.tuples(st.integers(1, 10_000), sizes, checksums), max_size=4),
    instants,
    lives,
)
@proof
def test_upload_parts_equal_botocore(
    place: Place,
    key: str,
    multipart_id: str,
    parts: Sequence[tuple[int, int, str | None]],
    at: datetime,
    ttl_seconds: int,
) -> None:
    ours = presigner(place).upload_parts(
        key, multipart_id, iter(parts), at=at, ttl_seconds=ttl_seconds
    )
    assert [request.url for request in ours] == [
        botocore_url(
            place,
            at,
            ttl_seconds,
            "upload_part",
            Key=key,
            PartNumber=number,
            UploadId=multipart_id,
            ContentLength=size_bytes,
            ChecksumSHA256=sha256,
        )
        for number, size_bytes, sha256 in parts
    ]


@given(places, texts, content_types, st.one_of(st.text(), odd_text), instants, lives)
@proof
def test_get_object_equals_botocore(
    place: Place,
    key: str,
    content_type: str,
    content_disposition: str,
    at: datetime,
    ttl_seconds: int,
) -> None:
    ours = presigner(place).get_object(
        key, content_type, content_disposition, at=at, ttl_seconds=ttl_seconds
    )
    assert ours.url == botocore_url(
        place,
        at,
        ttl_seconds,
        "get_object",
        Key=key,
        ResponseCacheControl="private, no-store",
        ResponseContentType=content_type,
        ResponseContentDisposition=content_disposition,
    )


@given(places, texts, instants, lives)
@proof
def test_head_object_equals_botocore(
    place: Place, key: str, at: datetime, ttl_seconds: int
) -> None:
    ours = presigner(place).head_object(key, at=at, ttl_seconds=ttl_seconds)
    assert ours.url == botocore_url(
        place, at, ttl_seconds, "head_object", Key=key, ChecksumMode="ENABLED"
    )
    assert dict(ours.headers) == {"x-amz-checksum-mode": "ENABLED"}


def test_addresses_in_all_partitions() -> None:
    session = botocore.session.Session()
    partitions = session.get_available_partitions()
    regions = [session.get_available_regions("s3", name)[0] for name in partitions]
    assert {"af-south-1", "cn-north-1", "us-gov-east-1"} <= set(regions)
    at = datetime(2030, 1, 1, tzinfo=UTC)
    for region in regions:
        place: Place = (region, "media", None, None)
        ours = presigner(place).get_object("k", "text/plain", "inline", at=at, ttl_seconds=1)
        assert ours.url == botocore_url(
            place,
            at,
            1,
            "get_object",
            Key="k",
            ResponseCacheControl="private, no-store",
            ResponseContentType="text/plain",
            ResponseContentDisposition="inline",
        )


def test_content_type_that_botocore_forgets() -> None:
    """The only difference: botocore takes this type for its own default and does not sign it.

    A client could send any type with such a URL, so the presigner signs it like any other.
    """
    place, at = PLACES[0], datetime(2030, 1, 1, tzinfo=UTC)
    content_type = "application/x-www-form-urlencoded; charset=utf-8"
    ours = presigner(place).put_object("k", 5, content_type, None, at=at, ttl_seconds=60)
    theirs = botocore_url(
        place,
        at,
        60,
        "put_object",
        Key="k",
        ContentLength=5,
        ContentType=content_type,
        IfNoneMatch="*",
    )
    assert signed_headers(theirs) == "content-length;host;if-none-match"
    assert signed_headers(ours.url) == "content-length;content-type;host;if-none-match"


def signed_headers(url: str) -> str:
    return parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"][0]
