"""The filters and orders of upload lists."""

from datetime import datetime
from enum import Enum

import strawberry

from gql_api.domain import listing
from gql_api.domain.uploads import UploadStatus as DomainStatus
from gql_api.schema.arguments import given
from gql_api.schema.scalars import enum_member
from gql_api.schema.types.uploads import UploadStatus


@strawberry.enum(description="The sort key for uploads; ties are broken by creation order.")
class UploadOrderField(Enum):
    """See `domain.listing.OrderField`."""

    CREATED_AT = enum_member("CREATED_AT", "When the upload was requested.")
    FILENAME = enum_member("FILENAME", "The file name, ignoring case.")
    SIZE = enum_member("SIZE", "The number of bytes.")


@strawberry.enum(description="The direction of an order.")
class OrderDirection(Enum):
    """See `domain.listing.Order.descending`."""

    ASC = enum_member("ASC", "Smallest or oldest first.")
    DESC = enum_member("DESC", "Largest or newest first.")


@strawberry.input(description="An order of uploads.")
class UploadOrder:
    """See `domain.listing.Order`."""

    field: UploadOrderField = strawberry.field(
        description="The sort key.", default=UploadOrderField.CREATED_AT
    )
    direction: OrderDirection = strawberry.field(
        description="The direction.", default=OrderDirection.DESC
    )

    def to_domain(self) -> listing.Order:
        """Return the domain's order."""
        return listing.Order(
            field=listing.OrderField(self.field.value),
            descending=self.direction is OrderDirection.DESC,
        )


@strawberry.input(description="Selects the uploads that meet all of the given conditions.")
class UploadFilter:
    """See `domain.listing.Filter`."""

    status: list[UploadStatus] | None = strawberry.field(
        description="Uploads in one of these states.", default=strawberry.UNSET
    )
    content_type: str | None = strawberry.field(
        description="Uploads of this media type or range, such as image/png or image/*.",
        default=strawberry.UNSET,
    )
    search: str | None = strawberry.field(
        description=(
            "Uploads whose filename contains this text, ignoring case. A request looks at up to "
            "100,000 uploads and then stops: its page may have fewer uploads than asked for, or "
            "none, although `hasNextPage` is true. Continue from `endCursor` as usual."
        ),
        default=strawberry.UNSET,
    )
    tags: list[str] | None = strawberry.field(
        description="Uploads with all of these tags.", default=strawberry.UNSET
    )
    created_after: datetime | None = strawberry.field(
        description="Uploads requested at or after this time.", default=strawberry.UNSET
    )
    created_before: datetime | None = strawberry.field(
        description="Uploads requested before this time.", default=strawberry.UNSET
    )

    trashed: bool = strawberry.field(
        description="Whether to list the uploads in the trash instead of all others.",
        default=False,
    )

    def to_domain(self) -> listing.Filter:
        """Return the domain's filter; raises BadUserInput if a condition is invalid."""
        status = given(self.status)
        return listing.checked_filter(
            status=[DomainStatus(one.value) for one in status or ()],
            content_type=given(self.content_type),
            search=given(self.search),
            tags=given(self.tags),
            created_after=given(self.created_after),
            created_before=given(self.created_before),
            trashed=self.trashed,
        )
