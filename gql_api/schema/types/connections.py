"""A page of uploads, after the Relay cursor connection specification."""

from __future__ import annotations

import strawberry

from gql_api.domain.listing import Page, PageRequest, cursor
from gql_api.schema.context import Info
from gql_api.schema.once import Once
from gql_api.schema.types.uploads import Upload


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """What lies behind the page is looked up only if it is selected."""

    page: strawberry.Private[Page]
    owner_id: strawberry.Private[str]
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first row; null if the page is empty."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last row; null if the page is empty."
    )

    @strawberry.field(description="Whether rows follow the page.")
    async def has_next_page(self, info: Info) -> bool:
        """Known when reading forward, asked for when reading backward."""
        return await self._more_behind(info) if self.page.request.backward else self.page.more

    @strawberry.field(description="Whether rows go before the page.")
    async def has_previous_page(self, info: Info) -> bool:
        """Known when reading backward, asked for when reading forward."""
        return self.page.more if self.page.request.backward else await self._more_behind(info)

    async def _more_behind(self, info: Info) -> bool:
        return await info.context.services.library.more_behind(self.owner_id, self.page)


@strawberry.type(description="An upload in a list, and its place there.")
class UploadEdge:
    """A row of a page."""

    cursor: str = strawberry.field(description="The row's place, for `after` and `before`.")
    node: Upload = strawberry.field(description="The upload.")


@strawberry.type(description="A page of a list of uploads.")
class UploadConnection:
    """Nothing is read before it is selected; rows are read once for all fields."""

    owner_id: strawberry.Private[str]
    request: strawberry.Private[PageRequest]
    page: strawberry.Private[Once[Page]]

    @strawberry.field(description="The rows with their cursors.")
    async def edges(self) -> list[UploadEdge]:
        """The rows of the page, in order."""
        return [
            UploadEdge(cursor=cursor(upload, self.request.order.field), node=Upload.of(upload))
            for upload in (await self.page.get()).uploads
        ]

    @strawberry.field(description="The rows.")
    async def nodes(self) -> list[Upload]:
        """The rows of the page, in order."""
        return [Upload.of(upload) for upload in (await self.page.get()).uploads]

    @strawberry.field(description="Where the page lies in the list.")
    async def page_info(self) -> PageInfo:
        """The ends of the page."""
        page = await self.page.get()
        field = self.request.order.field
        return PageInfo(
            page=page,
            owner_id=self.owner_id,
            start_cursor=cursor(page.uploads[0], field) if page.uploads else None,
            end_cursor=cursor(page.uploads[-1], field) if page.uploads else None,
        )

    @strawberry.field(
        description=(
            "How many uploads the list has, on all pages. Without a filter it is kept, with one "
            "it is counted, and a search looks at each name: a second or two for a million "
            "uploads. Select it only where it is shown. Like all that takes longer than 8 seconds, "
            "it is given up then, with an error that is `retryable`."
        )
    )
    async def total_count(self, info: Info) -> int:
        """Counts what the filter lets through."""
        return await info.context.services.library.count(self.owner_id, self.request.filter)

    @classmethod
    def of(cls, owner_id: str, request: PageRequest, info: Info) -> UploadConnection:
        """The connection for a checked request."""
        library = info.context.services.library
        return cls(
            owner_id=owner_id,
            request=request,
            page=Once(lambda: library.page(owner_id, request)),
        )
