"""Upload a file with its checksum, and print a link to it that works for a while.

    python share_link.py report.pdf --hours 4

MEDIA_URL and MEDIA_TOKEN name the service and an API key.
"""

from __future__ import annotations

import argparse
import os
import sys

from media_client import Disposition, MediaClient, Options
from media_client.errors import QuotaExceeded, SourceError


def main() -> int:
    """Run the example; returns 1 if the file was not uploaded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--hours", type=int, default=1)
    arguments = parser.parse_args()

    def show(done: int, total: int) -> None:
        print(f"{done:,} of {total:,} bytes", file=sys.stderr)

    with MediaClient(os.environ["MEDIA_URL"], token=os.environ["MEDIA_TOKEN"]) as client:
        try:
            upload = client.upload_file(
                arguments.file, options=Options(checksum=True), on_progress=show
            )
        except QuotaExceeded as error:
            print(f"Only {error.available_bytes:,} bytes are left.", file=sys.stderr)
            return 1
        except SourceError as error:
            print(error, file=sys.stderr)
            return 1
        link = client.download_request(
            upload.id,
            disposition=Disposition.INLINE,
            expires_in_seconds=arguments.hours * 3600,
        )
        if link is None:
            print("The service is still verifying the checksum. Try again.", file=sys.stderr)
            return 1
        print(link.url)
        print("It works until", link.expires_at.isoformat(), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
