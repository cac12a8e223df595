"""The probe on each S3 server."""

from __future__ import annotations

import argparse

import pytest

from gql_api.adapters.s3.probe import PREFIX
from gql_api.admin import prepare
from gql_api.container import Container
from gql_api.domain.uploads import ChecksumAlgorithm
from gql_api.services.stores import limitations
from tests.docs.markdown import read, table
from tests.services.world import sha256
from tests.stores.store import BUCKET, Store, client


def documented(store_name: str) -> list[bool]:
    """Return the traits of a store in docs/stores.md, whose columns are those of StoreTraits."""
    name = store_name.replace("gateway", "embedded gateway")
    [row] = [row for row in table(read("docs/stores.md"), "store") if row[0] == name]
    assert row[-1] == "measured by the probe"
    return [cell == "yes" for cell in row[1:-1]]


async def test_prepare_probes_the_store_and_leaves_nothing_behind(
    container: Container, store: Store, store_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await prepare.run(container, argparse.Namespace()) == 0
    traits = (await container.deployment.current()).traits
    assert traits is not None
    assert list(traits) == documented(store_name)
    told = [line for line in capsys.readouterr().err.splitlines() if "The store" in line]
    assert told == limitations(traits, container.settings.uploads)
    s3 = client(store)
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix=PREFIX).get("Contents", []) == []
    assert PREFIX not in str(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads"))
    s3.close()


async def test_what_is_read_has_the_etag_that_was_asked_for(
    container: Container, store: Store, key_prefix: str
) -> None:
    """rclone ignores If-Match; other bytes than those that were checked must not count."""
    s3, key = client(store), f"{key_prefix}/a"
    etag = s3.put_object(Bucket=BUCKET, Key=key, Body=b"bytes")["ETag"]
    other = '"00000000000000000000000000000000"'
    assert await container.bucket.digest(key, etag, ChecksumAlgorithm.SHA256) == sha256(b"bytes")
    assert await container.bucket.read_start(key, etag, 2) == b"by"
    assert await container.bucket.digest(key, other, ChecksumAlgorithm.SHA256) is None
    assert await container.bucket.read_start(key, other, 2) is None
    s3.close()
