"""Signed requests that send bytes to the bucket or fetch them from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self, cast

import strawberry

from gql_api.domain import file_requests, presigner
from gql_api.domain.uploads import Upload
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount


@strawberry.type(
    description="A header of a signed request. Send it unchanged: the signature covers it."
)
class HttpHeader:
    """A header to set explicitly; HTTP clients send Host and Content-Length themselves."""

    name: str = strawberry.field(description="The header's name.")
    value: str = strawberry.field(description="The header's value.")


def _headers(request: presigner.PresignedRequest) -> list[HttpHeader]:
    return [HttpHeader(name=name, value=value) for name, value in request.headers]


@strawberry.type(description="A request that anyone may send to the bucket until it expires.")
class PresignedRequest:
    """See `domain.presigner.PresignedRequest`."""

    method: str = strawberry.field(description="The HTTP method.")
    url: str = strawberry.field(description="The URL, including the signature. It is a secret.")
    headers: list[HttpHeader] = strawberry.field(description="The headers to send with it.")
    expires_at: datetime = strawberry.field(
        description="When the URL expires. A request that starts before then may finish later."
    )

    @classmethod
    def of(cls, request: presigner.PresignedRequest) -> Self:
        """Return the request as clients see it."""
        return cls(
            method=request.method,
            url=request.url,
            headers=_headers(request),
            expires_at=request.expires_at,
        )


@strawberry.type(description="One part of a file and the signed request that sends it.")
class PartRequest:
    """See `domain.file_requests.SignedPart`."""

    number: int = strawberry.field(description="The 1-based number of the part.")
    offset: ByteCount = strawberry.field(
        description="The offset of the part in the file, in bytes."
    )
    size: ByteCount = strawberry.field(description="The size of the part in bytes.")
    method: str = strawberry.field(description="The HTTP method.")
    url: str = strawberry.field(description="The URL, including the signature. It is a secret.")
    headers: list[HttpHeader] = strawberry.field(description="The headers to send with it.")
    expires_at: datetime = strawberry.field(
        description="When the URL expires. A request that starts before then may finish later."
    )

    @classmethod
    def of(cls, part: file_requests.SignedPart) -> Self:
        """Return the part as clients see it."""
        return cls(
            number=part.number,
            offset=ByteCount(part.offset_bytes),
            size=ByteCount(part.size_bytes),
            method=part.request.method,
            url=part.request.url,
            headers=_headers(part.request),
            expires_at=part.request.expires_at,
        )


def _shown(signed: Sequence[file_requests.SignedPart]) -> list[PartRequest]:
    return [PartRequest.of(part) for part in signed]


@strawberry.type(description="A part that the bucket already holds in full.")
class ReceivedPart:
    """See `domain.uploads.StoredPart`."""

    number: int = strawberry.field(description="The 1-based number of the part.")
    size: ByteCount = strawberry.field(description="The size of the part in bytes.")


@strawberry.input(description="A part to send.")
class PartInput:
    """See `domain.file_requests.PartSelection`."""

    number: int = strawberry.field(description="The 1-based number of the part.")
    checksum: str | None = strawberry.field(
        description=(
            "The SHA-256 of the part's bytes in Base64. If given, it is part of the signature, and "
            "the bucket rejects any other bytes. Omit it if the file declares a CRC64NVME checksum."
        ),
        default=strawberry.UNSET,
    )

    def to_domain(self) -> file_requests.PartSelection:
        """Return the domain's selection, not validated yet."""
        return file_requests.PartSelection(self.number, given(self.checksum))


@strawberry.type(
    description=(
        "How to send a file. Send partCount parts of partSize bytes (the last may be smaller), "
        "in any order or in parallel, then call completeUpload. A small file has a single part."
    )
)
class Transfer:
    """The transfer of a pending upload to the bucket."""

    record: strawberry.Private[Upload]
    part_size: ByteCount = strawberry.field(
        description="The size of each part except the last, in bytes."
    )
    part_count: int = strawberry.field(description="The number of parts, at least one.")

    @strawberry.field(description="Signed requests for parts of the file.")
    def parts(
        self,
        info: Info,
        select: Annotated[
            list[PartInput] | None,
            strawberry.argument(
                description="The parts to sign, at most 1000; the first 100 if omitted."
            ),
        ] = strawberry.UNSET,
    ) -> list[PartRequest]:
        """Return the selected parts, in the order of the selection."""
        info.context.check_scope("Transfer.parts")
        wanted = given(select)
        selected = None
        if wanted is not None:
            # One part more than allowed is enough for the error.
            few = wanted[: file_requests.SELECT_MAX + 1]
            selected = [part.to_domain() for part in few]
        uploads = info.context.services.uploads
        if not self.record.needs_multipart:
            return _shown(uploads.sign_parts_now(self.record, selected))

        async def parts() -> list[PartRequest]:
            return _shown(await uploads.sign_parts(self.record, selected))

        return cast(list[PartRequest], parts())  # GraphQL awaits it.

    @strawberry.field(
        description=(
            "The parts that the bucket already holds; skip them when you resume. Empty if the file "
            "has a single part."
        )
    )
    async def received(self, info: Info) -> list[ReceivedPart]:
        """Return the parts that the bucket reports."""
        parts = await info.context.received.get(self.record)
        return [ReceivedPart(number=part.number, size=ByteCount(part.size_bytes)) for part in parts]

    @classmethod
    def of(cls, upload: Upload) -> Self:
        """Return the transfer of a pending upload."""
        plan = upload.plan
        return cls(record=upload, part_size=ByteCount(plan.part_bytes), part_count=plan.count)
