"""The settings, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What differs between one installation and another.

    `url` is where browsers and the media service reach this app; it is also the name of its issuer.
    `service_url` is where browsers and this app reach the media service. `package` is the folder
    `dist` of the npm package media-upload.
    """

    url: str
    service_url: str
    service_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    directory: Path
    package: Path


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SystemExit: some are missing. The message names them.
    """
    needed = ("MEDIA_KEY", "WEBHOOK_SECRET", "MEDIA_UPLOAD_DIST")
    if missing := [name for name in needed if not os.environ.get(name)]:
        raise SystemExit(f"Set {', '.join(missing)}; README.md says how.")
    return Settings(
        url=os.environ.get("APP_URL", "http://127.0.0.1:9000"),
        service_url=os.environ.get("MEDIA_URL", "http://127.0.0.1:8000"),
        service_key=os.environ["MEDIA_KEY"],
        webhook_secret=os.environ["WEBHOOK_SECRET"],
        directory=Path(os.environ.get("DATA_DIR", "data")),
        package=Path(os.environ["MEDIA_UPLOAD_DIST"]),
    )
