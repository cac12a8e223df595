"""This app's users and their sessions. It stands for what your application has already."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse

_PAGE = Path(__file__).with_name("album.html")
_USERS = ("ada", "grace")


def signed_in(request: Request) -> str:
    """Return the id of the user who sent the request, or answer with 401."""
    user = request.session.get("user")
    if not isinstance(user, str):
        raise HTTPException(401, "Sign in first.")
    return user


User = Annotated[str, Depends(signed_in)]


def router(endpoint: str) -> APIRouter:
    """Return the routes. `endpoint` is the URL of the media service's API."""
    routes = APIRouter()

    @routes.get("/")
    def page() -> FileResponse:
        return FileResponse(_PAGE)

    @routes.post("/sign-in")
    def sign_in(request: Request, user: Annotated[str, Form()]) -> RedirectResponse:
        if user not in _USERS:  # A real application asks for more than a name.
            raise HTTPException(403, "There is no such user.")
        request.session["user"] = user
        return RedirectResponse("/", 303)

    @routes.post("/sign-out")
    def sign_out(request: Request) -> RedirectResponse:
        request.session.clear()
        return RedirectResponse("/", 303)

    @routes.get("/session")
    def session(request: Request) -> dict[str, str | None]:
        return {"user": request.session.get("user"), "endpoint": endpoint}

    return routes
