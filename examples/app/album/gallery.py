"""The user's files: those that webhooks have reported, and what the backend does in their name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse

from album.accounts import User
from album.files import File, Files
from album.media import Media


def router(files: Files, media: Media) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/files")
    def list_files(user: User) -> list[dict[str, Any]]:
        return [file._asdict() for file in files.list(user)]

    @routes.get("/files/{upload_id}")
    def show_file(upload_id: str, user: User) -> RedirectResponse:
        return _redirect(media.file_url(user, upload_id))

    @routes.get("/files/{upload_id}/picture")
    def show_picture(upload_id: str, user: User) -> RedirectResponse:
        return _redirect(media.picture_url(user, upload_id))

    @routes.post("/report", status_code=204)
    def add_report(user: User) -> None:
        """Upload a list of the user's files, as one of their files."""
        name = f"Files {datetime.now(UTC):%Y-%m-%d %H.%M.%S}.txt"
        media.store(user, name, _report(files.list(user)))

    return routes


def _redirect(url: str | None) -> RedirectResponse:
    if url is None:
        raise HTTPException(404, "You have no such file.")
    # The URL expires.
    return RedirectResponse(url, 307, {"Cache-Control": "no-store"})


def _report(files: list[File]) -> str:
    return "".join(f"{file.size:>12,}  {file.filename}\n" for file in files)
