"""The receiver of the media service's webhooks."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from standardwebhooks import Webhook, WebhookVerificationError

from album.files import Files


def router(webhook: Webhook, files: Files) -> APIRouter:
    """Return the route. `webhook` verifies the signatures."""
    routes = APIRouter()

    @routes.post("/webhooks", status_code=204)
    async def receive(request: Request) -> None:
        """Store an event. Once this has answered, the service does not send it again."""
        try:
            event = webhook.verify(await request.body(), dict(request.headers))
        except WebhookVerificationError as error:
            raise HTTPException(400, "The signature is not valid.") from error
        if event["type"].startswith("upload."):
            await run_in_threadpool(files.apply, event)

    return routes
