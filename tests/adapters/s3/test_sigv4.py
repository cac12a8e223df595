"""The signatures are identical to AWS's published examples and to botocore's."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given

import gql_api
from gql_api.adapters.s3 import sigv4
from gql_api.adapters.s3.sigv4 import QuerySigner, encode, signing_key, timestamp
from tests.random_work import examples

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
VECTORS = json.loads(Path(__file__).with_name("sigv4_vectors.json").read_text("utf-8"))["cases"]
AT = datetime(2030, 5, 17, 12, 0, 0, tzinfo=UTC)


def signer(**changes: Any) -> QuerySigner:
    given = {
        "origin": "https://examplebucket.s3.amazonaws.com",
        "access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "session_token": None,
        "region": "us-east-1",
    }
    return QuerySigner(**(given | changes))


def get(at: datetime, **changes: Any) -> str:
    return signer(**changes).prepare("GET", "/k", {}, {}, at=at, expires_seconds=60).url()


# ------------------------------------------------------------------ published vectors


def test_example_of_the_s3_api_reference() -> None:
    """Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters"."""
    at = datetime(2013, 5, 24, tzinfo=UTC)
    url = signer().prepare("GET", "/test.txt", {}, {}, at=at, expires_seconds=86_400).url()
    assert url == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


@pytest.mark.parametrize(
    ("date", "service", "key"),
    [
        # AWS General Reference, "Examples of how to derive a signing key for Signature Version 4".
        ("20150830", "iam", "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"),
        ("20120215", "iam", "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"),
    ],
)
def test_published_signing_keys(date: str, service: str, key: str) -> None:
    assert signing_key(SECRET, date, "us-east-1", service).hex() == key


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_published_suite(case: dict[str, Any]) -> None:
    """The file with the vectors names their source."""
    suite = signer(
        origin="https://example.amazonaws.com",
        access_key_id="AKIDEXAMPLE",
        secret_access_key=SECRET,
        session_token=case.get("token"),
        service="service",
    )
    url = suite.prepare(
        case.get("method", "GET"),
        encode(case.get("path", "/"), safe="/"),
        case.get("query", {}),
        case.get("headers", {}),
        at=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
        expires_seconds=3600,
        payload=hashlib.sha256(case.get("body", "").encode()).hexdigest(),
    ).url()
    assert url.partition("&X-Amz-Signature=")[2] == case["signature"]


# ------------------------------------------------------------------ botocore

instants = st.datetimes(
    min_value=datetime(1990, 1, 1),
    max_value=datetime(2200, 1, 1),
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=-7)), timezone(timedelta(minutes=345))]
    ),
)
# Excludes the parameters that signing adds.
names = st.text(min_size=1, max_size=12).filter(lambda name: not name.startswith("X-Amz-"))
header_names = st.sampled_from(
    [
        "content-length",
        "content-md5",
        "content-type",
        "if-none-match",
        "range",
        "x-amz-acl",
        "x-amz-checksum-sha256",
        "x-amz-meta-a",
        "x-amz-meta-b-c",
    ]
)
header_values = st.text(alphabet=[chr(code) for code in (9, *range(32, 127))], min_size=1)
origins = st.sampled_from(
    [
        "https://b.s3.eu-west-1.amazonaws.com",
        "http://127.0.0.1:9000",
        "http://[::1]:9000",
        "https://[2001:db8::1]",
        "http://MinIO.example:80",
        "https://minio.example:443",
        "https://minio.example:80",
    ]
)


@given(
    origin=origins,
    method=st.sampled_from(["GET", "PUT", "HEAD", "DELETE", "POST"]),
    key=st.text(),
    query=st.dictionaries(names, st.text(), max_size=4),
    headers=st.dictionaries(header_names, header_values, max_size=5),
    credentials=st.tuples(
        st.text(min_size=1), st.text(min_size=1), st.one_of(st.none(), st.text(min_size=1))
    ),
    at=instants,
    expires_seconds=st.integers(1, 604_800),
)
@examples(250)
def test_equals_botocore(
    origin: str,
    method: str,
    key: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    credentials: tuple[str, str, str | None],
    at: datetime,
    expires_seconds: int,
) -> None:
    access_key_id, secret, token = credentials
    path = "/" + encode(key, safe="/")
    ours = signer(
        origin=origin, access_key_id=access_key_id, secret_access_key=secret, session_token=token
    ).prepare(method, path, query, headers, at=at, expires_seconds=expires_seconds)

    request = AWSRequest(method, origin + path, headers=headers, params=query)
    now = at.astimezone(UTC).replace(tzinfo=None)
    with patch("botocore.auth.get_current_datetime", lambda: now):
        S3SigV4QueryAuth(
            Credentials(access_key_id, secret, token), "s3", "us-east-1", expires_seconds
        ).add_auth(request)
    assert ours.url() == request.url


# ------------------------------------------------------------------ placeholder values


@given(
    number=st.integers(1, 10_000),
    size_bytes=st.integers(0, 2**53),
    checksum=header_values.filter(lambda value: value == " ".join(value.split())),
    upload_id=st.text(),
)
@examples(100)
def test_later_values_give_the_same_url(
    number: int, size_bytes: int, checksum: str, upload_id: str
) -> None:
    def url(number: str | None, size: str | None, checksum: str | None, *later: str) -> str:
        query = {"partNumber": number, "uploadId": upload_id}
        headers = {"x-amz-checksum-sha256": checksum, "content-length": size}
        prepared = signer().prepare("PUT", "/k", query, headers, at=AT, expires_seconds=900)
        prepared.url(*("1" for _ in later))  # An earlier URL must not affect a later one.
        return prepared.url(*later)

    values = (str(number), str(size_bytes), checksum)
    assert url(None, None, None, *values) == url(*values)
    assert url(None, values[1], values[2], values[0]) == url(*values)
    assert url(values[0], None, None, *values[1:]) == url(*values)


@pytest.mark.parametrize("values", [(), ("1",), ("1", "2", "3")])
def test_each_place_needs_its_value(values: tuple[str, ...]) -> None:
    prepared = signer().prepare(
        "PUT", "/k", {"partNumber": None}, {"content-length": None}, at=AT, expires_seconds=1
    )
    with pytest.raises(ValueError, match="size"):
        prepared.url(*values)


def test_signing_key_is_derived_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[str] = []

    def derive(secret: str, date: str, region: str, service: str) -> bytes:
        days.append(date)
        return signing_key(secret, date, region, service)

    monkeypatch.setattr(sigv4, "signing_key", derive)
    one = signer()
    times = [AT + timedelta(hours=hours) for hours in (0, 1, 11, 12, 13)]
    urls = [one.prepare("GET", "/k", {}, {}, at=at, expires_seconds=60).url() for at in times]
    assert days == ["20300517", "20300518"]
    assert urls == [get(at) for at in times]


# ------------------------------------------------------------------ invalid input


@pytest.mark.parametrize("expires_seconds", [-1, 0, 604_801])
def test_lifetimes_that_s3_refuses(expires_seconds: int) -> None:
    with pytest.raises(ValueError, match="604800"):
        signer().prepare("GET", "/k", {}, {}, at=AT, expires_seconds=expires_seconds)


def test_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2030, 1, 1))


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b", "\x7f", "é"])
def test_header_that_no_client_can_send(value: str) -> None:
    with pytest.raises(ValueError, match="content-type must be printable"):
        signer().prepare("PUT", "/k", {}, {"content-type": value}, at=AT, expires_seconds=1)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "h:9000",
        "ftp://h",
        "https://",
        "https://:80",
        "http://h/",
        "http://h/p",
        "http://h?q",
        "http://h#f",
        "http://u:p@h",
        "http://h:port",
        "http://h:99999",
        "http://h\nh",
    ],
)
def test_bad_origin(origin: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        signer(origin=origin)


def test_neither_boto3_nor_botocore_is_loaded() -> None:
    """Importing them takes half a second of a cold start."""
    code = (
        "import sys, gql_api.adapters.s3.sigv4, gql_api.adapters.s3.presigner\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('boto3', 'botocore')])"
    )
    top = Path(gql_api.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=top, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"
