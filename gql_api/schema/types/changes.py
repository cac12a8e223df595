"""The feed of changes as clients see it."""

from datetime import datetime
from typing import Self

import strawberry

from gql_api.domain import uploads as domain
from gql_api.domain.change_feed import Cursor, to_text
from gql_api.schema.context import Info, answer_check
from gql_api.schema.types.uploads import Upload


@strawberry.type(description="The last change of an upload.")
class UploadChange:
    """An upload, or its tombstone, in the feed."""

    id: strawberry.ID = strawberry.field(description="The id of the upload.")
    version: int = strawberry.field(
        description="Rises with each change of this upload. The same version is the same change."
    )
    changed_at: datetime = strawberry.field(description="When the upload changed.")
    upload: Upload | None = strawberry.field(
        description="The upload as it is now; null if it was deleted."
    )

    @classmethod
    def of(cls, upload: domain.Upload) -> Self:
        """Return the last change of an upload."""
        deleted = upload.status is domain.UploadStatus.DELETED
        return cls(
            id=strawberry.ID(upload.id),
            version=upload.version,
            changed_at=upload.changed_at or upload.stored_at or upload.created_at,
            upload=None if deleted else Upload.of(upload),
        )


@strawberry.type(description="A page of the feed of changes.")
class ChangeConnection:
    """A page of the feed, with the cursor that continues it."""

    nodes: list[UploadChange] = strawberry.field(
        description="The uploads in the order of their last change."
    )
    end_cursor: str | None = strawberry.field(
        description=(
            "The cursor to continue with, now or later. Changes of the last 100 seconds may come "
            "again after it. Null if the viewer never had an upload."
        )
    )
    has_next_page: bool = strawberry.field(description="Whether more changes follow now.")

    @classmethod
    async def of(cls, owner_id: str, after: Cursor | None, limit: int, info: Info) -> Self:
        """Return a page for validated arguments, the value of a root field."""
        context = info.context
        async with context.turn():
            page = await context.services.changes.page(owner_id, after, limit)
            answer_check(info)(page.uploads)
        return cls(
            nodes=[UploadChange.of(upload) for upload in page.uploads],
            end_cursor=None if page.end is None else to_text(page.end),
            has_next_page=page.more,
        )
