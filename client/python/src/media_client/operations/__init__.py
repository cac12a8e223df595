"""The operations of the API: the document, the variables and a response reader for each.

Nothing here touches the network: each function returns an Operation for `Api.run`.
"""

from media_client.operations.accounts import (
    api_keys,
    change_password,
    create_api_key,
    end_session,
    login,
    logout,
    refresh_session,
    revoke_api_key,
    sessions,
    sign_up,
    viewer,
)
from media_client.operations.library import (
    UploadChange,
    UploadFilter,
    delete_upload,
    delete_uploads,
    download,
    find_upload,
    limits,
    restore_uploads,
    trash_uploads,
    update_upload,
    update_uploads,
    uploads,
)
from media_client.operations.operation import Operation
from media_client.operations.sending import (
    UploadRequest,
    cancel_upload,
    complete_upload,
    complete_uploads,
    request_upload,
    request_uploads,
    sign_parts,
    transfer,
)

__all__ = [
    "Operation",
    "UploadChange",
    "UploadFilter",
    "UploadRequest",
    "api_keys",
    "cancel_upload",
    "change_password",
    "complete_upload",
    "complete_uploads",
    "create_api_key",
    "delete_upload",
    "delete_uploads",
    "download",
    "end_session",
    "find_upload",
    "limits",
    "login",
    "logout",
    "refresh_session",
    "request_upload",
    "request_uploads",
    "restore_uploads",
    "revoke_api_key",
    "sessions",
    "sign_parts",
    "sign_up",
    "transfer",
    "trash_uploads",
    "update_upload",
    "update_uploads",
    "uploads",
    "viewer",
]
