"""Create the records of many pictures, as if they had been uploaded and processed.

DB_URL=… python -m benchmarks.web.library USERNAME COUNT

The bucket gets nothing, so the URLs of the pictures lead nowhere.
"""

from __future__ import annotations

import base64
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pymongo

from gql_api.adapters.mongo.documents import to_document
from gql_api.domain.file_requests import FileRequest, draft
from gql_api.domain.media import Media, RenditionName
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import Processing, ProcessingStatus, StoredRendition
from gql_api.domain.uploads import Upload, UploadStatus

_ETAG = '"d41d8cd98f00b204e9800998ecf8427e"'
_THUMBHASH_BYTES = 23
_RENDITIONS = (
    StoredRendition(RenditionName.THUMBNAIL, 320, 240, 12_000),
    StoredRendition(RenditionName.PREVIEW, 1600, 1200, 200_000),
)


def _fill(users: Any, uploads: Any, username: str, count: int) -> None:
    owner = users.find_one({"username": username})["_id"]
    rng = random.Random(6)
    began = datetime.now(UTC) - timedelta(minutes=count)
    documents = [_document(rng, owner, began, number) for number in range(count)]
    uploads.insert_many(documents, ordered=False)
    size_bytes = sum(document["size"] for document in documents)
    totals = {"usage.bytes": size_bytes, "usage.uploads": count, "visible.uploads": count}
    users.update_one({"_id": owner}, {"$inc": totals})


def _document(rng: random.Random, owner: str, began: datetime, number: int) -> dict[str, Any]:
    at = began + timedelta(minutes=number)
    name = f"IMG_{number:05}.jpg"
    upload = draft(owner, FileRequest(name, "image/jpeg", 1), UploadPolicy(), at)
    assert isinstance(upload, Upload)
    hash_ = base64.b64encode(rng.randbytes(_THUMBHASH_BYTES)).decode()
    media = Media(width=4000, height=3000, thumbhash=hash_)
    stored = upload._replace(
        size_bytes=rng.randrange(10**6, 10**7),
        status=UploadStatus.STORED,
        stored_at=at,
        check_at=None,
        etag=_ETAG,
        processing=Processing(ProcessingStatus.DONE, None, _ETAG, media, _RENDITIONS),
    )
    return to_document(stored)


if __name__ == "__main__":
    with pymongo.MongoClient[dict[str, Any]](os.environ["DB_URL"]) as client:
        database = client["media"]
        _fill(database["users"], database["uploads"], sys.argv[1], int(sys.argv[2]))
