"""Upload the files of a folder, and continue where an interrupted run stopped.

    python upload_folder.py photos --tag 2026

MEDIA_URL and MEDIA_TOKEN name the service and an API key.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from media_client import Journal, MediaClient, Source


def main() -> int:
    """Run the example; returns 1 if a file was not uploaded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tag", action="append", default=[])
    arguments = parser.parse_args()

    folder: Path = arguments.folder
    sources = [
        Source.at(path, filename=path.relative_to(folder.parent).as_posix(), tags=arguments.tag)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    failed = 0
    with MediaClient(os.environ["MEDIA_URL"], token=os.environ["MEDIA_TOKEN"]) as client:
        journal = Journal(Path(".media-journal"), client.url)
        journal.load()
        for outcome in client.upload_all(sources, journal=journal):
            if outcome.upload is not None:
                print(outcome.upload.id, outcome.upload.filename)
            else:
                failed += 1
                print(outcome.source.filename, outcome.error, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
