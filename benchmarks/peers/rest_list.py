"""The REST peer for lists: FastAPI, PyJWT, AsyncMongoClient and pydantic.

It does the same durable work as the service: a token counts only with its live session, and one
query reads a page of the user's uploads.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, Field
from pymongo import AsyncMongoClient

from benchmarks.peers.bearer import claims
from benchmarks.peers.tokens import signed_in

app = FastAPI()
_client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
    os.environ["DB_URL"], tz_aware=True, readConcernLevel="majority", timeoutMS=5000
)
users = _client[os.environ["DB_NAME"]]["users"]
uploads = _client[os.environ["DB_NAME"]]["uploads"]


class Upload(BaseModel):
    """An upload as clients see it; the aliases are the names in the records."""

    id: str = Field(validation_alias="_id")
    filename: str
    content_type: str = Field(validation_alias="content_type", serialization_alias="contentType")
    size: int
    status: str
    created_at: datetime = Field(validation_alias="created_at", serialization_alias="createdAt")
    tags: list[str]


class Page(BaseModel):
    """A page of uploads, newest first."""

    uploads: list[Upload]
    end_cursor: str | None = Field(serialization_alias="endCursor")
    has_next_page: bool = Field(serialization_alias="hasNextPage")


FIELDS = ("filename", "content_type", "size", "status", "created_at", "tags")


async def owner_id(of_token: Annotated[dict[str, Any], Depends(claims)]) -> str:
    """Return the id of the enabled user with this live session."""
    user = await users.find_one(signed_in(of_token), {"_id": 1})
    if user is None:
        raise HTTPException(401, "The session has ended.")
    return str(user["_id"])


@app.get("/uploads")
async def list_uploads(
    owner: Annotated[str, Depends(owner_id)],
    first: Annotated[int, Query(ge=1, le=100)] = 20,
    after: str | None = None,
) -> Page:
    """List the newest uploads."""
    wanted: dict[str, Any] = {"owner": owner, "status": {"$ne": "DELETED"}}
    if after is not None:
        wanted["_id"] = {"$lt": after}
    found = uploads.find(wanted, FIELDS).sort([("owner", -1), ("_id", -1)]).limit(first + 1)
    rows = await found.to_list()
    page = [Upload.model_validate(row) for row in rows[:first]]
    return Page(
        uploads=page,
        end_cursor=page[-1].id if page else None,
        has_next_page=len(rows) > first,
    )
