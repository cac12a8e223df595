"""How bytes get into the bucket and out of it: signed requests."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

import strawberry

from gql_api.domain import file_requests, presigner
from gql_api.domain.uploads import Upload
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount


@strawberry.type(
    description="A header of a signed request. Send it exactly so: the signature covers it."
)
class HttpHeader:
    """A header to be set by hand; HTTP clients send Host and Content-Length by themselves."""

    name: str = strawberry.field(description="The header's name.")
    value: str = strawberry.field(description="The header's value.")


def _headers(request: presigner.PresignedRequest) -> list[HttpHeader]:
    return [HttpHeader(name=name, value=value) for name, value in request.headers]


@strawberry.type(description="A request that the bucket takes from anybody, until it expires.")
class PresignedRequest:
    """See `domain.presigner.PresignedRequest`."""

    method: str = strawberry.field(description="The HTTP method.")
    url: str = strawberry.field(description="The URL, signature included. It is a secret.")
    headers: list[HttpHeader] = strawberry.field(description="The headers to send with it.")
    expires_at: datetime = strawberry.field(
        description="Until when the request must have begun; it may take longer."
    )

    @classmethod
    def of(cls, request: presigner.PresignedRequest) -> PresignedRequest:
        """The request as clients see it."""
        return cls(
            method=request.method,
            url=request.url,
            headers=_headers(request),
            expires_at=request.expires_at,
        )


@strawberry.type(description="One part of a file, and the signed request that sends it.")
class PartRequest:
    """See `domain.file_requests.SignedPart`."""

    number: int = strawberry.field(description="Which part it is, from 1.")
    offset: ByteCount = strawberry.field(description="Where in the file the part begins.")
    size: ByteCount = strawberry.field(description="How many bytes the part has.")
    method: str = strawberry.field(description="The HTTP method.")
    url: str = strawberry.field(description="The URL, signature included. It is a secret.")
    headers: list[HttpHeader] = strawberry.field(description="The headers to send with it.")
    expires_at: datetime = strawberry.field(
        description="Until when the request must have begun; it may take longer."
    )

    @classmethod
    def of(cls, part: file_requests.SignedPart) -> PartRequest:
        """The part as clients see it."""
        return cls(
            number=part.number,
            offset=ByteCount(part.offset_bytes),
            size=ByteCount(part.size_bytes),
            method=part.request.method,
            url=part.request.url,
            headers=_headers(part.request),
            expires_at=part.request.expires_at,
        )


@strawberry.type(description="A part that the bucket holds already.")
class ReceivedPart:
    """See `domain.uploads.StoredPart`."""

    number: int = strawberry.field(description="Which part it is, from 1.")
    size: ByteCount = strawberry.field(description="How many bytes of it the bucket holds.")


@strawberry.input(description="A part that is to be sent.")
class PartInput:
    """See `domain.file_requests.PartSelection`."""

    number: int = strawberry.field(description="Which part it is, from 1.")
    checksum: str | None = strawberry.field(
        description=(
            "The Base64 SHA-256 of the part's bytes. If given, the signature covers it, and the "
            "bucket takes these bytes only."
        ),
        default=strawberry.UNSET,
    )

    def to_domain(self) -> file_requests.PartSelection:
        """The selection as the domain has it, not checked yet."""
        return file_requests.PartSelection(self.number, given(self.checksum))


@strawberry.type(
    description=(
        "How to send a file: as partCount parts, all of partSize bytes but the last, in any order "
        "and at the same time. A small file is one part. After the last, call completeUpload."
    )
)
class Transfer:
    """The way of a pending upload into the bucket."""

    record: strawberry.Private[Upload]
    part_size: ByteCount = strawberry.field(
        description="How many bytes each part but the last has."
    )
    part_count: int = strawberry.field(description="How many parts there are, at least one.")

    @strawberry.field(description="Signed requests for parts of the file.")
    def parts(
        self,
        info: Info,
        select: Annotated[
            list[PartInput] | None,
            strawberry.argument(
                description="The parts to sign, at most 1000; the first 100 if left out."
            ),
        ] = strawberry.UNSET,
    ) -> list[PartRequest]:
        """Return the selected parts, in the order of the selection."""
        wanted = given(select)
        selected = None if wanted is None else [part.to_domain() for part in wanted]
        uploads = info.context.services.uploads
        if not self.record.needs_multipart:
            return [PartRequest.of(part) for part in uploads.sign_parts_now(self.record, selected)]

        async def parts() -> list[PartRequest]:
            signed = await uploads.sign_parts(self.record, selected)
            return [PartRequest.of(part) for part in signed]

        return cast(list[PartRequest], parts())  # GraphQL awaits it.

    @strawberry.field(
        description=(
            "The parts that the bucket holds already, which a client skips when it resumes. Empty "
            "where the file is a single part."
        )
    )
    async def received(self, info: Info) -> list[ReceivedPart]:
        """What the bucket holds, as it says itself."""
        parts = await info.context.services.uploads.received(self.record)
        return [ReceivedPart(number=part.number, size=ByteCount(part.size_bytes)) for part in parts]

    @classmethod
    def of(cls, upload: Upload) -> Transfer:
        """The transfer of a pending upload."""
        plan = upload.plan
        return cls(record=upload, part_size=ByteCount(plan.part_bytes), part_count=plan.count)
