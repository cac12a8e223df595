from __future__ import annotations

from datetime import timedelta
from typing import Any

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.uploads import UploadStatus
from tests.upload_records import NOW, OWNER, an_upload, insert_owner, insert_records


async def plan_of(database: Database, **command: Any) -> dict[str, Any]:
    explained = await database.command(
        "explain", {"find": "uploads", **command}, verbosity="executionStats"
    )
    return dict(explained)


async def test_what_is_due_is_read_from_a_small_index(database: Database) -> None:
    quiet = [an_upload(status=UploadStatus.STORED)._replace(check_at=None) for _ in range(300)]
    await insert_records(database, [*quiet, an_upload(), an_upload()])
    plan = await plan_of(
        database,
        filter={"check_at": {"$lte": NOW + timedelta(hours=1)}},
        sort={"check_at": 1},
        limit=10,
    )
    assert "'indexName': 'check_at'" in str(plan["queryPlanner"]["winningPlan"])
    assert "'SORT'" not in str(plan["queryPlanner"]["winningPlan"])
    assert plan["executionStats"]["totalKeysExamined"] == 2
    assert await index_keys(database, "check_at") == 2


async def test_tokens_are_found_in_a_small_index(database: Database) -> None:
    without = [an_upload() for _ in range(300)]
    await insert_records(database, [*without, an_upload(client_token="t")])
    plan = await plan_of(database, filter={"owner": OWNER, "client_token": {"$in": ["t", "u"]}})
    assert "'indexName': 'owner_client_token'" in str(plan["queryPlanner"]["winningPlan"])
    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert await index_keys(database, "owner_client_token") == 1


async def index_keys(database: Database, name: str) -> int:
    """Return the number of entries in an index."""
    validated = await database.command("validate", "uploads")
    return int(validated["keysPerIndex"][name])


async def test_sums_read_an_index_alone(database: Database) -> None:
    """The sweep sums the sizes of all uploads. Reading records would take three times as long."""
    await insert_records(database, [an_upload() for _ in range(300)])
    await insert_owner(database)
    profile = database["system.profile"]
    await database.command("profile", 2)
    try:
        assert await MongoUsage(database).recompute([OWNER]) == 1
        found = await profile.find({"command.aggregate": "uploads"}).to_list()
    finally:
        await database.command("profile", 0)
        await profile.drop()
    assert [one["docsExamined"] for one in found] == [0, 0]
    plan = "IXSCAN { owner: 1, status: 1, _id: 1, size: 1 }"
    assert [one["planSummary"] for one in found] == [plan, plan]
