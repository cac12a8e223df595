"""Download all uploads with a tag into a folder, without blocking the event loop.

    python download_tagged.py 2026 --folder photos

Run it again after an interruption: files that are complete are left alone. MEDIA_URL and
MEDIA_TOKEN name the service and an API key.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from media_client import AsyncMediaClient, UploadFilter, UploadStatus
from media_client.names import local_path


async def download(tag: str, folder: Path) -> int:
    """Download the uploads that the folder lacks; returns how many failed."""
    failed = 0
    async with AsyncMediaClient(os.environ["MEDIA_URL"], token=os.environ["MEDIA_TOKEN"]) as client:
        stored = UploadFilter(tags=[tag], status=[UploadStatus.STORED])
        missing = [
            upload
            async for upload in client.uploads(stored)
            if not (folder / local_path(upload.filename)).exists()
        ]
        async for outcome in client.download_all(missing, folder):
            if outcome.error is None:
                print(outcome.path)
            else:
                failed += 1
                print(outcome.path, outcome.error, file=sys.stderr)
    return failed


def main() -> int:
    """Run the example; returns 1 if a download failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tag")
    parser.add_argument("--folder", type=Path, default=Path())
    arguments = parser.parse_args()
    return 1 if asyncio.run(download(arguments.tag, arguments.folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
