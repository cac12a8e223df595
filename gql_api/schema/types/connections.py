"""A page of uploads, as specified by Relay cursor connections."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Self, cast

import strawberry

from gql_api.domain.listing import Page, PageRequest, cursor, cursor_at
from gql_api.schema.context import Info, answer_check
from gql_api.schema.engine import selects
from gql_api.schema.types.uploads import Upload
from gql_api.services.library import LibraryService

# All fields of UploadConnection but totalCount. The page is read before they are resolved, which
# saves a task for each of them.
_PAGE_FIELDS = frozenset({"edges", "nodes", "pageInfo"})


@strawberry.type(description="The position of a page in its list.")
class PageInfo:
    """Looks beyond the start of the page only if the client selects the field that needs it."""

    page: strawberry.Private[Page]
    more_behind: strawberry.Private[Callable[[], Awaitable[bool]]]
    start_cursor: str | None = strawberry.field(
        description=(
            "The cursor of the first upload. With `last`, if a search stopped early, the cursor of "
            "the place where it stopped. Null if there is neither."
        )
    )
    end_cursor: str | None = strawberry.field(
        description=(
            "The cursor of the last upload. With `first`, if a search stopped early, the cursor of "
            "the place where it stopped. Null if there is neither."
        )
    )

    @strawberry.field(
        description=(
            "Whether more uploads follow this page. With `first`, also true if a search stopped "
            "early, because more may follow."
        )
    )
    def has_next_page(self) -> bool:
        """Return the known answer for a `first` page; query the database for a `last` page."""
        return self._more_behind() if self.page.request.backward else self.page.more

    @strawberry.field(
        description=(
            "Whether more uploads precede this page. With `last`, also true if a search stopped "
            "early, because more may precede."
        )
    )
    def has_previous_page(self) -> bool:
        """Return the known answer for a `last` page; query the database for a `first` page."""
        return self.page.more if self.page.request.backward else self._more_behind()

    def _more_behind(self) -> bool:
        return cast(bool, self.more_behind())  # GraphQL awaits it.


@strawberry.type(description="An upload in a list, with its cursor.")
class UploadEdge:
    """One upload of a page."""

    cursor: str = strawberry.field(
        description="The upload's position in the list, for `after` and `before`."
    )
    node: Upload = strawberry.field(description="The upload.")


@strawberry.type(description="A page of a list of uploads.")
class UploadConnection:
    """`page` is None if nothing is selected that needs it."""

    owner_id: strawberry.Private[str]
    request: strawberry.Private[PageRequest]
    library: strawberry.Private[LibraryService]
    page: strawberry.Private[Page | None]

    @strawberry.field(description="The uploads of the page, with their cursors.")
    def edges(self) -> list[UploadEdge]:
        """Return the uploads of the page, in order."""
        field = self.request.order.field
        return [
            UploadEdge(cursor=cursor(upload, field), node=Upload.of(upload))
            for upload in self._page.uploads
        ]

    @strawberry.field(description="The uploads of the page.")
    def nodes(self) -> list[Upload]:
        """Return the uploads of the page, in order."""
        return [Upload.of(upload) for upload in self._page.uploads]

    @strawberry.field(description="The position of this page in the list.")
    def page_info(self) -> PageInfo:
        """Return the cursors at both ends of the page."""
        page = self._page
        start, end = page.ends
        field = self.request.order.field
        return PageInfo(
            page=page,
            more_behind=partial(self.library.more_behind, self.owner_id, page),
            start_cursor=start and cursor_at(start, field),
            end_cursor=end and cursor_at(end, field),
        )

    @strawberry.field(
        description=(
            "The number of uploads on all pages. Without a filter, it is a stored number; with a "
            "filter, the uploads are counted. `search` compares every filename, which takes one or "
            "two seconds for a million uploads. Select this field only if you display it. Like "
            "every request, it fails after 8 seconds with an error marked `retryable`."
        )
    )
    async def total_count(self) -> int:
        """Return how many uploads match the filter."""
        return await self.library.count(self.owner_id, self.request.filter)

    @property
    def _page(self) -> Page:
        if self.page is None:
            raise LookupError("The page was not read, because no selected field needs it.")
        return self.page

    @classmethod
    async def of(cls, owner_id: str, request: PageRequest, info: Info) -> Self:
        """Return the connection for a validated request, the value of a root field."""
        context, page = info.context, None
        library = context.services.library
        if selects(info, _PAGE_FIELDS):
            async with context.turn():
                page = await library.page(owner_id, request)
                answer_check(info)(page.uploads)
        return cls(owner_id=owner_id, request=request, library=library, page=page)
