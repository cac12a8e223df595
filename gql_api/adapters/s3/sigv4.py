"""AWS Signature Version 4 in the query string, for S3: "pre-signed URLs".

Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters (AWS Signature
Version 4)". The URLs are those of botocore, byte for byte (the tests compare them), and cost a
small part of its time: the signing key is derived once a day, and everything that is the same in
the requests of one upload is encoded and hashed once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_ALGORITHM = "AWS4-HMAC-SHA256"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ORIGIN = re.compile(r"https?://[^\s/?#@\\]+")
# What stands in a canonical request for a value that is given later. No other value can contain
# it: queries are percent-encoded, and headers are printable ASCII.
_HOLE = "\0"
_PRINTABLE = re.compile(r"[\t\x20-\x7e]*")


def signing_key(secret_access_key: str, date: str, region: str, service: str) -> bytes:
    """The 32 bytes that sign all requests of one day.

    `date` is `YYYYMMDD`. (IAM User Guide, "Create a signed AWS API request", step 4.)
    """
    key = f"AWS4{secret_access_key}".encode()
    for message in (date, region, service, "aws4_request"):
        key = hmac.digest(key, message.encode(), "sha256")
    return key


def encode(text: str, safe: str = "") -> str:
    """`text` in UTF-8, percent-encoded but for the unreserved characters of RFC 3986 and `safe`.

    Raises:
        UnicodeEncodeError: a ValueError, for half of a surrogate pair.
    """
    return quote(text, safe=safe)


class _Same(NamedTuple):
    """What is the same in all requests of a second that have the same headers and lifetime.

    The parameters of the signature, encoded; the same as they stand in the URL, and sorted; and an
    HMAC of what is signed before the request's own hash. Whoever updates it must copy it first.
    """

    parameters: dict[str, str]
    in_url: str
    canonical: str
    mac: hmac.HMAC


class QuerySigner:
    """Signs requests to one origin with one set of credentials."""

    def __init__(
        self,
        *,
        origin: str,
        access_key_id: str,
        secret_access_key: str,
        session_token: str | None,
        region: str,
        service: str = "s3",
    ) -> None:
        """`origin` is `http(s)://host[:port]`.

        Raises:
            ValueError: the origin is anything else.
        """
        self._origin = origin
        self._host = _host(origin)
        self._access_key_id = access_key_id
        self._secret_access_key = secret_access_key
        self._session_token = session_token
        self._region = region
        self._service = service
        self._day: tuple[str, hmac.HMAC] | None = None
        self._same = lru_cache(maxsize=64)(self._what_is_the_same)

    def prepare(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | None],
        headers: Mapping[str, str | None],
        *,
        at: datetime,
        expires_seconds: int,
        payload: str = UNSIGNED_PAYLOAD,
    ) -> PreparedRequest:
        """A request, signed but for the values that are None: they are given to `url` later.

        `path` begins with a slash and is percent-encoded already; S3 takes it as it is, without
        dropping `.`, `..` or double slashes. The names of `headers` are in lower case; `host` is
        added. `payload` is the hex SHA-256 of the body where that is signed as well, which
        pre-signed requests to S3 do not do. The fraction of a second of `at` is dropped.

        Raises:
            ValueError: `expires_seconds` is not in 1..604800, `at` has no time zone, or a header
                is not printable ASCII.
        """
        check_lifetime(expires_seconds)
        signed = {name: _header_value(name, value) for name, value in headers.items()}
        signed["host"] = self._host
        names = sorted(signed)
        signed_headers = ";".join(names)
        same = self._same(timestamp(at), expires_seconds, signed_headers)
        in_url, canonical_query = same.in_url, same.canonical
        if query:
            own = {_encode_or_hole(name): _encode_or_hole(value) for name, value in query.items()}
            in_url = f"{_joined(own.items())}&{in_url}"
            # Sorted as pairs: `A` comes before `A-3`, although `A-3=` comes before `A=`.
            canonical_query = _joined(sorted((own | same.parameters).items()))
        lines = "".join(f"{name}:{signed[name]}\n" for name in names)
        return PreparedRequest(
            f"{self._origin}{path}?{in_url}&X-Amz-Signature=",
            f"{method}\n{path}\n{canonical_query}\n{lines}\n{signed_headers}\n{payload}",
            same.mac,
        )

    def _what_is_the_same(self, time: str, expires_seconds: int, signed_headers: str) -> _Same:
        scope = f"{time[:8]}/{self._region}/{self._service}/aws4_request"
        parameters = {
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": encode(f"{self._access_key_id}/{scope}"),
            "X-Amz-Date": time,
            "X-Amz-Expires": str(expires_seconds),
            "X-Amz-SignedHeaders": encode(signed_headers),
        }
        if self._session_token is not None:
            parameters["X-Amz-Security-Token"] = encode(self._session_token)
        mac = self._day_key(time[:8]).copy()
        mac.update(f"{_ALGORITHM}\n{time}\n{scope}\n".encode())
        in_url, canonical = _joined(parameters.items()), _joined(sorted(parameters.items()))
        return _Same(parameters, in_url, canonical, mac)

    def _day_key(self, date: str) -> hmac.HMAC:
        """An HMAC with the signing key of `date`; whoever changes it must copy it first."""
        # The pair is read and replaced as a whole, so that threads never see half of it.
        day = self._day
        if day is None or day[0] != date:
            key = signing_key(self._secret_access_key, date, self._region, self._service)
            day = self._day = (date, hmac.new(key, digestmod=hashlib.sha256))
        return day[1]


class PreparedRequest:
    """A request of which everything but the values given to `url` is encoded and hashed."""

    __slots__ = ("_canonical", "_hash", "_mac", "_query_holes", "_url")

    def __init__(self, url: str, canonical: str, mac: hmac.HMAC) -> None:
        first, *rest = canonical.split(_HOLE)
        self._hash = hashlib.sha256(first.encode())
        # A hole before each piece but the first, so that values fit in at the even places.
        self._canonical = [text for piece in rest for text in ("", piece)]
        self._mac = mac
        self._url = url.split(_HOLE)
        self._query_holes = len(self._url) - 1

    def url(self, *values: str) -> str:
        """The signed URL.

        `values` fill the places that were left open, those of the query first, then those of the
        headers, each group sorted by name. They stand in the request as they are: those of the
        query percent-encoded, those of headers without surplus spaces.

        Raises:
            ValueError: there are more or fewer values than places.
        """
        hashed, pieces = self._hash.copy(), self._canonical.copy()
        pieces[::2] = values
        hashed.update("".join(pieces).encode())
        mac = self._mac.copy()
        mac.update(hashed.hexdigest().encode())
        url = self._url[0]
        for value, piece in zip(values[: self._query_holes], self._url[1:], strict=True):
            url += value + piece
        return url + mac.hexdigest()


def check_lifetime(expires_seconds: int) -> None:
    """Raises ValueError unless a URL may live that long: S3 allows 1 s to 7 days."""
    if not 1 <= expires_seconds <= 604_800:
        raise ValueError(f"A pre-signed URL lives 1 to 604800 s, not {expires_seconds} s.")


@lru_cache(maxsize=64)
def timestamp(at: datetime) -> str:
    """`at` as SigV4 writes it, in UTC and whole seconds, the fraction dropped.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("The time of a signature needs a time zone.")
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _host(origin: str) -> str:
    """The Host header that every HTTP client sends: lower case, without the default port."""
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(f"{origin!r} is not http(s)://host[:port].")
    parts = urlsplit(origin)
    host, port = parts.hostname, parts.port
    if not host:
        raise ValueError(f"{origin!r} names no host.")
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


@lru_cache(maxsize=256)
def _header_value(name: str, value: str | None) -> str:
    """The value as it is signed: without outer spaces, sequences of spaces made one."""
    if value is None:
        return _HOLE
    if not _PRINTABLE.fullmatch(value):
        raise ValueError(f"The header {name} must be printable ASCII, not {value!r}.")
    return " ".join(value.split())


def _joined(parameters: Iterable[tuple[str, str]]) -> str:
    return "&".join([f"{name}={value}" for name, value in parameters])


def _encode_or_hole(text: str | None) -> str:
    return _HOLE if text is None else encode(text)
