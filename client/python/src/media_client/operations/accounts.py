"""Account, session and API key operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from media_client.errors import Unauthenticated
from media_client.models import (
    ApiKey,
    ApiKeyScope,
    CreatedApiKey,
    Session,
    SignInMethods,
    User,
    UserSession,
)
from media_client.operations.operation import ERROR, INVALID, TOO_MANY, Operation, result, utc

_USER = "id username email fullName createdAt usage { bytes uploads quotaBytes }"
_KEY = "id name createdAt expiresAt lastUsedAt scope"
_SESSION = f"... on Session {{ accessToken expiresAt refreshToken user {{ {_USER} }} }}"


def sign_in_methods() -> Operation[SignInMethods]:
    """signInMethods: how people sign in."""
    return Operation(
        "{ signInMethods { passwords signUp issuers { name issuer clientId } } }",
        lambda data: SignInMethods.of(data["signInMethods"]),
        needs_token=False,
    )


def sign_up(
    username: str, password: str, email: str | None, full_name: str | None
) -> Operation[Session]:
    """signUp. Not repeatable: a retry would find the username taken by the first attempt."""
    return Operation(
        f"mutation ($input: SignUpInput!) {{ signUp(input: $input) {{ {_SESSION} {INVALID} "
        f"{TOO_MANY} {ERROR} }} }}",
        result("signUp", Session.of),
        {
            "input": {
                "username": username,
                "password": password,
                "email": email,
                "fullName": full_name,
            }
        },
        repeatable=False,
        secret=True,
        needs_token=False,
    )


def login(username: str, password: str) -> Operation[Session]:
    """login: a new session."""
    return Operation(
        f"mutation ($input: LoginInput!) {{ login(input: $input) {{ {_SESSION} {TOO_MANY} "
        f"{ERROR} }} }}",
        result("login", Session.of),
        {"input": {"username": username, "password": password}},
        repeatable=False,
        secret=True,
        needs_token=False,
    )


def refresh_session(refresh_token: str) -> Operation[Session]:
    """refreshSession. Not repeatable: using a refresh token twice ends the session."""
    return Operation(
        f"mutation ($input: RefreshSessionInput!) {{ refreshSession(input: $input) {{ {_SESSION} "
        f"{ERROR} }} }}",
        result("refreshSession", Session.of),
        {"input": {"refreshToken": refresh_token}},
        repeatable=False,
        secret=True,
        needs_token=False,
    )


def logout(everywhere: bool) -> Operation[int]:
    """logout: the number of sessions that ended."""
    return Operation(
        "mutation ($everywhere: Boolean!) { logout(everywhere: $everywhere) { sessionsEnded } }",
        lambda data: int(data["logout"]["sessionsEnded"]),
        {"everywhere": everywhere},
    )


def change_password(current: str, new: str, revoke_api_keys: bool) -> Operation[int]:
    """changePassword: the number of other sessions that ended.

    Not repeatable: once the first attempt has succeeded, `current` is wrong.
    """
    return Operation(
        "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) "
        f"{{ ... on PasswordChanged {{ sessionsEnded }} {INVALID} {TOO_MANY} {ERROR} }} }}",
        result("changePassword", lambda fields: int(fields["sessionsEnded"])),
        {
            "input": {
                "currentPassword": current,
                "newPassword": new,
                "revokeApiKeys": revoke_api_keys,
            }
        },
        repeatable=False,
        secret=True,
    )


def viewer() -> Operation[User | None]:
    """viewer: the signed-in user, or None."""
    return Operation(
        f"{{ viewer {{ {_USER} }} }}",
        lambda data: User.of(data["viewer"]) if data["viewer"] else None,
    )


def _signed_in(viewer: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the viewer's fields. The service responds with null to a token that is not valid."""
    if viewer is None:
        raise Unauthenticated("UNAUTHENTICATED", "The token is not valid, or no longer.")
    return viewer


def sessions() -> Operation[Sequence[UserSession]]:
    """viewer.sessions: where the user is signed in."""
    return Operation(
        "{ viewer { sessions { id current createdAt lastUsedAt userAgent } } }",
        lambda data: tuple(
            UserSession.of(session) for session in _signed_in(data["viewer"])["sessions"]
        ),
    )


def end_session(session_id: str) -> Operation[int]:
    """endSession: the number of sessions that ended, 0 or 1."""
    return Operation(
        "mutation ($id: ID!) { endSession(id: $id) { sessionsEnded } }",
        lambda data: int(data["endSession"]["sessionsEnded"]),
        {"id": session_id},
    )


def api_keys() -> Operation[Sequence[ApiKey]]:
    """viewer.apiKeys: the user's API keys."""
    return Operation(
        f"{{ viewer {{ apiKeys {{ {_KEY} }} }} }}",
        lambda data: tuple(ApiKey.of(key) for key in _signed_in(data["viewer"])["apiKeys"]),
    )


def create_api_key(
    name: str, expires_at: datetime | None, scope: ApiKeyScope, current_password: str | None
) -> Operation[CreatedApiKey]:
    """createApiKey. Not repeatable: a retry would create a second key."""
    return Operation(
        "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on ApiKeyCreated"
        f" {{ token apiKey {{ {_KEY} }} }} {INVALID} {TOO_MANY} {ERROR} }} }}",
        result(
            "createApiKey",
            lambda fields: CreatedApiKey(fields["token"], ApiKey.of(fields["apiKey"])),
        ),
        {
            "input": {
                "name": name,
                "expiresAt": utc(expires_at),
                "scope": scope.value,
                "currentPassword": current_password,
            }
        },
        repeatable=False,
        secret=current_password is not None,
    )


def revoke_api_key(key_id: str) -> Operation[str]:
    """revokeApiKey: the key's id. Not repeatable: a retry would not find the key."""
    return Operation(
        "mutation ($id: ID!) { revokeApiKey(id: $id) { ... on ApiKeyRevoked { id } "
        f"{ERROR} }} }}",
        result("revokeApiKey", lambda fields: str(fields["id"])),
        {"id": key_id},
        repeatable=False,
    )
