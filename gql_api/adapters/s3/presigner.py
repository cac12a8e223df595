"""Pre-signed requests to the bucket, signed locally without a call to S3 (see `sigv4`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from gql_api.adapters.s3.credentials import Credentials, CredentialsSource
from gql_api.adapters.s3.sigv4 import (
    PreparedRequest,
    QuerySigner,
    check_lifetime,
    check_origin,
    encode,
)
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.uploads import Checksum

# The object's own Cache-Control comes from the request that sent it, which is not signed: it could
# let shared caches keep a private file. No browser keeps one on its disk after a logout either.
_CACHE_CONTROL = "private, no-store"
# A rendition never changes: another object has another key.
_CACHED_SECONDS = 3600
_CACHED = f"private, max-age={_CACHED_SECONDS}, immutable"
_SHA256_HEADER = "x-amz-checksum-sha256"
_SHA256 = re.compile(r"[A-Za-z0-9+/]{43}=")

# S3 domains other than amazonaws.com, by region prefix (botocore, data/partitions.json).
_DOMAINS = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "us-isof-": "csp.hci.ic.gov",
}


class CredentialsExpired(Exception):
    """The service's own credentials have expired, so it cannot sign requests."""


class S3Presigner:
    """Implements `Presigner` for S3 and S3-compatible servers.

    Without `endpoint_url`, requests go to AWS at `<bucket>.s3.<region>.amazonaws.com`. A bucket
    name that contains a dot is put in the path instead, because the wildcard TLS certificate
    covers only one label (Amazon S3 User Guide, "Virtual hosting of general purpose buckets").
    With `endpoint_url`, `http(s)://host[:port]`, the bucket is always in the path.

    S3 rejects a URL once its session token has expired, even before the URL's own expiry, so no URL
    outlives the credentials. A role's session cannot be made longer (AWS Lambda Developer Guide,
    "Session duration for temporary security credentials").
    """

    def __init__(
        self,
        *,
        credentials: CredentialsSource,
        session_token_seconds: int,
        region: str,
        bucket: str,
        endpoint_url: str | None,
    ) -> None:
        """Configure the signer.

        `session_token_seconds` is how much longer a session token of unknown expiry is assumed
        to be valid, whenever a URL is signed.

        Raises:
            ValueError: `endpoint_url` is not `http(s)://host[:port]`.
        """
        self._origin, self._base = _address(region, bucket, endpoint_url)
        self._region = region
        self._credentials = credentials
        self._session_token_seconds = session_token_seconds
        check_origin(self._origin)
        self._signer: tuple[Credentials, QuerySigner] | None = None

    def put_object(
        self,
        key: str,
        size_bytes: int,
        content_type: str,
        checksum: Checksum | None,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        """Sign a PUT of the whole object that never overwrites (`If-None-Match: *`).

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800, or a header value is invalid.
            CredentialsExpired: the credentials have expired at `at`.
        """
        headers = {"content-type": content_type, "if-none-match": "*"}
        if checksum is not None:
            name = f"x-amz-checksum-{checksum.algorithm.value.lower()}"
            headers[name] = checksum.value
        signed = headers | {"content-length": str(size_bytes)}
        prepared, expires_at = self._prepare("PUT", key, {}, signed, at, ttl_seconds)
        return PresignedRequest("PUT", prepared.url(), tuple(headers.items()), expires_at)

    def upload_parts(
        self,
        key: str,
        multipart_id: str,
        parts: Iterable[tuple[int, int, str | None]],
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> Sequence[PresignedRequest]:
        """Sign a PUT for each part, given as (number, size in bytes, Base64 SHA-256 or None).

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800, or a checksum is not a Base64 SHA-256.
            CredentialsExpired: the credentials have expired at `at`.
        """
        query = {"partNumber": None, "uploadId": multipart_id}

        def prepare(*headers: str) -> tuple[PreparedRequest, datetime]:
            return self._prepare("PUT", key, query, dict.fromkeys(headers), at, ttl_seconds)

        without_checksum, expires_at = prepare("content-length")
        with_checksum, _ = prepare("content-length", _SHA256_HEADER)

        def part(number: int, size_bytes: int, sha256: str | None) -> PresignedRequest:
            if sha256 is None:
                url = without_checksum.url(str(number), str(size_bytes))
                return PresignedRequest("PUT", url, (), expires_at)
            if not _SHA256.fullmatch(sha256):
                raise ValueError(f"Part {number}: {sha256!r} is not the Base64 of a SHA-256.")
            url = with_checksum.url(str(number), str(size_bytes), sha256)
            return PresignedRequest("PUT", url, ((_SHA256_HEADER, sha256),), expires_at)

        return [part(*given) for given in parts]

    def get_object(
        self,
        key: str,
        content_type: str,
        content_disposition: str,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        """Sign a GET of the object whose response carries the two given headers.

        The response also says that it must not be cached.

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800.
            CredentialsExpired: the credentials have expired at `at`.
        """
        query = {
            "response-cache-control": _CACHE_CONTROL,
            "response-content-type": content_type,
            "response-content-disposition": content_disposition,
        }
        prepared, expires_at = self._prepare("GET", key, query, {}, at, ttl_seconds)
        return PresignedRequest("GET", prepared.url(), (), expires_at)

    def get_rendition(self, key: str, content_type: str, *, at: datetime) -> PresignedRequest:
        """Sign a GET whose response has this type, and may be cached by the browser for an hour.

        The time of signing is rounded down to the hour, so that the URL stays the same. The
        `expires_at` of the request is earlier if the credentials expire before the URL.

        Raises:
            CredentialsExpired: the credentials have expired at `at`.
        """
        # Hours of UTC: in some time zones, hours begin at other minutes.
        hour = at.replace(microsecond=0) - timedelta(seconds=int(at.timestamp()) % _CACHED_SECONDS)
        query = {"response-cache-control": _CACHED, "response-content-type": content_type}
        credentials = self._credentials.current(at)
        expires_seconds = 2 * _CACHED_SECONDS
        expires_at = hour + timedelta(seconds=expires_seconds)
        if credentials.expires_at is not None:
            self._lifetime_seconds(credentials, at, expires_seconds)  # Raises if none is left.
            expires_at = min(expires_at, credentials.expires_at)
        elif credentials.session_token is not None:
            expires_at = min(expires_at, at + timedelta(seconds=self._session_token_seconds))
        prepared = self._signer_with(credentials).prepare(
            "GET", self._path(key), query, {}, at=hour, expires_seconds=expires_seconds
        )
        return PresignedRequest("GET", prepared.url(), (), expires_at.replace(microsecond=0))

    def head_object(self, key: str, *, at: datetime, ttl_seconds: int) -> PresignedRequest:
        """Sign a HEAD of the object that also asks for its checksum.

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800.
            CredentialsExpired: the credentials have expired at `at`.
        """
        headers = {"x-amz-checksum-mode": "ENABLED"}
        prepared, expires_at = self._prepare("HEAD", key, {}, headers, at, ttl_seconds)
        return PresignedRequest("HEAD", prepared.url(), tuple(headers.items()), expires_at)

    @property
    def origin(self) -> str:
        """Where the requests go: `http(s)://host[:port]`, as in their URLs."""
        return self._origin

    def _prepare(
        self,
        method: str,
        key: str,
        query: Mapping[str, str | None],
        headers: Mapping[str, str | None],
        at: datetime,
        ttl_seconds: int,
    ) -> tuple[PreparedRequest, datetime]:
        """Return the prepared request for an object (see `QuerySigner.prepare`) and its expiry."""
        credentials = self._credentials.current(at)
        expires_seconds = self._lifetime_seconds(credentials, at, ttl_seconds)
        prepared = self._signer_with(credentials).prepare(
            method, self._path(key), query, headers, at=at, expires_seconds=expires_seconds
        )
        return prepared, at.replace(microsecond=0) + timedelta(seconds=expires_seconds)

    def _path(self, key: str) -> str:
        return f"{self._base}/{encode(key, safe='/')}"

    def _signer_with(self, credentials: Credentials) -> QuerySigner:
        """Return the signer for these credentials, which is kept until they are renewed."""
        # Read and replace credentials and signer as one tuple: other threads may renew them.
        signer = self._signer
        if signer is None or signer[0] is not credentials:
            signer = self._signer = (
                credentials,
                QuerySigner(
                    origin=self._origin,
                    access_key_id=credentials.access_key_id,
                    secret_access_key=credentials.secret_access_key,
                    session_token=credentials.session_token,
                    region=self._region,
                ),
            )
        return signer[1]

    def _lifetime_seconds(self, credentials: Credentials, at: datetime, ttl_seconds: int) -> int:
        """Limit the lifetime of a URL signed at `at` to that of the credentials."""
        check_lifetime(ttl_seconds)
        expires_at = credentials.expires_at
        if expires_at is None:
            unknown = credentials.session_token is not None
            return min(ttl_seconds, self._session_token_seconds) if unknown else ttl_seconds
        left = int((expires_at - at.replace(microsecond=0)).total_seconds())
        if left < 1:
            raise CredentialsExpired(
                "The credentials that sign URLs were valid until "
                f"{expires_at.isoformat()}. Renew them."
            )
        return min(ttl_seconds, left)


def _address(region: str, bucket: str, endpoint_url: str | None) -> tuple[str, str]:
    """Return the origin and the path prefix of all keys in the bucket."""
    if endpoint_url is not None:
        return endpoint_url, f"/{encode(bucket)}"
    domain = next(
        (domain for prefix, domain in _DOMAINS.items() if region.startswith(prefix)),
        "amazonaws.com",
    )
    if "." in bucket:
        return f"https://s3.{region}.{domain}", f"/{bucket}"
    return f"https://{bucket}.s3.{region}.{domain}", ""
