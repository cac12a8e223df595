"""The root type of queries."""

from typing import Annotated

import strawberry

from gql_api.domain.change_feed import CHANGES_MAX, checked_size, from_text
from gql_api.domain.listing import Filter, Order, page_request
from gql_api.schema.arguments import given
from gql_api.schema.context import Info, answer_check
from gql_api.schema.types.accounts import User
from gql_api.schema.types.changes import ChangeConnection
from gql_api.schema.types.connections import UploadConnection
from gql_api.schema.types.filters import UploadFilter, UploadOrder
from gql_api.schema.types.sign_in import SignInMethods
from gql_api.schema.types.upload_limits import UploadLimits
from gql_api.schema.types.uploads import Upload


@strawberry.type(description="The queries.")
class Query:
    """The root type of queries."""

    @strawberry.field(description="The signed-in user; null without a valid token.")
    async def viewer(self, info: Info) -> User | None:
        """Return the user that the token belongs to."""
        viewer = await info.context.viewer()
        return None if viewer is None else User.of(viewer.user, viewer.session_id)

    @strawberry.field(
        description=(
            "The viewer's upload with this id; null if the viewer has no such upload. To anyone "
            "but the owner, an upload is indistinguishable from one that does not exist. Requires "
            "authentication."
        )
    )
    async def upload(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the upload.")],
    ) -> Upload | None:
        """Return one of the viewer's uploads."""
        viewer = await info.context.signed_in()
        async with info.context.turn():
            upload = await info.context.services.library.find(viewer.user.id, id)
            answer_check(info)([upload])
        return None if upload is None else Upload.of(upload)

    @strawberry.field(
        description=(
            "The viewer's uploads, newest first by default. A page has 20 uploads unless `first` "
            "or `last` is given, and at most 100. Requires authentication."
        )
    )
    async def uploads(
        self,
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description="Return at most this many, from the start.")
        ] = strawberry.UNSET,
        after: Annotated[
            str | None, strawberry.argument(description="Only uploads after this cursor.")
        ] = strawberry.UNSET,
        last: Annotated[
            int | None, strawberry.argument(description="Return at most this many, from the end.")
        ] = strawberry.UNSET,
        before: Annotated[
            str | None, strawberry.argument(description="Only uploads before this cursor.")
        ] = strawberry.UNSET,
        filter: Annotated[
            UploadFilter | None,
            strawberry.argument(description="Which uploads to list; all if omitted."),
        ] = strawberry.UNSET,
        order_by: Annotated[
            UploadOrder | None,
            strawberry.argument(description="The order; newest first if omitted."),
        ] = strawberry.UNSET,
    ) -> UploadConnection:
        """Return a page of the viewer's uploads.

        Raises:
            BadUserInput: an invalid cursor, page size or filter.
        """
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
        return await UploadConnection.of(viewer.user.id, request, info)

    @strawberry.field(
        description=(
            "The viewer's uploads in the order of their last change. Start without `after`, keep "
            "endCursor, and ask again: every change appears at least once; an upload that appears "
            "again unchanged has the same version. A page has at most 100. Requires "
            "authentication."
        )
    )
    async def changes(
        self,
        info: Info,
        after: Annotated[
            str | None, strawberry.argument(description="Only changes after this cursor.")
        ] = strawberry.UNSET,
        first: Annotated[
            int | None, strawberry.argument(description="Return at most this many, up to 100.")
        ] = CHANGES_MAX,
    ) -> ChangeConnection:
        """Return a page of the changes of the viewer's uploads.

        Raises:
            BadUserInput: an invalid cursor or page size.
        """
        viewer = await info.context.signed_in()
        cursor, limit = given(after), checked_size(first)
        begin = None if cursor is None else from_text(cursor)
        return await ChangeConnection.of(viewer.user.id, begin, limit, info)

    @strawberry.field(description="The limits of this service. Requires no authentication.")
    def upload_limits(self, info: Info) -> UploadLimits:
        """Return the limits that the operator sets."""
        return UploadLimits.of(info.context.services.upload_policy)

    @strawberry.field(
        description="How people sign in, for clients that show it. Requires no authentication."
    )
    def sign_in_methods(self, info: Info) -> SignInMethods:
        """Return how the operator lets people sign in."""
        return SignInMethods.of(info.context.services.sign_in_methods)
