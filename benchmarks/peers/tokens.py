"""Access tokens, as the peers verify them: with PyJWT, at each request, and by their session."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import jwt


def claims(token: str) -> dict[str, Any]:
    """Return the claims of a valid access token.

    Raises:
        jwt.InvalidTokenError: it is not valid.
    """
    decoded: dict[str, Any] = jwt.decode(
        token,
        os.environ["JWT_SECRET_KEY"],
        algorithms=["HS256"],
        audience="media-upload-service/api",
        issuer="media-upload-service",
        options={"require": ["exp", "sub", "sid"]},
    )
    return decoded


def signed_in(of_token: dict[str, Any]) -> dict[str, Any]:
    """Return the filter for the enabled user of a token whose session is live."""
    live = {"id": of_token["sid"], "expires_at": {"$gt": datetime.now(UTC)}}
    return {
        "_id": of_token["sub"],
        "disabled": {"$in": [False, None]},
        "sessions": {"$elemMatch": live},
    }
