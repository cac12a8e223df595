"""Pack a folder into an archive, upload it, and keep the newest backups only.

    python backup.py documents --keep 7

Older backups of the folder go to the trash. MEDIA_URL and MEDIA_TOKEN name the service and an API
key.
"""

from __future__ import annotations

import argparse
import os
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from media_client import MediaClient, UploadFilter, UploadStatus
from media_client.errors import UserError

IN_MEMORY_BYTES = 64 * 1024 * 1024


def main() -> int:
    """Run the example; returns 1 if an old backup could not be moved to the trash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=int, default=7, help="at least 1")
    arguments = parser.parse_args()

    tag = f"backup-{arguments.folder.resolve().name}"
    name = f"{tag}-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}.tar.gz"
    with (
        MediaClient(os.environ["MEDIA_URL"], token=os.environ["MEDIA_TOKEN"]) as client,
        tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as file,
    ):
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            archive.add(arguments.folder, arguments.folder.name)
        file.seek(0)
        upload = client.upload_file(file, filename=name, tags=[tag])
        print(upload.id, upload.filename)

        stored = UploadFilter(tags=[tag], status=[UploadStatus.STORED])
        backups = [backup.id for backup in client.uploads(stored)]  # Newest first.
        results = client.trash_uploads(backups[max(1, arguments.keep) :])
    errors = [result for result in results if isinstance(result, UserError)]
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
