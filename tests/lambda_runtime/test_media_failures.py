"""Files that the media function did not finish: from its dead-letter queue to their records."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain import metrics
from gql_api.domain.processing import (
    ATTEMPTS_FAILED,
    TO_PROCESS,
    MediaRequest,
    Processing,
    ProcessingStatus,
    to_message,
)
from gql_api.domain.uploads import UploadStatus
from gql_api.settings import Settings
from local.gateway import Gateway
from tests.api import Api, Json, new_user
from tests.lambda_runtime.conftest import NO_DATABASE, Start
from tests.lambda_runtime.events import sqs
from tests.lambda_runtime.test_storage_events import place_of
from tests.metric_lines import MetricLines
from tests.services.media_world import PROCESSED
from tests.upload_records import NOW, OWNER, Stores, a_request, drafted, insert_records

pytestmark = pytest.mark.settings(**PROCESSED, METRICS_NAMESPACE="media-production")

PROCESSING = "query ($id: ID!) { upload(id: $id) { processing processingError } }"


@pytest.fixture
async def user(client: httpx.AsyncClient) -> Api:
    """A user of an API on the same database and bucket as the function."""
    return await new_user(client)


async def stored(user: Api, gateway: Gateway) -> tuple[Json, MediaRequest]:
    """Store an upload, and return it with the request to process it."""
    upload = await user.request_and_send(b"crashes each decoder")
    await user.complete_upload(upload["id"])
    bucket, key = place_of(upload)
    etag = gateway.client().head_object(Bucket=bucket, Key=key)["ETag"]
    return upload, MediaRequest(key, etag, upload["id"])


async def processing(user: Api, upload: Json) -> Json:
    found: Json = (await user.data(PROCESSING, id=upload["id"]))["upload"]
    return found


async def test_the_upload_is_failed_and_the_bucket_is_not_asked(
    start: Start, user: Api, gateway: Gateway
) -> None:
    """The function's role has no permission in the bucket."""
    upload, request = await stored(user, gateway)
    assert await processing(user, upload) == {"processing": "PENDING", "processingError": None}
    function = await start("media_failures", S3_ENDPOINT_URL="http://127.0.0.1:9")
    message = to_message(request)
    for _ in range(2):
        assert await function.invoke(sqs([message])) == {"batchItemFailures": []}
        failed = {"processing": "FAILED", "processingError": ATTEMPTS_FAILED}
        assert await processing(user, upload) == failed
    lines = MetricLines.of(function.log())
    assert lines.counts(metrics.MEDIA_FAILED) == {(): 1}
    assert "pymongo" in function.imported()
    assert not {"strawberry", "graphql", "mangum", "starlette", "PIL"} & function.imported()


async def test_a_message_about_an_older_object_changes_nothing(
    start: Start, user: Api, gateway: Gateway
) -> None:
    upload, request = await stored(user, gateway)
    older = request._replace(etag='"00000000000000000000000000000000"')
    function = await start("media_failures")
    assert await function.invoke(sqs([to_message(older)])) == {"batchItemFailures": []}
    assert (await processing(user, upload))["processing"] == "PENDING"


async def test_without_a_database_the_message_goes_back(
    start: Start, user: Api, gateway: Gateway
) -> None:
    _, request = await stored(user, gateway)
    broken = await start("media_failures", DB_URL=NO_DATABASE)
    answer = await broken.invoke(sqs([to_message(request)]))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


async def test_what_could_not_be_processed_fails(
    start: Start, database: Database, settings: Settings
) -> None:
    upload = drafted(a_request(), settings.uploads)._replace(
        status=UploadStatus.STORED, etag='"e"', stored_at=NOW, processing=TO_PROCESS
    )
    await insert_records(database, [upload])
    function = await start("media_failures")
    request = MediaRequest(upload.key, '"e"', upload.id)
    others: list[Any] = ["not JSON", "{}", to_message(request._replace(key="another/key"))]
    answer = await function.invoke(sqs([*others, to_message(request), to_message(request)]))
    assert answer == {
        "batchItemFailures": [{"itemIdentifier": f"message-{number}"} for number in range(3)]
    }
    found = await Stores(database).uploads.find(OWNER, upload.id)
    assert found is not None
    assert found.processing == Processing(ProcessingStatus.FAILED, ATTEMPTS_FAILED)
    imported = function.imported()
    assert not {"strawberry", "graphql", "mangum", "starlette", "PIL", "av"} & imported
