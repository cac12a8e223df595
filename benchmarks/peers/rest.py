"""The REST peer: FastAPI, PyJWT and boto3's presigning, with or without an insert into MongoDB.

`PEER_DATABASE` is `none`, `pymongo` (AsyncMongoClient) or `motor`. The peer does less than the
service: it has no quota, does not check whether the session was ended, and validates only types.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

import boto3
from botocore.config import Config
from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field

from benchmarks.peers.bearer import claims

URL_TTL_SECONDS = 900
BUCKET = os.environ["S3_BUCKET"]

app = FastAPI()
s3 = boto3.client(
    "s3",
    region_name=os.environ["AWS_DEFAULT_REGION"],
    config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
)


class UploadRequest(BaseModel):
    """The file to upload."""

    filename: str = Field(min_length=1, max_length=255)
    content_type: str = Field(alias="contentType")
    size: int = Field(ge=0)


class Header(BaseModel):
    """A header to send."""

    name: str
    value: str


class UploadResponse(BaseModel):
    """The signed request that uploads the file."""

    id: str
    method: str
    url: str
    headers: list[Header]
    expires_at: datetime


def _uploads() -> Any:
    """Return the collection for upload records, or None if `PEER_DATABASE` is `none`."""
    kind = os.environ.get("PEER_DATABASE", "none")
    if kind == "none":
        return None
    if kind == "motor":
        from motor.motor_asyncio import AsyncIOMotorClient as Client
    else:
        from pymongo import AsyncMongoClient as Client
    return Client(os.environ["DB_URL"], tz_aware=True, w="majority")[os.environ["DB_NAME"]][
        f"uploads_{kind}"
    ]


uploads = _uploads()


@app.post("/uploads", status_code=201)
async def request_upload(
    request: UploadRequest, of_token: Annotated[dict[str, Any], Depends(claims)]
) -> UploadResponse:
    """Sign a PUT of the file and record the upload."""
    now = datetime.now(UTC)
    owner = of_token["sub"]
    upload_id = str(uuid4())
    key = f"uploads/{owner}/{upload_id}"
    url = s3.generate_presigned_url(
        "put_object",
        Params={
            "Bucket": BUCKET,
            "Key": key,
            "ContentType": request.content_type,
            "ContentLength": request.size,
        },
        ExpiresIn=URL_TTL_SECONDS,
    )
    if uploads is not None:
        await uploads.insert_one(
            {
                "_id": upload_id,
                "owner": owner,
                "key": key,
                "filename": request.filename,
                "content_type": request.content_type,
                "size": request.size,
                "status": "PENDING",
                "created_at": now,
            }
        )
    return UploadResponse(
        id=upload_id,
        method="PUT",
        url=url,
        headers=[Header(name="content-type", value=request.content_type)],
        expires_at=now + timedelta(seconds=URL_TTL_SECONDS),
    )
