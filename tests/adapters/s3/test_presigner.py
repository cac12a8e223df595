"""What a pre-signed request allows, and for how long.

`accepts` checks requests as S3 does. It is based only on AWS's documentation, not on our code.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import CredentialsExpired, S3Presigner
from gql_api.domain.presigner import PresignedRequest, Presigner
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm

AT = datetime(2030, 5, 17, 12, 0, 0, 987_654, tzinfo=UTC)
SIGNED_AT = AT.replace(microsecond=0)
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
OTHER_DIGEST = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
CHECKSUM = Checksum(ChecksumAlgorithm.SHA256, DIGEST)


def presigner(**changes: Any) -> Presigner:
    credentials = Credentials(
        "AKIDEXAMPLE",
        SECRET,
        changes.pop("session_token", None),
        changes.pop("credentials_expire_at", None),
    )
    given: dict[str, Any] = {
        "credentials": FixedCredentials(credentials),
        "session_token_seconds": 900,
        "region": "eu-west-1",
        "bucket": "media",
        "endpoint_url": None,
    }
    return S3Presigner(**(given | changes))


def put(signing: Presigner, at: datetime = AT, ttl_seconds: int = 900) -> PresignedRequest:
    return signing.put_object(
        "uploads/o/u", 5, "text/plain", CHECKSUM, at=at, ttl_seconds=ttl_seconds
    )


def part(signing: Presigner, at: datetime = AT, ttl_seconds: int = 900) -> PresignedRequest:
    parts = [(7, 5, DIGEST)]
    return signing.upload_parts("uploads/o/u", "m/+1", parts, at=at, ttl_seconds=ttl_seconds)[0]


def get(signing: Presigner, at: datetime = AT, ttl_seconds: int = 900) -> PresignedRequest:
    return signing.get_object(
        "uploads/o/u", "text/plain", "attachment", at=at, ttl_seconds=ttl_seconds
    )


each_kind = pytest.mark.parametrize("sign", [put, part, get])
Sign = Callable[..., PresignedRequest]


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


# ------------------------------------------------------------------ verification as in S3


def accepts(method: str, url: str, headers: Mapping[str, str], at: datetime) -> bool:
    """Return whether S3 accepts the request if it arrives at `at`.

    Source: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" in the
    Amazon S3 API Reference. `headers` has all headers of the request, with lower-case names.
    """
    given = query(url)
    signature = given.pop("X-Amz-Signature")
    signed_at = datetime.strptime(given["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    if not signed_at <= at <= signed_at + timedelta(seconds=int(given["X-Amz-Expires"])):
        return False
    names = given["X-Amz-SignedHeaders"].split(";")
    must = {"host", *(name for name in headers if name.startswith("x-amz-"))}
    if not must <= set(names) <= set(headers):
        return False
    pairs = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in given.items())
    canonical = f"{method}\n{urlsplit(url).path}\n"
    canonical += "&".join(f"{name}={value}" for name, value in pairs) + "\n"
    canonical += "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names)
    canonical += f"\n{';'.join(names)}\nUNSIGNED-PAYLOAD"
    key, scope = f"AWS4{SECRET}".encode(), given["X-Amz-Credential"].split("/")[1:]
    for message in scope:
        key = hmac.new(key, message.encode(), hashlib.sha256).digest()
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{given['X-Amz-Date']}\n{'/'.join(scope)}\n{digest}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == signature


def sent(request: PresignedRequest, size_bytes: int | None) -> dict[str, str]:
    """Return the headers that a client sends: those of the request, and two of its own."""
    headers = dict(request.headers) | {"host": urlsplit(request.url).netloc}
    return headers if size_bytes is None else headers | {"content-length": str(size_bytes)}


# ------------------------------------------------------------------ only the signed request


def test_headers_to_set_by_hand() -> None:
    signing = presigner()
    assert put(signing).headers == (
        ("content-type", "text/plain"),
        ("if-none-match", "*"),
        ("x-amz-checksum-sha256", DIGEST),
    )
    plain = signing.put_object("k", 0, "text/plain", None, at=AT, ttl_seconds=1)
    assert plain.headers == (("content-type", "text/plain"), ("if-none-match", "*"))
    assert part(signing).headers == (("x-amz-checksum-sha256", DIGEST),)
    assert signing.upload_parts("k", "m", [(1, 5, None)], at=AT, ttl_seconds=1)[0].headers == ()
    assert get(signing).headers == ()
    assert (put(signing).method, part(signing).method, get(signing).method) == ("PUT", "PUT", "GET")


@pytest.mark.parametrize("session_token", [None, "a+/= b"])
@pytest.mark.parametrize("endpoint_url", [None, "http://127.0.0.1:9000"])
def test_accepted_as_it_was_signed(endpoint_url: str | None, session_token: str | None) -> None:
    signing = presigner(endpoint_url=endpoint_url, session_token=session_token)
    for sign, size_bytes in ((put, 5), (part, 5), (get, None)):
        request = sign(signing)
        headers = sent(request, size_bytes)
        for seconds in (0, 900):
            arrival = SIGNED_AT + timedelta(seconds=seconds)
            assert accepts(request.method, request.url, headers, arrival)
        assert not accepts(
            request.method, request.url, headers, request.expires_at + timedelta(seconds=1)
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "other.s3.eu-west-1.amazonaws.com"},
        {"content-length": "6"},
        {"content-type": "text/html"},
        {"if-none-match": "abc"},
        {"x-amz-checksum-sha256": OTHER_DIGEST},
        {"x-amz-acl": "public-read"},
        {"content-length": None},
        {"content-type": None},
        {"if-none-match": None},
        {"x-amz-checksum-sha256": None},
    ],
    ids=str,
)
def test_other_headers_are_refused(changes: dict[str, str | None]) -> None:
    request = put(presigner())
    changed = {**sent(request, 5), **changes}
    headers = {name: value for name, value in changed.items() if value is not None}
    assert not accepts("PUT", request.url, headers, SIGNED_AT)


@pytest.mark.parametrize(
    ("sign", "old", "new"),
    [
        (put, "/uploads/o/u", "/uploads/o/v"),
        (put, "X-Amz-Expires=900", "X-Amz-Expires=604800"),
        (put, "X-Amz-Date=20300517T120000Z", "X-Amz-Date=20300517T120001Z"),
        (put, "AKIDEXAMPLE", "AKIDEXAMPLF"),
        (put, "=content-length%3B", "="),
        (put, "content-type%3B", ""),
        (put, "if-none-match%3B", ""),
        (put, "?", "?acl=&"),
        (part, "partNumber=7", "partNumber=8"),
        (part, "uploadId=m%2F%2B1", "uploadId=m%2F%2B2"),
        (part, "X-Amz-Expires=900", "X-Amz-Expires=901"),
        (get, "/uploads/o/u", "/uploads/p/u"),
        (get, "response-content-type=text%2Fplain", "response-content-type=text%2Fhtml"),
        (get, "disposition=attachment", "disposition=inline"),
        (get, "private%2C%20no-store", "public"),
    ],
)
def test_other_urls_are_refused(sign: Sign, old: str, new: str) -> None:
    request = sign(presigner())
    assert request.url.count(old) == 1
    url, headers = request.url.replace(old, new), sent(request, None if sign is get else 5)
    assert not accepts(request.method, url, headers, SIGNED_AT + timedelta(seconds=1))


@each_kind
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "HEAD"])
def test_only_its_method_is_accepted(sign: Sign, method: str) -> None:
    request = sign(presigner())
    headers = sent(request, None if sign is get else 5)
    assert accepts(method, request.url, headers, SIGNED_AT) == (method == request.method)


@pytest.mark.parametrize(
    "sha256", ["", "abc", DIGEST[:-1], DIGEST + "\n", DIGEST + "\nx-amz-acl:a"]
)
def test_part_checksum_must_be_one(sha256: str) -> None:
    with pytest.raises(ValueError, match=r"Part 1: .+ not the Base64"):
        presigner().upload_parts("k", "m", [(1, 5, sha256)], at=AT, ttl_seconds=1)


def test_no_parts() -> None:
    assert presigner().upload_parts("k", "m", [], at=AT, ttl_seconds=1) == []


# ------------------------------------------------------------------ expiry


@each_kind
@pytest.mark.parametrize(
    ("left", "expires_seconds"),
    [
        (None, 900),
        (timedelta(days=1), 900),
        (timedelta(seconds=900), 900),
        (timedelta(seconds=899), 899),
        (timedelta(seconds=60, milliseconds=999), 60),
        (timedelta(seconds=1), 1),
    ],
)
def test_no_url_outlives_the_credentials(
    sign: Sign, left: timedelta | None, expires_seconds: int
) -> None:
    end = None if left is None else SIGNED_AT + left
    request = sign(presigner(credentials_expire_at=end))
    assert query(request.url)["X-Amz-Date"] == "20300517T120000Z"
    assert query(request.url)["X-Amz-Expires"] == str(expires_seconds)
    assert request.expires_at == SIGNED_AT + timedelta(seconds=expires_seconds)


@each_kind
@pytest.mark.parametrize("left", [timedelta(days=-1), timedelta(0), timedelta(milliseconds=999)])
def test_expired_credentials_sign_nothing(sign: Sign, left: timedelta) -> None:
    with pytest.raises(CredentialsExpired, match="valid until 2030-05-1"):
        sign(presigner(credentials_expire_at=SIGNED_AT + left))


@each_kind
@pytest.mark.parametrize(
    ("ttl_seconds", "expires_seconds"), [(604_800, 900), (901, 900), (900, 900), (1, 1)]
)
def test_a_session_of_unknown_length_is_not_trusted_for_long(
    sign: Sign, ttl_seconds: int, expires_seconds: int
) -> None:
    """Lambda names no expiry: a URL that promised seven days would die with the role's token."""
    request = sign(presigner(session_token="t"), ttl_seconds=ttl_seconds)
    assert query(request.url)["X-Amz-Expires"] == str(expires_seconds)
    assert request.expires_at == SIGNED_AT + timedelta(seconds=expires_seconds)


@each_kind
def test_keys_without_a_session_do_not_expire(sign: Sign) -> None:
    assert sign(presigner(), ttl_seconds=604_800).expires_at == SIGNED_AT + timedelta(days=7)


@each_kind
def test_a_session_of_known_length_is_used_to_its_end(sign: Sign) -> None:
    end = SIGNED_AT + timedelta(hours=6)
    signing = presigner(session_token="t", credentials_expire_at=end)
    assert sign(signing, ttl_seconds=604_800).expires_at == end


@each_kind
@pytest.mark.parametrize("ttl_seconds", [-1, 0, 604_801])
def test_lifetimes_that_s3_refuses(sign: Sign, ttl_seconds: int) -> None:
    soon = SIGNED_AT + timedelta(seconds=10)
    for end in (None, soon):
        with pytest.raises(ValueError, match="1 to 604800 s"):
            sign(presigner(credentials_expire_at=end), ttl_seconds=ttl_seconds)


@each_kind
def test_any_time_zone_means_the_same(sign: Sign) -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=14)))
    assert sign(presigner(), at=elsewhere) == sign(presigner(), at=AT)


@each_kind
def test_time_without_a_zone(sign: Sign) -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign(presigner(), at=datetime(2030, 1, 1))


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("bucket", "endpoint_url", "start"),
    [
        ("media", None, "https://media.s3.eu-west-1.amazonaws.com/uploads/o/u?"),
        ("my.media", None, "https://s3.eu-west-1.amazonaws.com/my.media/uploads/o/u?"),
        ("media", "http://127.0.0.1:9000", "http://127.0.0.1:9000/media/uploads/o/u?"),
        ("my.media", "https://s3.example", "https://s3.example/my.media/uploads/o/u?"),
    ],
)
def test_address(bucket: str, endpoint_url: str | None, start: str) -> None:
    signing = presigner(bucket=bucket, endpoint_url=endpoint_url)
    for sign in (put, part, get):
        assert sign(signing).url.startswith(start)


@pytest.mark.parametrize("endpoint_url", ["", "s3.example", "http://h/path", "http://h/"])
def test_bad_endpoint(endpoint_url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        presigner(endpoint_url=endpoint_url)
