"""Three million upload records, one million of them of one user."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import servers
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import to_document
from gql_api.domain.file_requests import FileRequest, draft
from gql_api.domain.ids import new_id
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.settings import read_settings

BATCH = 10_000
KINDS = ("image/jpeg", "image/png", "video/mp4", "application/pdf", "text/plain", "audio/mpeg")
TAGS = ("holiday", "work", "family", "draft", "print", "archive", "rare")
WORDS = ("beach", "report", "invoice", "birthday", "mountain", "meeting", "garden", "contract")
STATUSES = [UploadStatus.STORED] * 17 + [
    UploadStatus.PENDING,
    UploadStatus.CANCELLED,
    UploadStatus.REJECTED,
]
_START = datetime(2026, 1, 1, tzinfo=UTC)


async def fill(database: Database, owner_id: str, own: int, others: int) -> None:
    """Insert the records, those of the user spread evenly among those of 1,000 other users."""
    rng = random.Random(6)
    strangers = [_with_prefix(owner_id, number) for number in range(1000)]
    own_per_batch = own * BATCH // (own + others)
    batch: list[dict[str, Any]] = []
    for number in range(own + others):
        owner = owner_id if number % BATCH < own_per_batch else strangers[number % 1000]
        batch.append(_document(rng, owner, number))
        if len(batch) == BATCH:
            await database["uploads"].insert_many(batch, ordered=False)
            batch = []
    if batch:
        await database["uploads"].insert_many(batch, ordered=False)


def _with_prefix(owner_id: str, number: int) -> str:
    """Return an id that sorts near the user's."""
    return f"{owner_id[:-6]}{number:06x}"


class _Templates:
    """Documents by content type, created with the code of the service."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Any]] = {}

    def of(self, content_type: str) -> dict[str, Any]:
        if content_type not in self._of:
            request = FileRequest("a", content_type, 1, None, (), None)
            upload = draft("owner", request, _policy(), _START)
            assert isinstance(upload, Upload)
            stored = upload._replace(etag='"d41d8cd98f00b204e9800998ecf8427e"', check_at=None)
            self._of[content_type] = to_document(stored)
        return dict(self._of[content_type])


_templates = _Templates()


def _policy() -> UploadPolicy:
    return read_settings(servers.settings("mongodb://unused", "unused")).uploads


def _document(rng: random.Random, owner: str, number: int) -> dict[str, Any]:
    created = _START + timedelta(milliseconds=number * 1000)
    document = _templates.of(KINDS[number % len(KINDS)])
    name = f"{WORDS[rng.randrange(8)]}-{rng.randrange(10**6)}.bin"
    status = STATUSES[rng.randrange(20)]
    upload_id = new_id(created)
    document |= {
        "_id": upload_id,
        "owner": owner,
        "key": f"uploads/{owner}/{upload_id}",
        "filename": name,
        "filename_folded": name,
        "size": rng.randrange(10**9),
        "tags": [tag for tag in TAGS[:6] if rng.random() < 0.2]
        + (["rare"] if rng.random() < 0.0001 else []),
        "status": status.value,
        "created_at": created,
    }
    if status is UploadStatus.STORED:
        document["stored_at"] = created
    return document
