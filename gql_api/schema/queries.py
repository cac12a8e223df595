"""The queries."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.domain.listing import Filter, Order, page_request
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.accounts import User
from gql_api.schema.types.connections import UploadConnection
from gql_api.schema.types.filters import UploadFilter, UploadOrder
from gql_api.schema.types.upload_limits import UploadLimits
from gql_api.schema.types.uploads import Upload


@strawberry.type(description="What can be read.")
class Query:
    """The root of queries."""

    @strawberry.field(description="Who is signed in; null for nobody.")
    async def viewer(self, info: Info) -> User | None:
        """The user that the token belongs to."""
        viewer = await info.context.viewer()
        return None if viewer is None else User.of(viewer.user)

    @strawberry.field(
        description=(
            "The viewer's upload with this id; null if he has none, whether or not somebody else "
            "has. Needs a viewer."
        )
    )
    async def upload(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> Upload | None:
        """One upload of the viewer's."""
        viewer = await info.context.signed_in()
        upload = await info.context.services.library.find(viewer.user.id, id)
        return None if upload is None else Upload.of(upload)

    @strawberry.field(
        description=(
            "The viewer's uploads, newest first unless ordered otherwise, 20 a page unless `first` "
            "or `last` says otherwise, and at most 100. Needs a viewer."
        )
    )
    async def uploads(
        self,
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description="At most this many, from the front.")
        ] = strawberry.UNSET,
        after: Annotated[
            str | None, strawberry.argument(description="Only what follows this cursor.")
        ] = strawberry.UNSET,
        last: Annotated[
            int | None, strawberry.argument(description="At most this many, from the back.")
        ] = strawberry.UNSET,
        before: Annotated[
            str | None, strawberry.argument(description="Only what goes before this cursor.")
        ] = strawberry.UNSET,
        filter: Annotated[
            UploadFilter | None, strawberry.argument(description="Which uploads; all if left out.")
        ] = strawberry.UNSET,
        order_by: Annotated[
            UploadOrder | None, strawberry.argument(description="In which order.")
        ] = strawberry.UNSET,
    ) -> UploadConnection:
        """A page of the viewer's uploads; BadUserInput for a bad cursor, size or filter."""
        viewer = await info.context.signed_in()
        conditions, order = given(filter), given(order_by)
        request = page_request(
            conditions.to_domain() if conditions else Filter(),
            order.to_domain() if order else Order(),
            first=given(first),
            after=given(after),
            last=given(last),
            before=given(before),
        )
        return UploadConnection.of(viewer.user.id, request, info)

    @strawberry.field(description="What this service accepts. Needs no viewer.")
    def upload_limits(self, info: Info) -> UploadLimits:
        """The limits that the operator set."""
        return UploadLimits.of(info.context.services.upload_policy)
