"""What the tests need of an S3 server."""

from __future__ import annotations

from typing import Any, Protocol

import boto3
from botocore.config import Config

from local.gateway import KeyPair

BUCKET = "media"
KEYS = KeyPair("local", "secret-of-the-tests")


class Store(Protocol):
    """An S3 server on this machine."""

    endpoint_url: str
    region: str
    keys: KeyPair


def client(store: Store) -> Any:
    """Return a boto3 client with full access, for changes that bypass the service."""
    return boto3.client(
        "s3",
        endpoint_url=store.endpoint_url,
        region_name=store.region,
        aws_access_key_id=store.keys.access_key_id,
        aws_secret_access_key=store.keys.secret_access_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
