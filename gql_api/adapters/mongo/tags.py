"""The tags of records that a release before 3 wrote."""

from __future__ import annotations

from typing import Any

from pymongo import UpdateOne

from gql_api.adapters.mongo.database import Database
from gql_api.domain.deployment import Tell
from gql_api.domain.text import compose

_BATCH = 1000


async def compose_tags(database: Database, _tell: Tell) -> None:
    """Compose the tags of all uploads, as filters expect them since release 3.

    Only tags outside of ASCII can have several forms. A tag that a user changes meanwhile stays.
    """
    uploads = database["uploads"]
    changes: list[UpdateOne] = []
    async for row in uploads.find({"tags": {"$regex": "[^\\x00-\\x7f]"}}, {"owner": 1, "tags": 1}):
        composed = list(dict.fromkeys(map(compose, row["tags"])))
        if composed != row["tags"]:
            changes.append(_change(row, composed))
        if len(changes) == _BATCH:
            await uploads.bulk_write(changes, ordered=False)
            changes.clear()
    if changes:
        await uploads.bulk_write(changes, ordered=False)


def _change(row: dict[str, Any], composed: list[str]) -> UpdateOne:
    return UpdateOne(row, {"$set": {"tags": composed}})
