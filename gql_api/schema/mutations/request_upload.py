"""requestUpload: ask to upload one file."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.domain import file_requests
from gql_api.domain import uploads as domain
from gql_api.domain.errors import Failure
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.errors import member
from gql_api.schema.scalars import ByteCount
from gql_api.schema.types.failures import (
    ClientTokenReused,
    FileTooLarge,
    InvalidInput,
    QuotaExceeded,
    UnsupportedMediaType,
)
from gql_api.schema.types.uploads import ChecksumAlgorithm, Upload


@strawberry.input(description="A digest of a file's bytes.")
class ChecksumInput:
    """See `domain.uploads.Checksum`."""

    algorithm: ChecksumAlgorithm = strawberry.field(
        description="How it is computed.", default=ChecksumAlgorithm.SHA256
    )
    value: str = strawberry.field(description="The digest in Base64.")

    def to_domain(self) -> domain.Checksum:
        """The checksum as the domain has it, not checked yet."""
        return domain.Checksum(domain.ChecksumAlgorithm(self.algorithm.value), self.value)


@strawberry.input(
    description=(
        "A file to be uploaded. With a clientToken the call is safe to repeat: the same viewer, "
        "token and file get the same upload again."
    )
)
class RequestUploadInput:
    """What `UploadService.request` takes."""

    filename: str = strawberry.field(description="Its name, of any characters but NUL.")
    content_type: str = strawberry.field(description="Its media type, such as image/png.")
    size: ByteCount = strawberry.field(description="How many bytes it has, exactly.")
    checksum: ChecksumInput | None = strawberry.field(
        description="The digest of all its bytes; where given, no other bytes are accepted.",
        default=strawberry.UNSET,
    )
    tags: list[str] | None = strawberry.field(
        description="Words to find it by.", default=strawberry.UNSET
    )
    client_token: str | None = strawberry.field(
        description="A text that the client chooses anew for each file, such as a UUID.",
        default=strawberry.UNSET,
    )

    def to_domain(self) -> file_requests.FileRequest:
        """The request as the domain has it, not checked yet."""
        checksum = given(self.checksum)
        return file_requests.FileRequest(
            filename=self.filename,
            content_type=self.content_type,
            size_bytes=self.size,
            checksum=None if checksum is None else checksum.to_domain(),
            tags=tuple(given(self.tags) or ()),
            client_token=given(self.client_token),
        )


@strawberry.type(description="The file may be sent: upload.transfer says how.")
class UploadTicket:
    """See `domain.file_requests.Ticket`."""

    upload: Upload = strawberry.field(description="The upload.")
    created: bool = strawberry.field(
        description="False where the clientToken found an upload that was requested before."
    )

    @classmethod
    def of(cls, ticket: file_requests.Ticket) -> UploadTicket:
        """The ticket as clients see it."""
        return cls(upload=Upload.of(ticket.upload), created=ticket.created)


RequestUploadResult = Annotated[
    UploadTicket
    | FileTooLarge
    | UnsupportedMediaType
    | QuotaExceeded
    | ClientTokenReused
    | InvalidInput,
    strawberry.union("RequestUploadResult", description="A ticket, or why there is none."),
]


def request_result(outcome: file_requests.Ticket | Failure) -> RequestUploadResult:
    """Return the union member for the outcome of one file."""
    return member(outcome) if isinstance(outcome, Failure) else UploadTicket.of(outcome)


@strawberry.mutation(
    description=(
        "Ask to upload one file. It is recorded as PENDING, and its `transfer` says how to send "
        "the bytes to the bucket. Needs a viewer."
    )
)
async def request_upload(
    info: Info,
    input: Annotated[RequestUploadInput, strawberry.argument(description="The file.")],
) -> RequestUploadResult:
    """See `UploadService.request`."""
    viewer = await info.context.signed_in()
    uploads = info.context.services.uploads
    return request_result(await uploads.request(viewer.user.id, input.to_domain()))
