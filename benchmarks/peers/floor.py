"""The floor of a cold start: Strawberry and PyMongo imported, and a schema of one field.

It connects to nothing, checks nothing and signs nothing.
"""

from __future__ import annotations

import json
from typing import Any

import pymongo
import strawberry


@strawberry.type
class Query:
    """All there is."""

    driver: str = pymongo.version


schema = strawberry.Schema(query=Query)


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one query."""
    result = schema.execute_sync("{ driver }", root_value=Query())
    return {"statusCode": 200, "body": json.dumps({"data": result.data})}
