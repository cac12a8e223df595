"""AWS Signature Version 4 in the query string, for S3 ("pre-signed URLs").

Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters (AWS Signature
Version 4)". The URLs are byte-for-byte the same as botocore's (tests compare them) but take a
fraction of the time: the signing key is derived once per day, and everything that the requests of
one upload have in common is encoded and hashed once.
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
# Placeholder in a canonical request for a value that is given later. No real value can contain
# it: queries are percent-encoded, and headers are printable ASCII.
_PLACEHOLDER = "\0"
_PRINTABLE = re.compile(r"[\t\x20-\x7e]*")


def signing_key(secret_access_key: str, date: str, region: str, service: str) -> bytes:
    """Derive the 32-byte key that signs all requests of one day.

    `date` is `YYYYMMDD`. Source: IAM User Guide, "Create a signed AWS API request", step 4.
    """
    key = f"AWS4{secret_access_key}".encode()
    for message in (date, region, service, "aws4_request"):
        key = hmac.digest(key, message.encode(), "sha256")
    return key


def encode(text: str, safe: str = "") -> str:
    """Percent-encode `text` as UTF-8, except for RFC 3986 unreserved characters and `safe`.

    Raises:
        UnicodeEncodeError: `text` has an unpaired surrogate. It is a ValueError.
    """
    return quote(text, safe=safe)


class _SignatureParameters(NamedTuple):
    """The values shared by all requests with the same time, lifetime and signed header names."""

    parameters: dict[str, str]
    """The `X-Amz-*` query parameters, percent-encoded."""
    in_url: str
    """The same, joined in the order in which botocore writes them."""
    canonical: str
    """The same, joined in canonical (sorted) order."""
    mac: hmac.HMAC
    """An HMAC of the string to sign up to the request's own hash. Copy it before updating it."""


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
        """Configure the signer for one origin.

        Raises:
            ValueError: `origin` is not `http(s)://host[:port]`.
        """
        self._origin = origin
        self._host = _host(origin)
        self._access_key_id = access_key_id
        self._secret_access_key = secret_access_key
        self._session_token = session_token
        self._region = region
        self._service = service
        self._day: tuple[str, hmac.HMAC] | None = None
        self._signature_parameters = lru_cache(maxsize=64)(self._make_signature_parameters)

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
        """Prepare a request for signing.

        A query or header value of None is a placeholder: pass the value to `PreparedRequest.url`.

        `path` begins with a slash and is already percent-encoded; S3 uses it verbatim, without
        normalizing `.`, `..` or double slashes. Names in `headers` are lower-case; `host` is
        added. `payload` is the hex SHA-256 of the body, for requests that sign the body;
        pre-signed S3 requests do not. Fractions of a second in `at` are dropped.

        Raises:
            ValueError: `expires_seconds` is not in 1..604800, `at` has no time zone, or a header
                value is not printable ASCII.
        """
        check_lifetime(expires_seconds)
        signed = {name: _header_value(name, value) for name, value in headers.items()}
        signed["host"] = self._host
        names = sorted(signed)
        signed_headers = ";".join(names)
        shared = self._signature_parameters(timestamp(at), expires_seconds, signed_headers)
        in_url, canonical_query = shared.in_url, shared.canonical
        if query:
            own = {encode(name): _encode_or_placeholder(value) for name, value in query.items()}
            in_url = f"{_join(own.items())}&{in_url}"
            # Sort the pairs, not the joined text: `A` precedes `A-3`, but `A-3=` precedes `A=`.
            canonical_query = _join(sorted((own | shared.parameters).items()))
        lines = "".join(f"{name}:{signed[name]}\n" for name in names)
        return PreparedRequest(
            f"{self._origin}{path}?{in_url}&X-Amz-Signature=",
            f"{method}\n{path}\n{canonical_query}\n{lines}\n{signed_headers}\n{payload}",
            shared.mac,
        )

    def _make_signature_parameters(
        self, time: str, expires_seconds: int, signed_headers: str
    ) -> _SignatureParameters:
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
        in_url, canonical = _join(parameters.items()), _join(sorted(parameters.items()))
        return _SignatureParameters(parameters, in_url, canonical, mac)

    def _day_key(self, date: str) -> hmac.HMAC:
        """Return an HMAC keyed with the signing key of `date`. Copy it before updating it."""
        # Read and replace date and key as one tuple, so that no thread sees a mismatched pair.
        day = self._day
        if day is None or day[0] != date:
            key = signing_key(self._secret_access_key, date, self._region, self._service)
            day = self._day = (date, hmac.new(key, digestmod=hashlib.sha256))
        return day[1]


class PreparedRequest:
    """A request that is encoded and hashed except for the values passed to `url`."""

    __slots__ = ("_canonical", "_hash", "_mac", "_query_values", "_url")

    def __init__(self, url: str, canonical: str, mac: hmac.HMAC) -> None:
        first, *rest = canonical.split(_PLACEHOLDER)
        self._hash = hashlib.sha256(first.encode())
        # Even indexes are for the values; odd indexes have the fixed text between them.
        self._canonical = [text for piece in rest for text in ("", piece)]
        self._mac = mac
        self._url = url.split(_PLACEHOLDER)
        self._query_values = len(self._url) - 1

    def url(self, *values: str) -> str:
        """Return the signed URL.

        `values` replace the placeholders: first those of the query, then those of the headers,
        each sorted by name. They are used verbatim: query values must be percent-encoded already,
        and header values must have no leading, trailing or repeated spaces.

        Raises:
            ValueError: there are more or fewer values than placeholders.
        """
        hashed, pieces = self._hash.copy(), self._canonical.copy()
        pieces[::2] = values
        hashed.update("".join(pieces).encode())
        mac = self._mac.copy()
        mac.update(hashed.hexdigest().encode())
        url = self._url[0]
        for value, piece in zip(values[: self._query_values], self._url[1:], strict=True):
            url += value + piece
        return url + mac.hexdigest()


def check_lifetime(expires_seconds: int) -> None:
    """Check that S3 allows this lifetime: 1 second to 7 days.

    Raises:
        ValueError: it does not.
    """
    if not 1 <= expires_seconds <= 604_800:
        raise ValueError(
            f"The lifetime of a pre-signed URL must be 1 to 604800 s, not {expires_seconds} s."
        )


def check_origin(origin: str) -> None:
    """Check that `origin` is `http(s)://host[:port]`.

    Raises:
        ValueError: it is not.
    """
    _host(origin)


@lru_cache(maxsize=64)
def timestamp(at: datetime) -> str:
    """Format `at` for SigV4: UTC, in whole seconds, rounded down.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("The signing time must have a time zone.")
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _host(origin: str) -> str:
    """Return the Host header that HTTP clients send: lower-case, without the default port."""
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(f"The origin must be http(s)://host[:port], not {origin!r}.")
    parts = urlsplit(origin)
    host, port = parts.hostname, parts.port
    if not host:
        raise ValueError(f"The origin {origin!r} has no host.")
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


@lru_cache(maxsize=256)
def _header_value(name: str, value: str | None) -> str:
    """Return the value as it is signed: trimmed, with runs of spaces collapsed."""
    if value is None:
        return _PLACEHOLDER
    if not _PRINTABLE.fullmatch(value):
        raise ValueError(f"The header {name} must be printable ASCII, not {value!r}.")
    return " ".join(value.split())


def _join(parameters: Iterable[tuple[str, str]]) -> str:
    return "&".join([f"{name}={value}" for name, value in parameters])


def _encode_or_placeholder(text: str | None) -> str:
    return _PLACEHOLDER if text is None else encode(text)
