"""The bearer token of a request, verified; for the peers that use FastAPI."""

from __future__ import annotations

from typing import Annotated, Any

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from benchmarks.peers import tokens


# FastAPI runs plain functions in a thread; this one is too short to be worth that.
async def claims(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
) -> dict[str, Any]:
    """Return the claims of the token."""
    try:
        return tokens.claims(credentials.credentials)
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "The token is not valid.") from error
