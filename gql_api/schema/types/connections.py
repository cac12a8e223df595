"""A page of uploads, as specified by Relay cursor connections."""

from typing import Self

import strawberry

from gql_api.domain.listing import Page, PageRequest, cursor
from gql_api.schema.context import Info
from gql_api.schema.once import Once
from gql_api.schema.types.uploads import Upload


@strawberry.type(description="The position of a page in its list.")
class PageInfo:
    """Looks beyond the start of the page only if the client selects the field that needs it."""

    page: strawberry.Private[Page]
    owner_id: strawberry.Private[str]
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first upload; null if the page is empty."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last upload; null if the page is empty."
    )

    @strawberry.field(description="Whether more uploads follow this page.")
    async def has_next_page(self, info: Info) -> bool:
        """Return the known answer for a `first` page; query the database for a `last` page."""
        return await self._more_behind(info) if self.page.request.backward else self.page.more

    @strawberry.field(description="Whether more uploads precede this page.")
    async def has_previous_page(self, info: Info) -> bool:
        """Return the known answer for a `last` page; query the database for a `first` page."""
        return self.page.more if self.page.request.backward else await self._more_behind(info)

    async def _more_behind(self, info: Info) -> bool:
        return await info.context.services.library.more_behind(self.owner_id, self.page)


@strawberry.type(description="An upload in a list, with its cursor.")
class UploadEdge:
    """One upload of a page."""

    cursor: str = strawberry.field(
        description="The upload's position in the list, for `after` and `before`."
    )
    node: Upload = strawberry.field(description="The upload.")


@strawberry.type(description="A page of a list of uploads.")
class UploadConnection:
    """Reads only what is selected; all fields share one read of the page."""

    owner_id: strawberry.Private[str]
    request: strawberry.Private[PageRequest]
    page: strawberry.Private[Once[Page]]

    @strawberry.field(description="The uploads of the page, with their cursors.")
    async def edges(self) -> list[UploadEdge]:
        """Return the uploads of the page, in order."""
        return [
            UploadEdge(cursor=cursor(upload, self.request.order.field), node=Upload.of(upload))
            for upload in (await self.page.get()).uploads
        ]

    @strawberry.field(description="The uploads of the page.")
    async def nodes(self) -> list[Upload]:
        """Return the uploads of the page, in order."""
        return [Upload.of(upload) for upload in (await self.page.get()).uploads]

    @strawberry.field(description="The position of this page in the list.")
    async def page_info(self) -> PageInfo:
        """Return the cursors at both ends of the page."""
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
            "The number of uploads on all pages. Without a filter, it is a stored number; with a "
            "filter, the uploads are counted. `search` compares every filename, which takes one or "
            "two seconds for a million uploads. Select this field only if you display it. Like "
            "every request, it fails after 8 seconds with an error marked `retryable`."
        )
    )
    async def total_count(self, info: Info) -> int:
        """Return how many uploads match the filter."""
        return await info.context.services.library.count(self.owner_id, self.request.filter)

    @classmethod
    def of(cls, owner_id: str, request: PageRequest, info: Info) -> Self:
        """Return the connection for a validated request, the value of a root field."""
        context, name = info.context, str(info.path.key)

        async def page() -> Page:
            async with context.turn():
                found = await context.services.library.page(owner_id, request)
                context.check_answer(name, found.uploads)
            return found

        return cls(owner_id=owner_id, request=request, page=Once(page))
