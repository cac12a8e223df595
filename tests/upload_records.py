"""Upload records and their owners, for tests of the stores."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gql_api.adapters.mongo.change_feed import MongoChangeFeed
from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import to_document
from gql_api.adapters.mongo.insertions import MongoInsertions
from gql_api.adapters.mongo.listing import MongoListing
from gql_api.adapters.mongo.outbox import MongoOutbox
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.adapters.mongo.versions import Versions
from gql_api.domain.clock import Clock
from gql_api.domain.file_requests import FileRequest, draft
from gql_api.domain.ids import new_id
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.uploads import Upload, UploadStatus

NOW = datetime(2030, 1, 31, 12, 0, 0, 123_000, tzinfo=UTC)
POLICY = UploadPolicy()
OWNER = new_id(NOW)


def a_request(**changes: Any) -> FileRequest:
    """Return a valid request with `changes`."""
    request = FileRequest(filename="photo.jpg", content_type="image/jpeg", size_bytes=1000)
    return request._replace(**changes)


def drafted(
    request: FileRequest,
    policy: UploadPolicy = POLICY,
    *,
    owner_id: str = OWNER,
    at: datetime = NOW,
) -> Upload:
    """Draft and return the upload for a valid request."""
    upload = draft(owner_id, request, policy, at)
    assert isinstance(upload, Upload), upload
    return upload


def an_upload(
    owner_id: str = OWNER,
    at: datetime = NOW,
    status: UploadStatus = UploadStatus.PENDING,
    **changes: Any,
) -> Upload:
    """Return the upload for `a_request` in some state, without recording it."""
    return drafted(a_request(**changes), owner_id=owner_id, at=at)._replace(status=status)


def after(upload: Upload, at: datetime = NOW, **changes: Any) -> Upload:
    """Return the upload after one change at `at` that clients see."""
    return upload._replace(version=upload.version + 1, changed_at=at, **changes)


def tombstone(deleted: Upload) -> Upload:
    """Return what is left of a deleted upload."""
    facts = deleted.processing._replace(media=None)
    bare = deleted._replace(filename="", tags=(), checksum=None, processing=facts)
    return bare._replace(client_token=None)


async def insert_owner(database: Database, owner_id: str = OWNER, usage_bytes: int = 0) -> None:
    """Insert a user with only the fields that the upload adapters use."""
    await database["users"].insert_one(
        {
            "_id": owner_id,
            "username_folded": owner_id,
            "usage": {"bytes": usage_bytes, "uploads": 0},
            "visible": {"uploads": 0, "exact": True},
        }
    )


async def insert_records(database: Database, uploads: list[Upload]) -> None:
    """Insert the uploads without adjusting any usage."""
    await database["uploads"].insert_many(map(to_document, uploads))


async def usage_of(database: Database, owner_id: str = OWNER) -> tuple[int, int]:
    """Return the recorded bytes and number of uploads of the owner."""
    user = await database["users"].find_one({"_id": owner_id})
    assert user is not None
    return user["usage"]["bytes"], user["usage"]["uploads"]


async def visible_of(database: Database, owner_id: str = OWNER) -> Any:
    """Return the recorded number of visible uploads of the owner."""
    user = await database["users"].find_one({"_id": owner_id})
    assert user is not None
    return user.get("visible")


class Stores:
    """The upload adapters on one database, sharing one `MongoUsage` as in `bootstrap`."""

    def __init__(
        self, database: Database, clock: Clock = lambda: NOW, *, events: bool = False
    ) -> None:
        """With `events`, changes are written to the outboxes, which nothing empties by itself."""

        async def wants_events() -> bool:
            return events

        self.usage = MongoUsage(database)
        self.versions = Versions(clock, wants_events)
        self.uploads = MongoUploads(database, MongoChanges(database), self.usage, self.versions)
        self.outbox = MongoOutbox(database)
        self.feed = MongoChangeFeed(database)
        self.insertions = MongoInsertions(database, self.usage)
        self.listing = MongoListing(database, self.usage)
