"""The body of a webhook's request: JSON in the structure that Standard Webhooks recommends.

`type`, `timestamp` and `data`. docs/webhooks.md describes it, and a test compares.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from gql_api.domain import media
from gql_api.domain.upload_events import UploadEvent, UploadEventType
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.domain.webhooks import TEST_TYPE, type_name


def event_payload(event: UploadEvent, external_id: str | None) -> str:
    """Return the body for an event: what happened, and what is known of the upload by now.

    `external_id` is the owner's subject at the team's own issuer; None for accounts with a
    password.
    """
    upload = event.upload
    described = {"id": upload.id, "version": event.version}
    if UploadStatus.DELETED is upload.status or event.type is UploadEventType.DELETED:
        # A deleted file's name is forgotten, even if a receiver gets an earlier event only now.
        described["status"] = UploadStatus.DELETED.value
    else:
        described |= _facts(upload)
    owner = {"id": upload.owner_id, "externalId": external_id}
    return _text(type_name(event.type), event.at, {"upload": described, "owner": owner})


def trial_payload(webhook_id: str, at: datetime) -> str:
    """Return the body of the message that an operator sends to try a webhook."""
    return _text(TEST_TYPE, at, {"webhook": {"id": webhook_id}})


def _facts(upload: Upload) -> dict[str, Any]:
    """Return the upload with the names and the meaning that the API gives its fields."""
    status = UploadStatus.STORED if upload.status.stored else upload.status
    checksum, known = upload.checksum, upload.processing.media
    return {
        "filename": upload.filename,
        "contentType": upload.content_type,
        "size": upload.size_bytes,
        "checksum": checksum and {"algorithm": checksum.algorithm.value, "value": checksum.value},
        "tags": list(upload.tags),
        "status": status.value,
        "statusReason": upload.status_reason,
        "createdAt": _time(upload.created_at),
        "storedAt": _time(upload.stored_at),
        "trashedAt": _time(upload.trashed_at),
        "processing": upload.processing.status.value,
        "media": None if known is None else media.to_json(known),
    }


def _text(kind: str, at: datetime, data: dict[str, Any]) -> str:
    return json.dumps({"type": kind, "timestamp": _time(at), "data": data}, separators=(",", ":"))


def _time(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
