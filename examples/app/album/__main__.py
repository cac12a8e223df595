"""Run the application: `python -m album`."""

from __future__ import annotations

from urllib.parse import urlsplit

import uvicorn

from album.app import create_app
from album.settings import read_settings

settings = read_settings()
address = urlsplit(settings.url)
uvicorn.run(
    create_app(settings),
    host=address.hostname or "127.0.0.1",
    port=address.port or 80,
    log_level="warning",
)
