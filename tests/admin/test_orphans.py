"""The commands about the bucket's identity and about unknown objects."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx

from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.container import Container
from gql_api.domain.ids import new_id
from gql_api.domain.unknown_objects import UnknownObject
from local.gateway import Gateway
from tests.admin.commands import Operator
from tests.api import new_user

LONG_AGO = datetime(2020, 1, 31, tzinfo=UTC)


async def put_unknown(container: Container, gateway: Gateway) -> str:
    """Put an object into the bucket, and note it as if a sweep had found it long ago."""
    prefix = container.settings.uploads.key_prefix
    key = f"{prefix}/{new_id(LONG_AGO)}/{new_id(LONG_AGO)}"
    s3 = gateway.client()
    bucket = container.settings.s3_bucket
    await asyncio.to_thread(s3.put_object, Bucket=bucket, Key=key, Body=b"unknown")
    s3.close()
    (entry,) = await container.bucket.list_objects(key, "", 1)
    notes = MongoUnknownObjects(container.database)
    await notes.note([UnknownObject(key, entry.mark)], LONG_AGO)
    return key


async def test_adopts_a_bucket_after_showing_what_it_sees(
    operator: Operator, client: httpx.AsyncClient, container: Container, gateway: Gateway
) -> None:
    await (await new_user(client)).store(b"a few bytes")
    await put_unknown(container, gateway)

    refused = await operator.run("adopt", typed="no\n")
    assert (refused.status, refused.output) == (1, "")
    assert "carries no identity" in refused.complaints
    assert "Of the first 2 objects in the bucket, the database knows 1." in refused.complaints
    assert not await container.deployment.owns_bucket()

    adopted = await operator.succeed("adopt", typed="yes\n")
    assert adopted.output == "Database and bucket now carry the same identity.\n"
    assert await container.deployment.owns_bucket()
    assert await container.unknown.noted(10) == []
    again = await operator.succeed("adopt", "--yes")
    assert "Nothing was changed" in again.output


async def test_lists_and_deletes_unknown_objects(
    operator: Operator, container: Container, gateway: Gateway
) -> None:
    key = await put_unknown(container, gateway)
    listed = await operator.succeed("orphans", "list")
    assert listed.output == f"2020-01-31T00:00:00Z  object  {key}\n"
    assert listed.complaints == "1 unknown objects; 1 for more than a day.\n"

    foreign = await operator.run("orphans", "delete", "--yes")
    assert (foreign.status, foreign.output) == (1, "")
    assert "python -m gql_api.admin adopt" in foreign.complaints
    await container.deployment.adopt()
    await put_unknown(container, gateway)
    assert (await operator.run("orphans", "delete", typed="\n")).status == 1
    deleted = await operator.succeed("orphans", "delete", "--yes")
    assert deleted.output.endswith("Deleted 1; 0 were known again, changed or gone.\n")
    none = await operator.succeed("orphans", "delete", "--yes")
    assert none.output == "No object has been unknown for a day.\n"
