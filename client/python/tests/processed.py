"""What the media function would leave behind: facts in the database, pictures in the bucket."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
from client.python.tests.service import BUCKET, Service
from pymongo import MongoClient

THUMBNAIL, PREVIEW = b"a small picture", b"a picture of medium size"
PHOTO: dict[str, Any] = {
    "width": 3000,
    "height": 4000,
    "thumbhash": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    "captured_at": datetime(2026, 7, 9, 18, 30, 5, tzinfo=UTC),
    "camera": "Fairphone FP5",
    "has_location": True,
}
FILM: dict[str, Any] = {
    "width": 1920,
    "height": 1080,
    "duration_seconds": 3723.04,
    "frame_rate": 29.97,
    "video_codec": "h264",
    "audio_codec": "aac",
    "has_location": False,
}
PAPER: dict[str, Any] = {"pages": 12, "has_location": False}


class MediaFunction:
    """Records what it is told of uploads of a service that processes no media itself."""

    def __init__(self, service: Service) -> None:
        self._database: MongoClient[dict[str, Any]] = MongoClient(service.database_url)
        self._uploads = self._database["media"]["uploads"]
        self._bucket = boto3.client(
            "s3",
            endpoint_url=service.address("Bucket"),
            aws_access_key_id="local",
            aws_secret_access_key=service.secret_access_key,
            region_name="us-east-1",
        )

    def done(self, upload_id: str, facts: dict[str, Any], *, pictures: bool = True) -> None:
        """Record facts, and a picture of each kind."""
        record = self._uploads.find_one({"_id": upload_id}) or {}
        found = []
        for name, data in (("THUMBNAIL", THUMBNAIL), ("PREVIEW", PREVIEW)) if pictures else ():
            etag = record["etag"].strip('"')
            key = f"renditions/{record['owner']}/{upload_id}/{etag}/{name.lower()}.webp"
            self._bucket.put_object(Bucket=BUCKET, Key=key, Body=data)
            found.append({"name": name, "width": 240, "height": 320, "size": len(data)})
        self._set(
            upload_id, "DONE", media=facts, media_etag=record["etag"], renditions=found or None
        )

    def pending(self, upload_id: str) -> None:
        """Record that facts are to come."""
        self._set(upload_id, "PENDING")

    def failed(self, upload_id: str, reason: str) -> None:
        """Record that nothing can be derived."""
        self._set(upload_id, "FAILED", processing_reason=reason)

    def _set(self, upload_id: str, status: str, **fields: Any) -> None:
        known = {name: value for name, value in fields.items() if value is not None}
        changed = self._uploads.update_one(
            {"_id": upload_id}, {"$set": {"processing": status, **known}}
        )
        assert changed.matched_count == 1

    def close(self) -> None:
        """Close the connections."""
        self._database.close()
        self._bucket.close()
