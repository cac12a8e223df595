"""Dead letters of the media function inside AWS's Lambda runtime client."""

from __future__ import annotations

from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
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
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import sqs
from tests.services.media_world import PROCESSED
from tests.upload_records import NOW, OWNER, Stores, a_request, drafted, insert_records

pytestmark = pytest.mark.settings(**PROCESSED)


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
