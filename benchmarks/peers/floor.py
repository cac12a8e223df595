"""A lower bound for a cold start: import Strawberry and PyMongo, and build a one-field schema.

It makes no connections, checks no tokens and signs nothing.
"""

from __future__ import annotations

import json
from typing import Any

import pymongo
import strawberry


@strawberry.type
class Query:
    """The only type."""

    driver: str = pymongo.version


schema = strawberry.Schema(query=Query)


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one query."""
    result = schema.execute_sync("{ driver }", root_value=Query())
    return {"statusCode": 200, "body": json.dumps({"data": result.data})}
