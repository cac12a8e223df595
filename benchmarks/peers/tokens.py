"""Access tokens, as the peers verify them: with PyJWT, at each request."""

from __future__ import annotations

import os
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
