"""The floor of a cold start: Strawberry with one field, answered from MongoDB by PyMongo.

It connects and reads once, but checks no token, writes nothing and signs nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

import strawberry
from pymongo import MongoClient

client: MongoClient[dict[str, Any]] = MongoClient(os.environ["DB_URL"], timeoutMS=5000)
users = client[os.environ["DB_NAME"]]["users"]


@strawberry.type
class Query:
    """The only type."""

    @strawberry.field
    def username(self) -> str:
        """Return the name of a user."""
        user = users.find_one({}, {"username": 1})
        return str(user["username"]) if user else ""


schema = strawberry.Schema(query=Query)


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one query."""
    result = schema.execute_sync("{ username }", root_value=Query())
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [str(error) for error in result.errors]
    return {"statusCode": 200, "body": json.dumps(body)}
