"""Every command on uploads names their owner, so that the collection can be sharded by owner."""

from __future__ import annotations

from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import named
from gql_api.bootstrap import Container
from gql_api.domain.ids import new_id
from gql_api.domain.uploads import UploadName
from tests.upload_commands import ACROSS_OWNERS, RECORDER, names_owner
from tests.upload_records import NOW, OWNER, Stores, an_upload, insert_records

QUERY = {"_id": "u", "owner": OWNER}


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("find", {"filter": {"_id": "u"}}),
        ("find", {"filter": {"_id": "u", "owner": {"$ne": OWNER}}}),
        ("find", {"filter": {"$or": [QUERY, {"_id": "u"}]}}),
        ("find", {"filter": {"$and": [{"_id": "u"}, {"size": 1}]}}),
        ("count", {"query": {"status": "PENDING"}}),
        ("findAndModify", {"query": {"_id": "u"}}),
        ("aggregate", {"pipeline": []}),
        ("aggregate", {"pipeline": [{"$match": {"_id": "u"}}]}),
        ("update", {"updates": [{"q": QUERY}, {"q": {"_id": "u"}}]}),
        ("delete", {"deletes": [{"q": {"_id": "u"}}]}),
        ("insert", {"documents": [QUERY, {"_id": "u"}]}),
    ],
)
def test_a_command_without_an_owner_is_noticed(name: str, command: dict[str, Any]) -> None:
    assert not names_owner(name, command)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("find", {"filter": QUERY}),
        ("find", {"filter": {"owner": {"$in": [OWNER, "o"]}}}),
        ("find", {"filter": {"$or": [QUERY, {"$and": [{"size": 1}, QUERY]}]}}),
        ("aggregate", {"pipeline": [{"$match": QUERY}]}),
        ("update", {"updates": [{"q": QUERY}]}),
        ("insert", {"documents": [QUERY]}),
        ("createIndexes", {"indexes": []}),
        ("getMore", {}),
    ],
)
def test_a_command_with_an_owner_passes(name: str, command: dict[str, Any]) -> None:
    assert names_owner(name, command)


async def test_commands_of_the_service_are_recorded(container: Container) -> None:
    """Show that the recorder, which checks all tests, sees commands and tells who sends them."""
    before = RECORDER.commands
    await Stores(container.database).uploads.claim_due(NOW, 1, NOW)
    assert RECORDER.commands == before + 1
    assert "MongoUploads._names_due" in RECORDER.across_owners
    assert RECORDER.across_owners <= ACROSS_OWNERS.keys()


async def test_uploads_of_several_owners_are_read_together(database: Database) -> None:
    stores = Stores(database)
    other = new_id(NOW)
    uploads = [an_upload(owner_id=owner) for owner in (OWNER, other, OWNER)]
    await insert_records(database, uploads)
    before = RECORDER.commands
    names = [upload.name for upload in uploads]
    assert await stores.uploads.find_many(names) == {upload.name: upload for upload in uploads}
    assert RECORDER.commands == before + 1
    # An id of another owner finds nothing, even next to an id of this owner.
    crossed = [UploadName(OWNER, upload.id) for upload in uploads[:2]]
    assert await stores.uploads.find_many(crossed) == {uploads[0].name: uploads[0]}
    assert await stores.uploads.find_many([]) == {}
    assert await stores.uploads.find_any(other, uploads[0].id) is None


async def test_reading_many_uploads_examines_only_them(database: Database) -> None:
    """The index of `_id` serves the look-up, however many uploads their owners have."""
    uploads = [an_upload(owner_id=owner) for owner in (OWNER, new_id(NOW)) for _ in range(30)]
    await insert_records(database, uploads)
    wanted = [upload.name for upload in uploads[::20]]
    plan = await database.command(
        "explain",
        {"find": "uploads", "filter": named(wanted), "hint": "_id_"},
        verbosity="executionStats",
    )
    assert plan["executionStats"]["totalDocsExamined"] == len(wanted)
