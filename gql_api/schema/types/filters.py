"""What uploads can be filtered and ordered by."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from gql_api.domain import listing
from gql_api.domain.uploads import UploadStatus as DomainStatus
from gql_api.schema.arguments import given
from gql_api.schema.scalars import enum_member
from gql_api.schema.types.uploads import UploadStatus


@strawberry.enum(description="What uploads can be ordered by; equal ones follow by creation.")
class UploadOrderField(Enum):
    """See `domain.listing.OrderField`."""

    CREATED_AT = enum_member("CREATED_AT", "When the upload was requested.")
    FILENAME = enum_member("FILENAME", "The file name, ignoring case.")
    SIZE = enum_member("SIZE", "The number of bytes.")


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    """Up or down."""

    ASC = enum_member("ASC", "The smallest, or oldest, first.")
    DESC = enum_member("DESC", "The largest, or newest, first.")


@strawberry.input(description="An order of uploads.")
class UploadOrder:
    """See `domain.listing.Order`."""

    field: UploadOrderField = strawberry.field(
        description="What to order by.", default=UploadOrderField.CREATED_AT
    )
    direction: OrderDirection = strawberry.field(
        description="Which end comes first.", default=OrderDirection.DESC
    )

    def to_domain(self) -> listing.Order:
        """The order as the domain has it."""
        return listing.Order(
            field=listing.OrderField(self.field.value),
            descending=self.direction is OrderDirection.DESC,
        )


@strawberry.input(description="Which uploads to list: those that meet every condition given.")
class UploadFilter:
    """See `domain.listing.Filter`."""

    status: list[UploadStatus] | None = strawberry.field(
        description="In one of these states.", default=strawberry.UNSET
    )
    content_type: str | None = strawberry.field(
        description="Of this media type, or within this range, such as image/*.",
        default=strawberry.UNSET,
    )
    search: str | None = strawberry.field(
        description="With this text somewhere in the file name, ignoring case.",
        default=strawberry.UNSET,
    )
    tags: list[str] | None = strawberry.field(
        description="With all of these tags.", default=strawberry.UNSET
    )
    created_after: datetime | None = strawberry.field(
        description="Requested at this time or later.", default=strawberry.UNSET
    )
    created_before: datetime | None = strawberry.field(
        description="Requested before this time.", default=strawberry.UNSET
    )

    def to_domain(self) -> listing.Filter:
        """The filter as the domain has it; BadUserInput if a condition makes no sense."""
        status = given(self.status)
        return listing.checked_filter(
            status=[DomainStatus(one.value) for one in status or ()],
            content_type=given(self.content_type),
            search=given(self.search),
            tags=given(self.tags),
            created_after=given(self.created_after),
            created_before=given(self.created_before),
        )
