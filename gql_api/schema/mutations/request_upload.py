"""requestUpload: request the upload of one file."""

from typing import Annotated, Self

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
        description="The algorithm.", default=ChecksumAlgorithm.SHA256
    )
    value: str = strawberry.field(description="The digest in Base64.")

    def to_domain(self) -> domain.Checksum:
        """Return the domain's checksum, not validated yet."""
        return domain.Checksum(domain.ChecksumAlgorithm(self.algorithm.value), self.value)


@strawberry.input(
    description=(
        "A file to upload. With a clientToken, the request is safe to repeat: a request of the "
        "same viewer with the same token and file returns the same upload."
    )
)
class RequestUploadInput:
    """The input of `UploadService.request`."""

    filename: str = strawberry.field(description="The filename; any characters except NUL.")
    content_type: str = strawberry.field(description="The media type, such as image/png.")
    size: ByteCount = strawberry.field(description="The exact size in bytes.")
    checksum: ChecksumInput | None = strawberry.field(
        description="The digest of the file; if given, any other bytes are rejected.",
        default=strawberry.UNSET,
    )
    tags: list[str] | None = strawberry.field(
        description="Labels to filter uploads by.", default=strawberry.UNSET
    )
    client_token: str | None = strawberry.field(
        description="A unique string that the client generates per file, such as a UUID.",
        default=strawberry.UNSET,
    )

    def to_domain(self) -> file_requests.FileRequest:
        """Return the domain's request, not validated yet."""
        checksum = given(self.checksum)
        return file_requests.FileRequest(
            filename=self.filename,
            content_type=self.content_type,
            size_bytes=self.size,
            checksum=None if checksum is None else checksum.to_domain(),
            tags=tuple(given(self.tags) or ()),
            client_token=given(self.client_token),
        )


@strawberry.type(description="A recorded upload; upload.transfer says how to send the file.")
class UploadTicket:
    """See `domain.file_requests.Ticket`."""

    upload: Upload = strawberry.field(description="The upload.")
    created: bool = strawberry.field(
        description="False if the clientToken matched an earlier request."
    )

    @classmethod
    def of(cls, ticket: file_requests.Ticket) -> Self:
        """Return the ticket as clients see it."""
        return cls(upload=Upload.of(ticket.upload), created=ticket.created)


RequestUploadResult = Annotated[
    UploadTicket
    | FileTooLarge
    | UnsupportedMediaType
    | QuotaExceeded
    | ClientTokenReused
    | InvalidInput,
    strawberry.union("RequestUploadResult", description="A ticket, or the failure."),
]


def request_result(outcome: file_requests.Ticket | Failure) -> RequestUploadResult:
    """Return the union member for the outcome of one file."""
    return member(outcome) if isinstance(outcome, Failure) else UploadTicket.of(outcome)


@strawberry.mutation(
    description=(
        "Request the upload of one file. Creates a PENDING upload, whose `transfer` says how to "
        "send the bytes to the bucket. Requires authentication."
    )
)
async def request_upload(
    info: Info,
    input: Annotated[RequestUploadInput, strawberry.argument(description="The file.")],
) -> RequestUploadResult:
    """See `UploadService.request`."""
    uploads, requester = info.context.services.uploads, await info.context.requester()
    with requester.checked():
        outcome = await uploads.request(requester.user_id, input.to_domain(), requester.session_id)
    return request_result(outcome)
