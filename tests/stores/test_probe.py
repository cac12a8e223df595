"""The probe on each S3 server."""

from __future__ import annotations

from dataclasses import asdict

from gql_api import bootstrap
from gql_api.adapters.s3.probe import PREFIX
from gql_api.bootstrap import Container
from tests.stores.store import BUCKET, Store, client


async def test_the_probe_records_what_it_saw_and_leaves_nothing_behind(
    container: Container, store: Store, store_name: str
) -> None:
    told: list[str] = []
    traits = await bootstrap.store_service(container).examine(told.append)
    assert (await container.deployment.current()).traits == traits
    assert len(told) == list(asdict(traits).values()).count(False)
    s3 = client(store)
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix=PREFIX).get("Contents", []) == []
    assert PREFIX not in str(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads"))
    s3.close()
