"""The mutations, one module each."""

from __future__ import annotations

from strawberry.tools import create_type

from gql_api.schema.mutations.cancel_upload import cancel_upload
from gql_api.schema.mutations.change_password import change_password
from gql_api.schema.mutations.complete_upload import complete_upload
from gql_api.schema.mutations.complete_uploads import complete_uploads
from gql_api.schema.mutations.create_api_key import create_api_key
from gql_api.schema.mutations.delete_upload import delete_upload
from gql_api.schema.mutations.delete_uploads import delete_uploads
from gql_api.schema.mutations.end_session import end_session
from gql_api.schema.mutations.login import login
from gql_api.schema.mutations.logout import logout
from gql_api.schema.mutations.refresh_session import refresh_session
from gql_api.schema.mutations.request_upload import request_upload
from gql_api.schema.mutations.request_uploads import request_uploads
from gql_api.schema.mutations.restore_uploads import restore_uploads
from gql_api.schema.mutations.revoke_api_key import revoke_api_key
from gql_api.schema.mutations.sign_up import sign_up
from gql_api.schema.mutations.trash_uploads import trash_uploads
from gql_api.schema.mutations.update_upload import update_upload
from gql_api.schema.mutations.update_uploads import update_uploads

Mutation = create_type(
    "Mutation",
    [
        sign_up,
        login,
        refresh_session,
        logout,
        end_session,
        change_password,
        create_api_key,
        revoke_api_key,
        request_upload,
        request_uploads,
        complete_upload,
        complete_uploads,
        cancel_upload,
        update_upload,
        update_uploads,
        trash_uploads,
        restore_uploads,
        delete_upload,
        delete_uploads,
    ],
    description="The mutations. Result unions include the failures to expect.",
)
