"""The proxy peer: FastAPI receives the file and sends it to the bucket with boto3."""

from __future__ import annotations

import os
from typing import Annotated
from uuid import uuid4

import boto3
from botocore.config import Config
from fastapi import FastAPI, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.params import File

app = FastAPI()
s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["S3_ENDPOINT_URL"],
    region_name=os.environ["AWS_DEFAULT_REGION"],
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)


@app.post("/uploads", status_code=201)
async def upload(file: Annotated[UploadFile, File()]) -> dict[str, str]:
    """Store the file; boto3 sends the parts of a large file concurrently."""
    key = f"proxied/{uuid4()}"
    await run_in_threadpool(
        s3.upload_fileobj,
        file.file,
        os.environ["S3_BUCKET"],
        key,
        {"ContentType": file.content_type or "application/octet-stream"},
    )
    return {"key": key}
