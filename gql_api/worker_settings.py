"""The settings of the media function: few, and none of them a secret of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from gql_api.domain.policy import UploadPolicy
from gql_api.environment import Reader, SettingsError
from gql_api.settings import AwsCredentials, aws_credentials, bucket_name, key_prefix

_FORBIDDEN = ("DB_URL", "JWT_SECRET_KEY", "ORIGIN_SECRET")


class WorkerSettings(NamedTuple):
    """All settings of the media function. `url` and `token` are None on AWS."""

    aws: AwsCredentials
    aws_region: str
    s3_bucket: str
    s3_endpoint_url: str | None
    key_prefix: str
    renditions_prefix: str
    url: str | None
    token: str | None

    def __repr__(self) -> str:
        """Show which settings these are, but no secret."""
        return f"WorkerSettings(s3_bucket={self.s3_bucket!r}, url={self.url!r})"


def read_worker_settings(env: Mapping[str, str], *, serves: bool = False) -> WorkerSettings:
    """Read the settings from `env`. With `serves`, the worker needs an address and a token.

    Raises:
        SettingsError: a setting is missing, invalid, or a secret that decoders must not be near.
    """
    read = Reader(env)
    prefix = key_prefix(read)
    settings = WorkerSettings(
        aws=aws_credentials(read),
        aws_region=read.required("AWS_DEFAULT_REGION"),
        s3_bucket=bucket_name(read),
        s3_endpoint_url=read.url("S3_ENDPOINT_URL"),
        key_prefix=prefix,
        renditions_prefix=UploadPolicy(key_prefix=prefix).renditions_prefix,
        url=read.url("MEDIA_WORKER_URL"),
        token=next(iter(read.secrets("MEDIA_WORKER_TOKEN", 32)), None),
    )
    for name in _FORBIDDEN:
        if read.text(name, ""):
            read.problems.append(f"{name} is set. The media worker must run without it.")
    if serves:
        _check_address(read, settings)
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def _check_address(read: Reader, settings: WorkerSettings) -> None:
    for name, value in (
        ("MEDIA_WORKER_URL", settings.url),
        ("MEDIA_WORKER_TOKEN", settings.token),
    ):
        if value is None:
            read.problems.append(f"{name} is missing.")
    address = urlsplit(settings.url or "http://localhost:1")
    if address.scheme != "http" or _port(address.netloc) is None:
        read.problems.append("MEDIA_WORKER_URL must be http://host:port for the worker itself.")


def _port(netloc: str) -> int | None:
    try:
        return urlsplit(f"//{netloc}").port
    except ValueError:
        return None
