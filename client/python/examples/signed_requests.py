"""Let another program send the bytes: hand it the signed requests, then complete the upload.

    python signed_requests.py film.mp4 --content-type video/mp4 --size 4816273 > requests.json
    python signed_requests.py --complete 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548

A browser or a device that has no API key can send the bytes. Each request permits one part of one
file only, until it expires. MEDIA_URL and MEDIA_TOKEN name the service and an API key.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from media_client import MediaClient, UploadRequest
from media_client.errors import UploadIncomplete, UserError


def request(client: MediaClient, filename: str, content_type: str, size: int) -> None:
    """Request an upload, and print its id and its signed requests as JSON."""
    ticket = client.request_upload(UploadRequest(filename, content_type, size))
    transfer = ticket.upload.transfer
    numbers = range(1, (transfer.part_count if transfer else 0) + 1)
    parts = client.sign_parts(ticket.upload.id, [(number, None) for number in numbers])
    requests = [
        {
            "method": part.request.method,
            "url": part.request.url,
            "headers": dict(part.request.headers),
            "offset": part.offset,
            "size": part.size,
        }
        for part in parts
    ]
    json.dump({"id": ticket.upload.id, "requests": requests}, sys.stdout, indent=2)
    print()


def complete(client: MediaClient, upload_id: str) -> None:
    """Tell the service that the bytes have been sent; it checks them in the bucket."""
    upload = client.complete_upload(upload_id)
    print(upload.id, upload.status)


def main() -> int:
    """Run the example; returns 1 if the service rejects the request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("filename", nargs="?")
    parser.add_argument("--content-type", default="application/octet-stream")
    parser.add_argument("--size", type=int, default=0, help="in bytes")
    parser.add_argument("--complete", metavar="ID")
    arguments = parser.parse_args()
    if not (arguments.filename or arguments.complete):
        parser.error("a file name or --complete is needed")

    with MediaClient(os.environ["MEDIA_URL"], token=os.environ["MEDIA_TOKEN"]) as client:
        try:
            if arguments.complete:
                complete(client, arguments.complete)
            else:
                request(client, arguments.filename, arguments.content_type, arguments.size)
        except UploadIncomplete as error:
            print("These parts have not arrived:", *error.missing_parts, file=sys.stderr)
            return 1
        except UserError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
