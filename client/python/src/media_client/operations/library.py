"""Operations that list, change, delete and download uploads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from media_client.errors import UserError
from media_client.models import (
    ChangesPage,
    Disposition,
    Limits,
    OrderDirection,
    Page,
    Rendition,
    RenditionName,
    SignedRequest,
    Upload,
    UploadOrderField,
    UploadStatus,
)
from media_client.operations.operation import (
    ERROR,
    INVALID,
    RENDITION,
    UPLOAD,
    Fields,
    Operation,
    result,
    results,
    utc,
)

T = TypeVar("T")

UPLOADS_AT_ONCE = 50  # The service accepts as many root fields in one request.
_SIGNED = "{ method url headers { name value } expiresAt }"


@dataclass(frozen=True, slots=True)
class UploadFilter:
    """Which uploads to list; None matches any.

    `tags`: an upload must have all of them. `trashed`: only uploads in the trash, not all others.
    """

    status: Sequence[UploadStatus] | None = None
    content_type: str | None = None
    search: str | None = None
    tags: Sequence[str] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    trashed: bool = False

    def as_input(self) -> dict[str, Any]:
        """Return the GraphQL input object, without unset fields."""
        fields = {
            "status": None if self.status is None else [*map(UploadStatus, self.status)],
            "contentType": self.content_type,
            "search": self.search,
            "tags": None if self.tags is None else list(self.tags),
            "createdAfter": utc(self.created_after),
            "createdBefore": utc(self.created_before),
            "trashed": self.trashed or None,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class UploadChange:
    """A change of an upload; None leaves a field unchanged."""

    upload_id: str
    filename: str | None = None
    tags: Sequence[str] | None = None

    def as_input(self) -> dict[str, Any]:
        """Return the GraphQL input object."""
        return {
            "id": self.upload_id,
            "filename": self.filename,
            "tags": None if self.tags is None else list(self.tags),
        }


def limits() -> Operation[Limits]:
    """uploadLimits: what the service accepts."""
    return Operation(
        "{ uploadLimits { maxUploadBytes singlePartMaxBytes contentTypes urlTtlSeconds "
        "pendingTtlSeconds trashTtlSeconds checksumAlgorithms } }",
        lambda data: Limits.of(data["uploadLimits"]),
        needs_token=False,
    )


def find_upload(upload_id: str) -> Operation[Upload | None]:
    """upload, without its transfer."""
    return Operation(
        f"query ($id: ID!) {{ upload(id: $id) {{ {UPLOAD} }} }}",
        lambda data: Upload.of(data["upload"]) if data["upload"] else None,
        {"id": upload_id},
    )


def uploads(
    first: int,
    after: str | None,
    filter_: UploadFilter,
    order_by: UploadOrderField,
    direction: OrderDirection,
    count: bool,
) -> Operation[Page]:
    """uploads: one page. Counting may take longer than the page, so `count` asks for it."""
    return Operation(
        "query ($first: Int, $after: String, $filter: UploadFilter, $order: UploadOrder) { uploads("
        f"first: $first, after: $after, filter: $filter, orderBy: $order) {{ {_count(count)}"
        f"pageInfo {{ endCursor hasNextPage }} nodes {{ {UPLOAD} }} }} }}",
        lambda data: Page.of(data["uploads"]),
        {
            "first": first,
            "after": after,
            "filter": filter_.as_input(),
            "order": {
                "field": UploadOrderField(order_by),
                "direction": OrderDirection(direction),
            },
        },
    )


def changes(first: int, after: str | None) -> Operation[ChangesPage]:
    """changes: one page of uploads in the order of their last change."""
    return Operation(
        "query ($first: Int, $after: String) { changes(first: $first, after: $after) { nodes { id "
        f"version changedAt upload {{ {UPLOAD} }} }} endCursor hasNextPage }} }}",
        lambda data: ChangesPage.of(data["changes"]),
        {"first": first, "after": after},
    )


def _count(count: bool) -> str:
    return "totalCount " if count else ""


def update_upload(
    upload_id: str, filename: str | None, tags: Sequence[str] | None
) -> Operation[Upload]:
    """updateUpload: fields that are None stay unchanged."""
    return Operation(
        f"mutation ($input: UpdateUploadInput!) {{ updateUpload(input: $input) {{ ... on Upload "
        f"{{ {UPLOAD} }} {INVALID} {ERROR} }} }}",
        result("updateUpload", Upload.of),
        {"input": UploadChange(upload_id, filename, tags).as_input()},
    )


def update_uploads(changes: Sequence[UploadChange]) -> Operation[Sequence[Upload | UserError]]:
    """updateUploads: an upload or an error per change, in order."""
    return Operation(
        "mutation ($input: [UpdateUploadInput!]!) { updateUploads(input: $input) { ... on Upload "
        f"{{ {UPLOAD} }} {INVALID} {ERROR} }} }}",
        results("updateUploads", Upload.of),
        {"input": [change.as_input() for change in changes]},
        divisible=len(changes) > 1,
    )


def trash_uploads(upload_ids: Sequence[str]) -> Operation[Sequence[Upload | UserError]]:
    """trashUploads: an upload or an error per id, in order."""
    return _of_each("trashUploads", upload_ids, "... on UploadClosed { status }")


def restore_uploads(upload_ids: Sequence[str]) -> Operation[Sequence[Upload | UserError]]:
    """restoreUploads: an upload or an error per id, in order."""
    return _of_each("restoreUploads", upload_ids)


def _of_each(
    mutation: str, upload_ids: Sequence[str], failures: str = ""
) -> Operation[Sequence[Upload | UserError]]:
    """Return the operation that changes each upload; `failures` selects fields of its errors."""
    return Operation(
        f"mutation ($ids: [ID!]!) {{ {mutation}(ids: $ids) {{ ... on Upload {{ {UPLOAD} }} "
        f"{failures} {ERROR} }} }}",
        results(mutation, Upload.of),
        {"ids": list(upload_ids)},
        divisible=len(upload_ids) > 1,
    )


def delete_upload(upload_id: str) -> Operation[str]:
    """deleteUpload: the upload's id. Not repeatable: a retry would not find the upload."""
    return Operation(
        "mutation ($id: ID!) { deleteUpload(id: $id) { ... on UploadDeleted { id } "
        f"{ERROR} }} }}",
        result("deleteUpload", lambda fields: str(fields["id"])),
        {"id": upload_id},
        repeatable=False,
    )


def delete_uploads(upload_ids: Sequence[str]) -> Operation[Sequence[str | UserError]]:
    """deleteUploads: the id or an error per id, in order. Not repeatable, as `delete_upload`."""
    return Operation(
        "mutation ($ids: [ID!]!) { deleteUploads(ids: $ids) { ... on UploadDeleted { id } "
        f"{ERROR} }} }}",
        results("deleteUploads", lambda fields: str(fields["id"])),
        {"ids": list(upload_ids)},
        repeatable=False,
    )


def download(
    upload_id: str, disposition: Disposition, expires_in_seconds: int | None
) -> Operation[SignedRequest | None]:
    """upload.download: a signed GET, or None if there is nothing to download."""
    return Operation(
        "query ($id: ID!, $as: Disposition!, $for: Int) { upload(id: $id) { download(disposition: "
        f"$as, expiresInSeconds: $for) {_SIGNED} }} }}",
        lambda data: (
            SignedRequest.of(data["upload"]["download"])
            if data["upload"] and data["upload"]["download"]
            else None
        ),
        {"id": upload_id, "as": Disposition(disposition), "for": expires_in_seconds},
    )


def downloads(upload_ids: Sequence[str]) -> Operation[dict[str, SignedRequest]]:
    """upload.download of at most UPLOADS_AT_ONCE uploads, by id, without those that have none."""
    return _of_uploads(
        upload_ids, f"{{ download(disposition: ATTACHMENT) {_SIGNED} }}", _signed_request
    )


def rendition(upload_id: str, name: RenditionName) -> Operation[Rendition | None]:
    """upload.rendition, or None if there is none."""
    return Operation(
        f"query ($id: ID!) {{ upload(id: $id) {{ id {_selected(name)} }} }}",
        lambda data: _rendition(data["upload"]) if data["upload"] else None,
        {"id": upload_id},
    )


def renditions(upload_ids: Sequence[str], name: RenditionName) -> Operation[dict[str, Rendition]]:
    """upload.rendition of at most UPLOADS_AT_ONCE uploads, by id, without those that have none."""
    return _of_uploads(upload_ids, f"{{ id {_selected(name)} }}", _rendition)


def _selected(name: RenditionName) -> str:
    return RENDITION.format(RenditionName(name))


def _rendition(fields: Fields) -> Rendition | None:
    return Rendition.of(fields["rendition"]) if fields.get("rendition") else None


def find_uploads(upload_ids: Sequence[str]) -> Operation[dict[str, Upload]]:
    """upload of at most UPLOADS_AT_ONCE ids, by id, without those that the user does not have."""
    return _of_uploads(upload_ids, f"{{ {UPLOAD} }}", Upload.of)


def _signed_request(fields: Fields) -> SignedRequest | None:
    return SignedRequest.of(fields["download"]) if fields["download"] else None


def _of_uploads(
    upload_ids: Sequence[str], selection: str, read: Callable[[Fields], T | None]
) -> Operation[dict[str, T]]:
    """Return a query of the same fields of several uploads, one root field per upload."""
    names = [f"u{number}" for number in range(len(upload_ids))]
    variables = ", ".join(f"${name}: ID!" for name in names)
    fields = " ".join(f"{name}: upload(id: ${name}) {selection}" for name in names)

    def read_all(data: Fields) -> dict[str, T]:
        values = {
            upload_id: read(data[name]) if data[name] else None
            for name, upload_id in zip(names, upload_ids, strict=True)
        }
        return {upload_id: value for upload_id, value in values.items() if value is not None}

    document = f"query ({variables}) {{ {fields} }}"
    return Operation(document, read_all, dict(zip(names, upload_ids, strict=True)))
