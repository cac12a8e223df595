"""Operations of an upload: request it, sign its parts, complete or cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from media_client.errors import UserError
from media_client.models import Part, Ticket, Upload
from media_client.operations.operation import (
    ERROR,
    INVALID,
    UPLOAD,
    Fields,
    Operation,
    result,
    results,
    user_error,
)

_PART = "number offset size method url headers { name value } expiresAt"
_TICKET = f"""... on UploadTicket {{ created upload {{ {UPLOAD}
transfer {{ partSize partCount %s }} }} }}
... on FileTooLarge {{ maxUploadBytes }} ... on UnsupportedMediaType {{ contentTypes }}
... on QuotaExceeded {{ availableBytes }} {INVALID} {ERROR}"""
_COMPLETED = f"""__typename ... on Upload {{ {UPLOAD} }} ... on UploadIncomplete {{ missingParts }}
... on UploadRejected {{ upload {{ {UPLOAD} }} }} ... on UploadClosed {{ status }} {ERROR}"""


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """A file to upload. `size` is in bytes, `checksum` is in Base64.

    `checksum_algorithm` is one of those in `Limits.checksum_algorithms`. `client_token` makes the
    request idempotent: a retry returns the same upload.
    """

    filename: str
    content_type: str
    size: int
    checksum: str | None = None
    tags: Sequence[str] = ()
    client_token: str | None = None
    checksum_algorithm: str = "SHA256"

    def as_input(self) -> dict[str, Any]:
        """Return the GraphQL input object."""
        fields: dict[str, Any] = {
            "filename": self.filename,
            "contentType": self.content_type,
            "size": self.size,
            "tags": list(self.tags),
        }
        if self.checksum is not None:
            fields["checksum"] = {"algorithm": self.checksum_algorithm, "value": self.checksum}
        if self.client_token is not None:
            fields["clientToken"] = self.client_token
        return fields


def request_upload(request: UploadRequest) -> Operation[Ticket]:
    """requestUpload, without signed requests; `sign_parts` returns those."""
    return Operation(
        "mutation ($input: RequestUploadInput!) { requestUpload(input: $input) { "
        f"{_TICKET % ''} }} }}",
        result("requestUpload", _ticket),
        {"input": request.as_input()},
        repeatable=request.client_token is not None,
    )


def request_uploads(
    requests: Sequence[UploadRequest], with_parts: bool
) -> Operation[Sequence[Ticket | UserError]]:
    """requestUploads: a ticket or an error per file, in order.

    `with_parts`: include the signed requests of each file's first parts.
    """
    selection = f"parts {{ {_PART} }}" if with_parts else ""
    return Operation(
        "mutation ($input: [RequestUploadInput!]!) { requestUploads(input: $input) { "
        f"{_TICKET % selection} }} }}",
        results("requestUploads", _ticket),
        {"input": [request.as_input() for request in requests]},
        repeatable=all(request.client_token is not None for request in requests),
        divisible=len(requests) > 1,
    )


def _ticket(fields: Fields) -> Ticket:
    return Ticket(Upload.of(fields["upload"]), fields["created"])


def sign_parts(
    upload_id: str, parts: Sequence[tuple[int, str | None]]
) -> Operation[Sequence[Part]]:
    """transfer.parts: signed requests for parts, given as (number, Base64 SHA-256 or None).

    Empty if the upload is in a final state or does not exist.
    """
    select = [
        {"number": number} if checksum is None else {"number": number, "checksum": checksum}
        for number, checksum in parts
    ]
    return Operation(
        "query ($id: ID!, $select: [PartInput!]) { upload(id: $id) { transfer { parts(select: "
        f"$select) {{ {_PART} }} }} }} }}",
        lambda data: tuple(Part.of(part) for part in (_transfer(data) or {"parts": ()})["parts"]),
        {"id": upload_id, "select": select},
    )


def transfer(upload_id: str) -> Operation[Upload | None]:
    """upload, with its part sizes and the parts that the bucket has received."""
    return Operation(
        f"query ($id: ID!) {{ upload(id: $id) {{ {UPLOAD} transfer {{ partSize partCount "
        "received { number size } } } }",
        lambda data: Upload.of(data["upload"]) if data["upload"] else None,
        {"id": upload_id},
    )


def _transfer(data: Fields) -> Any:
    return data["upload"] and data["upload"]["transfer"]


def complete_upload(upload_id: str) -> Operation[Upload]:
    """completeUpload: the upload after the service has checked it."""
    return Operation(
        f"mutation ($id: ID!) {{ completeUpload(id: $id) {{ {_COMPLETED} }} }}",
        result("completeUpload", Upload.of),
        {"id": upload_id},
    )


def complete_uploads(upload_ids: Sequence[str]) -> Operation[Sequence[Upload | UserError]]:
    """completeUploads: an upload or an error per id, in order."""
    return Operation(
        f"mutation ($ids: [ID!]!) {{ completeUploads(ids: $ids) {{ {_COMPLETED} }} }}",
        results("completeUploads", Upload.of),
        {"ids": list(upload_ids)},
        divisible=len(upload_ids) > 1,
    )


def cancel_upload(upload_id: str) -> Operation[Upload]:
    """cancelUpload: the cancelled upload."""
    return Operation(
        f"mutation ($id: ID!) {{ cancelUpload(id: $id) {{ ... on Upload {{ {UPLOAD} }} "
        f"... on UploadClosed {{ status }} {ERROR} }} }}",
        result("cancelUpload", Upload.of),
        {"id": upload_id},
    )


def cancel_uploads(upload_ids: Sequence[str]) -> Operation[Sequence[str | UserError]]:
    """cancelUpload for up to 50 uploads: the id or an error for each, in order."""
    names = [f"id{number}" for number in range(len(upload_ids))]
    variables = ", ".join(f"${name}: ID!" for name in names)
    # With all fields of an upload, the response might be too large.
    selection = f"... on Upload {{ id }} ... on UploadClosed {{ status }} {ERROR}"
    fields = " ".join(f"{name}: cancelUpload(id: ${name}) {{ {selection} }}" for name in names)
    return Operation(
        f"mutation ({variables}) {{ {fields} }}",
        lambda data: tuple(
            user_error(data[name]) if "code" in data[name] else data[name]["id"] for name in names
        ),
        dict(zip(names, upload_ids, strict=True)),
    )
