"""Copies the web client's build to its bucket, behind CloudFront."""

from __future__ import annotations

import mimetypes
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from deploy.errors import DeployError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUILD = Path(__file__).parents[1] / "client" / "web" / "dist"
# The names of the files in assets/ contain a hash of their content.
_HASHED = "assets/"
_FOREVER, _CHECKED = "public, max-age=31536000, immutable", "no-cache"


def publish(s3: S3Client, bucket: str, build: Path = BUILD) -> list[str]:
    """Copy the files of the build to the bucket, and return their keys in the order of copying.

    The pages come last, so that no page refers to a file that does not exist yet. Files of earlier
    builds stay, for browsers that still show an earlier page.

    Raises:
        DeployError: there is no build, or the bucket rejects a file.
    """
    files = [path for path in build.rglob("*") if path.is_file()]
    names = (path.relative_to(build).as_posix() for path in files)
    keys = sorted(filter(_is_public, names), key=_copied_last)
    if "index.html" not in keys:
        raise DeployError(f"the web client is not built: {build} has no index.html.")
    for key in keys:
        try:
            s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=(build / key).read_bytes(),
                ContentType=_content_type(key),
                CacheControl=_FOREVER if key.startswith(_HASHED) else _CHECKED,
            )
        except (BotoCoreError, ClientError) as error:
            raise DeployError(f"{key} cannot be copied to the bucket {bucket}: {error}") from error
    return keys


def _is_public(name: str) -> bool:
    """Return whether browsers need the file. CloudFront compresses files itself."""
    return not (name.startswith(".") or "/." in name or name.endswith((".br", ".gz", ".map")))


def _copied_last(key: str) -> tuple[bool, bool, str]:
    return (key.endswith(".html"), not key.startswith(_HASHED), key)


def _content_type(key: str) -> str:
    content_type = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return f"{content_type}; charset=utf-8" if content_type.startswith("text/") else content_type


class CloudFront(Protocol):
    """The part of boto3's client for CloudFront that is used here."""

    def create_invalidation(self, *, DistributionId: str, InvalidationBatch: dict[str, Any]) -> Any:
        """Delete files from CloudFront's caches."""


def invalidate(cloudfront: CloudFront, distribution_id: str) -> None:
    """Make CloudFront fetch all files again. AWS bills a wildcard as one path.

    Raises:
        DeployError: CloudFront rejects the request.
    """
    try:
        cloudfront.create_invalidation(
            DistributionId=distribution_id,
            InvalidationBatch={
                "Paths": {"Quantity": 1, "Items": ["/*"]},
                "CallerReference": str(time.time_ns()),
            },
        )
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"the files in CloudFront cannot be replaced: {error}") from error
