"""Conversion between uploads and MongoDB documents.

Fields with the value None are omitted; the sparse indexes rely on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bson import Timestamp

from gql_api.domain import media_types
from gql_api.domain.media import Media, RenditionName
from gql_api.domain.parts import PartPlan
from gql_api.domain.processing import (
    NOT_PROCESSED,
    Processing,
    ProcessingStatus,
    StoredRendition,
)
from gql_api.domain.text import fold
from gql_api.domain.uploads import (
    Checksum,
    ChecksumAlgorithm,
    Upload,
    UploadName,
    UploadStatus,
)

Document = dict[str, Any]

LIST_FIELDS = ("filename_folded", "media_type", "media_kind")
"""The fields that exist only for filtering and sorting lists."""

TOMBSTONE: Document = {
    "filename": "",
    "filename_folded": None,
    "tags": [],
    "media_type": None,
    "media_kind": None,
    "media": None,
    **dict.fromkeys((algorithm.value.lower() for algorithm in ChecksumAlgorithm), None),
    # A later request with the same token creates a new upload instead of finding this one.
    "client_token": None,
}
"""What becomes of the fields of a deleted upload: its tombstone says nothing about the file.

The previous release can still read the record.
"""

_NOW = Timestamp(0, 0)
# In a new document, the server replaces it by its cluster time; see `versions`.

_STATUSES = {status.value: status for status in UploadStatus}
_RENDITIONS = frozenset(name.value for name in RenditionName)
_CHECKSUM_FIELDS = {algorithm.value.lower(): algorithm for algorithm in ChecksumAlgorithm}


def to_document(upload: Upload) -> Document:
    """Convert an upload to its document.

    See `LIST_FIELDS` for those that `to_upload` does not read.
    """
    media_type = media_types.essence(upload.content_type)
    document = {
        "_id": upload.id,
        "owner": upload.owner_id,
        "key": upload.key,
        "filename": upload.filename,
        "filename_folded": fold(upload.filename),
        "content_type": upload.content_type,
        "media_type": media_type,
        "media_kind": media_type.partition("/")[0],
        "size": upload.size_bytes,
        **_checksum_fields(upload.checksum),
        "tags": list(upload.tags),
        "status": upload.status.value,
        "status_reason": upload.status_reason,
        "created_at": upload.created_at,
        "stored_at": upload.stored_at,
        "expires_at": upload.expires_at,
        "part_size": upload.plan.part_bytes,
        "multipart": upload.plan.multipart or None,
        "request_digest": upload.request_digest,
        "client_token": upload.client_token,
        "multipart_id": upload.multipart_id,
        "part_checksums": upload.part_checksums or None,
        "etag": upload.etag,
        "check_at": upload.check_at,
        "trashed_at": upload.trashed_at,
        "changes": upload.version - 1 or None,
        "changed_at": upload.changed_at,
        "changed": _NOW,
        **processing_fields(upload.processing),
    }
    return {name: value for name, value in document.items() if value is not None}


def to_upload(document: Document) -> Upload:
    """Convert a document to its upload.

    `int()` replaces the driver's subclass of int for values from 2^31 on.
    """
    size_bytes = int(document["size"])
    return Upload(
        id=document["_id"],
        owner_id=document["owner"],
        key=document["key"],
        filename=document["filename"],
        content_type=document["content_type"],
        size_bytes=size_bytes,
        checksum=_checksum(document),
        tags=tuple(document["tags"]),
        status=_STATUSES[document["status"]],
        status_reason=document.get("status_reason"),
        created_at=document["created_at"],
        stored_at=document.get("stored_at"),
        expires_at=document["expires_at"],
        plan=PartPlan(size_bytes, int(document["part_size"]), document.get("multipart", False)),
        request_digest=document["request_digest"],
        client_token=document.get("client_token"),
        multipart_id=document.get("multipart_id"),
        part_checksums=document.get("part_checksums", False),
        etag=document.get("etag"),
        check_at=document.get("check_at"),
        trashed_at=document.get("trashed_at"),
        processing=_processing(document),
        version=1 + int(document.get("changes", 0)),
        changed_at=document.get("changed_at"),
    )


def _checksum_fields(checksum: Checksum | None) -> Document:
    """Return the field of the declared checksum, which is named after its algorithm."""
    return {} if checksum is None else {checksum.algorithm.value.lower(): checksum.value}


def _checksum(document: Document) -> Checksum | None:
    for name, algorithm in _CHECKSUM_FIELDS.items():
        if value := document.get(name):
            return Checksum(algorithm, value)
    return None


def processing_fields(processing: Processing) -> Document:
    """Return the fields of what was derived from the file; None for those without a value."""
    status, media = processing.status, processing.media
    return {
        "processing": None if status is ProcessingStatus.NONE else status.value,
        "processing_reason": processing.reason,
        "media_etag": processing.etag,
        "media": None if media is None else _media_fields(media),
        "renditions": [_rendition_fields(it) for it in processing.renditions] or None,
    }


def _media_fields(media: Media) -> Document:
    fields = {name: value for name, value in media._asdict().items() if value is not None}
    if media.captured_at is not None:
        at = media.captured_at  # MongoDB keeps milliseconds.
        fields["captured_at"] = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return fields


def _rendition_fields(rendition: StoredRendition) -> Document:
    name, width, height, size_bytes = rendition
    return {"name": name.value, "width": width, "height": height, "size": size_bytes}


def _processing(document: Document) -> Processing:
    status = document.get("processing")
    if status is None:
        return NOT_PROCESSED
    media = document.get("media")
    return Processing(
        ProcessingStatus(status),
        document.get("processing_reason"),
        document.get("media_etag"),
        None if media is None else _media(media),
        tuple(
            StoredRendition(RenditionName(it["name"]), it["width"], it["height"], it["size"])
            for it in document.get("renditions", ())
            if it["name"] in _RENDITIONS
        ),
    )


def _media(fields: Document) -> Media:
    """Return the facts, without fields that only a newer release, since rolled back, knows."""
    return Media(**{name: value for name, value in fields.items() if name in Media._fields})


def named(names: Iterable[UploadName]) -> Document:
    """Return the filter for the uploads with these names; use it with the index of `_id`.

    It names the owners so that a sharded collection is read on their shards only. An `$or` of pairs
    would be exact, but MongoDB plans each of its branches separately.
    """
    pairs = list(names)
    return {
        "_id": {"$in": [name.upload_id for name in pairs]},
        "owner": {"$in": list({name.owner_id for name in pairs})},
    }


def has(document: Document, fields: Mapping[str, Any]) -> bool:
    """Return whether a document has these values; None stands for a missing field."""
    return all(document.get(name) == value for name, value in fields.items())


def set_or_unset(changes: Document) -> dict[str, Document]:
    """Return an update that sets the fields with a value and removes those that are None."""
    update = {
        "$set": {name: value for name, value in changes.items() if value is not None},
        "$unset": {name: "" for name, value in changes.items() if value is None},
    }
    return {operator: fields for operator, fields in update.items() if fields}
