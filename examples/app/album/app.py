"""The web application: its parts, put together."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from standardwebhooks import Webhook
from starlette.middleware.sessions import SessionMiddleware

from album import accounts, gallery, issuer, receiver
from album.files import Files
from album.media import Media
from album.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the application."""
    settings.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = Files(settings.directory / "files.db")
    media = Media(settings.service_url, settings.service_key)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        media.close()

    app = FastAPI(title="Album", lifespan=lifespan)
    # The cookie is SameSite=Lax, so other sites' pages can't send requests in a user's name. A new
    # secret at each start signs everybody out, which suits an example.
    app.add_middleware(SessionMiddleware, secret_key=secrets.token_hex(32))
    app.mount("/media-upload", StaticFiles(directory=settings.package))
    app.include_router(accounts.router(f"{settings.service_url}/graphql"))
    app.include_router(
        issuer.router(issuer.Issuer(settings.url, settings.directory / "issuer-key.json"))
    )
    app.include_router(receiver.router(Webhook(settings.webhook_secret), files))
    app.include_router(gallery.router(files, media))
    return app
