"""What each scope of API keys may use.

Nothing is allowed unless it is listed here; a test compares the table with the schema. Sessions may
use everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gql_api.domain.accounts import ApiKeyScope
from gql_api.domain.errors import Forbidden

_ANY = frozenset(ApiKeyScope)
_ALL = frozenset({ApiKeyScope.ALL})
_READ = _ALL | {ApiKeyScope.READ}
_UPLOAD = _ALL | {ApiKeyScope.UPLOAD}
_NONE: frozenset[ApiKeyScope] = frozenset()

ROOT_FIELDS: Mapping[str, frozenset[ApiKeyScope]] = {
    # These need no viewer, so a key adds nothing to what anyone may do.
    "uploadLimits": _ANY,
    "signInMethods": _ANY,
    "signUp": _ANY,
    "login": _ANY,
    "refreshSession": _ANY,
    "logout": _ANY,
    # Clients show whose key it is, and how much of the quota is left.
    "viewer": _ANY,
    "upload": _ANY,
    "uploads": _READ,
    "changes": _READ,
    "requestUpload": _UPLOAD,
    "requestUploads": _UPLOAD,
    "completeUpload": _UPLOAD,
    "completeUploads": _UPLOAD,
    "cancelUpload": _UPLOAD,
    "updateUpload": _ALL,
    "updateUploads": _ALL,
    "trashUploads": _ALL,
    "restoreUploads": _ALL,
    "deleteUpload": _ALL,
    "deleteUploads": _ALL,
    # The account itself is managed with a session only.
    "changePassword": _NONE,
    "createApiKey": _NONE,
    "revokeApiKey": _NONE,
    "endSession": _NONE,
}
"""The fields of Query and Mutation, which have different names."""

INNER_FIELDS: Mapping[str, frozenset[ApiKeyScope]] = {
    "Upload.download": _READ,
    "Upload.rendition": _READ,
    "Transfer.parts": _UPLOAD,
    "User.apiKeys": _ALL,
}
"""Fields of other types that allow more than to read the properties of an upload or a user."""


def check(scope: ApiKeyScope, names: Iterable[str]) -> None:
    """Check that an API key of this scope may use all of these fields.

    Introspection, including `__typename`, needs no viewer, so any key may use it.

    Raises:
        Forbidden: it may not.
    """
    for name in names:
        if name.startswith("__"):
            continue
        allowed = ROOT_FIELDS.get(name) or INNER_FIELDS.get(name) or _NONE
        if scope not in allowed:
            raise Forbidden(_refusal(scope, name, allowed))


def _refusal(scope: ApiKeyScope, name: str, allowed: frozenset[ApiKeyScope]) -> str:
    if not allowed:
        return f"An API key can't use {name}. Log in with your password."
    others = " or ".join(sorted(allowed))
    return f"An API key with scope {scope} can't use {name}. Use a key with scope {others}."
