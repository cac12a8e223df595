"""Requests of clients: to upload a file, and for signed requests that send its parts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from gql_api.domain import magic_bytes, media_types
from gql_api.domain.errors import (
    BadUserInput,
    Failure,
    FieldError,
    FileTooLarge,
    InvalidInput,
    UnsupportedMediaType,
)
from gql_api.domain.ids import new_id
from gql_api.domain.parts import PartPlan, plan_parts
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.text import FILENAME_MAX_LENGTH, TAG_MAX_LENGTH, TAGS_MAX, compose, flaw
from gql_api.domain.uploads import (
    Checksum,
    ChecksumAlgorithm,
    Upload,
    UploadStatus,
    object_key,
)

CLIENT_TOKEN_MAX_LENGTH = 200
TAGS_GIVEN_MAX = 10 * TAGS_MAX  # Including repeated ones, each of which counts once.
SELECT_MAX = 1000
SELECT_DEFAULT = 100
FIRST_CHECK_SECONDS = 900

_ANY_STORE = (ChecksumAlgorithm.SHA256,)
_FORMS = {
    ChecksumAlgorithm.SHA256: "must be a SHA-256 in Base64 (44 characters)",
    ChecksumAlgorithm.CRC64NVME: "must be a big-endian CRC-64/NVME in Base64 (12 characters)",
}


class FileRequest(NamedTuple):
    """One file as a client declares it, not validated yet."""

    filename: str
    content_type: str
    size_bytes: int
    checksum: Checksum | None = None
    tags: tuple[str, ...] = ()
    client_token: str | None = None


class Ticket(NamedTuple):
    """A recorded upload; `created` is False if the client token matched an earlier request."""

    upload: Upload
    created: bool


class PartSelection(NamedTuple):
    """A part (1-based) that a client wants to send; `checksum` is its SHA-256 in Base64."""

    number: int
    checksum: str | None = None


class SignedPart(NamedTuple):
    """A part, its position in the file, and the request that sends it."""

    number: int
    offset_bytes: int
    size_bytes: int
    request: PresignedRequest


def draft(
    owner_id: str,
    request: FileRequest,
    policy: UploadPolicy,
    now: datetime,
    algorithms: Collection[ChecksumAlgorithm] = _ANY_STORE,
) -> Upload | Failure:
    """Return the PENDING upload for a request, or the reason why there is none.

    `algorithms`: the checksums that can be verified (`Deployment.checksum_algorithms`).
    The failures are InvalidInput, which lists every invalid field, and FileTooLarge and
    UnsupportedMediaType for files that the operator does not accept.
    """
    checked = _checked(request, policy, algorithms)
    if isinstance(checked, InvalidInput):
        return checked
    request = checked
    if request.size_bytes > policy.max_upload_bytes:
        return FileTooLarge(request.size_bytes, policy.max_upload_bytes)
    if not media_types.matches(request.content_type, policy.content_types):
        return UnsupportedMediaType(request.content_type, policy.content_types)
    upload_id = new_id(now)
    return Upload(
        id=upload_id,
        owner_id=owner_id,
        key=object_key(policy.key_prefix, owner_id, upload_id),
        filename=request.filename,
        content_type=request.content_type,
        size_bytes=request.size_bytes,
        checksum=request.checksum,
        tags=request.tags,
        status=UploadStatus.PENDING,
        status_reason=None,
        created_at=now,
        stored_at=None,
        expires_at=now + timedelta(seconds=policy.pending_ttl_seconds),
        plan=plan_parts(request.size_bytes, policy.single_part_max_bytes),
        request_digest=_digest(request),
        client_token=request.client_token,
        check_at=now + timedelta(seconds=min(FIRST_CHECK_SECONDS, policy.pending_ttl_seconds)),
    )


def checked_tags(tags: tuple[str, ...]) -> tuple[tuple[str, ...], list[FieldError]]:
    """Return the tags, stripped, composed and without duplicates, and the errors in them."""
    if len(tags) > TAGS_GIVEN_MAX:
        return (), [_too_many_tags(len(tags))]
    places: dict[str, int] = {}
    for index, tag in enumerate(tags):
        places.setdefault(compose(tag.strip()), index)
    if len(places) > TAGS_MAX:
        return tuple(places), [_too_many_tags(len(places))]
    # A repeated tag gives one error, so that the response is not longer than the request.
    problems = [
        FieldError(("tags", str(index)), problem)
        for tag, index in places.items()
        if (problem := flaw(tag, TAG_MAX_LENGTH))
    ]
    return tuple(places), problems


def _too_many_tags(count: int) -> FieldError:
    return FieldError(("tags",), f"has {count} tags; at most {TAGS_MAX} are allowed")


def selected_parts(
    plan: PartPlan, select: tuple[PartSelection, ...] | None
) -> tuple[PartSelection, ...]:
    """Return the selected parts, or the first 100 if `select` is None.

    Raises:
        BadUserInput: more than 1000 parts, a number outside of the plan, or a malformed checksum.
    """
    if select is None:
        return tuple(PartSelection(n + 1) for n in range(min(plan.count, SELECT_DEFAULT)))
    if len(select) > SELECT_MAX:
        raise BadUserInput(f"More than {SELECT_MAX} parts are selected in one call.")
    for part in select:
        if not 1 <= part.number <= plan.count:
            raise BadUserInput(f"The parts of this upload are 1 to {plan.count}.")
        if part.checksum is not None and not _sha256(part.checksum).is_well_formed:
            form = _FORMS[ChecksumAlgorithm.SHA256]
            raise BadUserInput(f"The checksum of part {part.number} {form}.")
    return select


def check_part_checksums(upload: Upload, parts: Sequence[PartSelection]) -> None:
    """Check that a multipart upload gets checksums for all of its parts or for none.

    The parts of the first call decide which; a single part may come with or without a checksum.
    Stores accept one algorithm per upload, so parts of a file with a CRC-64/NVME have no checksum.

    Raises:
        BadUserInput: a checksum is missing, or one is given where there can be none.
    """
    given = {part.checksum is not None for part in parts}
    declared = upload.checksum
    if declared and declared.algorithm is ChecksumAlgorithm.CRC64NVME and True in given:
        raise BadUserInput("This file declares a CRC-64/NVME: give no checksums for its parts.")
    if not upload.plan.multipart:
        return
    if len(given) > 1 or not (upload.needs_multipart or given <= {upload.part_checksums}):
        raise BadUserInput(
            "The first parts of this upload were signed with checksums: give one for each part."
            if upload.part_checksums
            else "Give a checksum for each part from the first call on, or for none."
        )


def _checked(
    request: FileRequest, policy: UploadPolicy, algorithms: Collection[ChecksumAlgorithm]
) -> FileRequest | InvalidInput:
    """Return the request with a canonical content type and tags, or all of its invalid fields."""
    problems: list[FieldError] = []

    def note(field: str, problem: str | None) -> None:
        if problem:
            problems.append(FieldError((field,), problem))

    note("filename", flaw(request.filename, FILENAME_MAX_LENGTH))
    content_type = media_types.parse(request.content_type)
    if content_type is None:
        note("contentType", "is not a media type such as image/png (ASCII, at most 255 characters)")
    elif policy.check_file_types:
        note("filename", magic_bytes.name_contradiction(content_type, request.filename))
    note("checksum", _checksum_flaw(request, policy, algorithms))
    if request.client_token is not None:
        note("clientToken", flaw(request.client_token, CLIENT_TOKEN_MAX_LENGTH))
    tags, tag_problems = checked_tags(request.tags)
    problems += tag_problems
    if problems or content_type is None:
        return InvalidInput(problems)
    return request._replace(content_type=content_type, tags=tags)


def _checksum_flaw(
    request: FileRequest, policy: UploadPolicy, algorithms: Collection[ChecksumAlgorithm]
) -> str | None:
    checksum = request.checksum
    if checksum is None:
        return None
    if checksum.algorithm not in algorithms:
        possible = " or ".join(algorithm.value for algorithm in algorithms)
        return f"is a {checksum.algorithm.value}, which this store cannot verify; use {possible}"
    if not checksum.is_well_formed:
        return _FORMS[checksum.algorithm]
    limit = max(policy.checksum_read_max_bytes, policy.single_part_max_bytes)
    if checksum.algorithm is ChecksumAlgorithm.SHA256 and request.size_bytes > limit:
        other = "use CRC64NVME, or " if ChecksumAlgorithm.CRC64NVME in algorithms else ""
        return (
            f"can only be verified for files of up to {limit} bytes; "
            f"{other}omit it and sign each part with its own checksum"
        )
    return None


def _sha256(value: str) -> Checksum:
    return Checksum(ChecksumAlgorithm.SHA256, value)


def _digest(request: FileRequest) -> str:
    """Return a hash of the file's properties, which identifies a repeated request."""
    facts = [
        request.filename,
        request.content_type,
        request.size_bytes,
        request.checksum.value if request.checksum else None,
        request.tags,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
