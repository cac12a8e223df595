"""Pre-signed requests to the bucket, signed here without asking S3 (see `sigv4`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from gql_api.adapters.s3.sigv4 import PreparedRequest, QuerySigner, check_lifetime, encode
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.uploads import Checksum

_SHA256_HEADER = "x-amz-checksum-sha256"
_SHA256 = re.compile(r"[A-Za-z0-9+/]{43}=")

# The domain of S3 where it is another than amazonaws.com, by the beginning of the region's name
# (botocore, data/partitions.json).
_DOMAINS = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "us-isof-": "csp.hci.ic.gov",
}


class CredentialsExpired(Exception):
    """Nothing can be signed any more: the service itself needs new credentials."""


class S3Presigner:
    """The `Presigner` of `gql_api.domain.ports` for S3 and what speaks its protocol.

    Without `endpoint_url` requests go to AWS, to `<bucket>.s3.<region>.amazonaws.com`. A bucket
    whose name has a dot stands in the path instead, since the wildcard of the TLS certificate
    covers one label only (Amazon S3 User Guide, "Virtual hosting of general purpose buckets").
    With `endpoint_url`, `http(s)://host[:port]`, the bucket always stands in the path.
    """

    def __init__(
        self,
        *,
        access_key_id: str,
        secret_access_key: str,
        session_token: str | None,
        credentials_expire_at: datetime | None,
        region: str,
        bucket: str,
        endpoint_url: str | None,
    ) -> None:
        """Raises ValueError where `endpoint_url` is not `http(s)://host[:port]`."""
        origin, self._base = _address(region, bucket, endpoint_url)
        self._signer = QuerySigner(
            origin=origin,
            access_key_id=access_key_id,
            secret_access_key=secret_access_key,
            session_token=session_token,
            region=region,
        )
        self._credentials_expire_at = credentials_expire_at

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
        """A PUT of the whole object; it does not overwrite (`If-None-Match: *`).

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800, or a value can't stand in a header.
            CredentialsExpired: at `at`, the credentials are of no use any more.
        """
        expires_seconds, expires_at = self._life(at, ttl_seconds)
        headers = {"content-type": content_type, "if-none-match": "*"}
        if checksum is not None:
            name = f"x-amz-checksum-{checksum.algorithm.value.lower()}"
            headers[name] = checksum.value
        url = self._signer.prepare(
            "PUT",
            self._path(key),
            {},
            headers | {"content-length": str(size_bytes)},
            at=at,
            expires_seconds=expires_seconds,
        ).url()
        return PresignedRequest("PUT", url, tuple(headers.items()), expires_at)

    def upload_parts(
        self,
        key: str,
        multipart_id: str,
        parts: Iterable[tuple[int, int, str | None]],
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> Sequence[PresignedRequest]:
        """PUTs of parts, each given as number, size in bytes and Base64 SHA-256 or None.

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800, or a checksum is no Base64 SHA-256.
            CredentialsExpired: at `at`, the credentials are of no use any more.
        """
        expires_seconds, expires_at = self._life(at, ttl_seconds)

        def prepare(*checksum: str) -> PreparedRequest:
            return self._signer.prepare(
                "PUT",
                self._path(key),
                {"partNumber": None, "uploadId": multipart_id},
                dict.fromkeys(("content-length", *checksum)),
                at=at,
                expires_seconds=expires_seconds,
            )

        plain, checked = prepare(), prepare(_SHA256_HEADER)

        def part(number: int, size_bytes: int, sha256: str | None) -> PresignedRequest:
            if sha256 is None:
                url = plain.url(str(number), str(size_bytes))
                return PresignedRequest("PUT", url, (), expires_at)
            if not _SHA256.fullmatch(sha256):
                raise ValueError(f"Part {number}: {sha256!r} is not the Base64 of a SHA-256.")
            url = checked.url(str(number), str(size_bytes), sha256)
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
        """A GET of the object, answered with these two headers.

        Raises:
            ValueError: `ttl_seconds` is not in 1..604800.
            CredentialsExpired: at `at`, the credentials are of no use any more.
        """
        expires_seconds, expires_at = self._life(at, ttl_seconds)
        query = {
            "response-content-type": content_type,
            "response-content-disposition": content_disposition,
        }
        prepared = self._signer.prepare(
            "GET", self._path(key), query, {}, at=at, expires_seconds=expires_seconds
        )
        return PresignedRequest("GET", prepared.url(), (), expires_at)

    def _path(self, key: str) -> str:
        return f"{self._base}/{encode(key, safe='/')}"

    def _life(self, at: datetime, ttl_seconds: int) -> tuple[int, datetime]:
        """For how many seconds a URL signed at `at` is valid, and when it expires.

        S3 refuses a URL once the session token in it has expired, whatever the URL says; so the
        URL says no more than is true.
        """
        check_lifetime(ttl_seconds)
        at = at.replace(microsecond=0)
        if self._credentials_expire_at is not None:
            left = int((self._credentials_expire_at - at).total_seconds())
            if left < 1:
                raise CredentialsExpired(
                    "The credentials that URLs are signed with are valid until "
                    f"{self._credentials_expire_at.isoformat()} only. Renew them."
                )
            ttl_seconds = min(ttl_seconds, left)
        return ttl_seconds, at + timedelta(seconds=ttl_seconds)


def _address(region: str, bucket: str, endpoint_url: str | None) -> tuple[str, str]:
    """The origin, and the path that all keys of the bucket lie under."""
    if endpoint_url is not None:
        return endpoint_url, f"/{encode(bucket)}"
    domain = next(
        (domain for prefix, domain in _DOMAINS.items() if region.startswith(prefix)),
        "amazonaws.com",
    )
    if "." in bucket:
        return f"https://s3.{region}.{domain}", f"/{bucket}"
    return f"https://{bucket}.s3.{region}.{domain}", ""
