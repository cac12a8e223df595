"""media share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from media_client.cli.context import Context, complain, pass_context
from media_client.cli.matches import Matches
from media_client.cli.options import json_option, names_argument
from media_client.cli.output import time_text
from media_client.cli.results import Results
from media_client.errors import UploadNotFound
from media_client.models import Disposition
from media_client.transfer.source import shown

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_SECONDS = 7 * 86400  # Amazon S3 User Guide, "Sharing objects with presigned URLs".


def seconds_of(text: str) -> int:
    """Parse a number with a unit, such as 90s, 30m, 1h or 7d."""
    match = re.fullmatch(r"(\d{1,9})([smhd])", text, re.ASCII)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 1 <= seconds <= _LONGEST_SECONDS:
        raise click.BadParameter(f"{shown(text)!r} is not a duration from 1s to 7d, such as 1h.")
    return seconds


@click.command()
@names_argument
@click.option(
    "--expires",
    type=seconds_of,
    metavar="DURATION",
    default="1h",
    show_default=True,
    help="How long the link works: a number with s, m, h or d, at most 7d.",
)
@json_option
@pass_context
def share(context: Context, names: Sequence[str], expires: int, as_json: bool) -> None:
    """Print a link to each upload, which works without signing in.

    Anyone who has the link can download the upload until it expires. The link goes to stdout; when
    it expires, to stderr.

    \b
    Example:
      media share holiday.mp4
      media share 'photos/*.jpg' --expires 7d --json
    """
    results = Results(as_json)
    with context.client() as client:
        for upload in Matches(client).uploads(names, results.unmatched):
            request = client.download_request(
                upload.id, disposition=Disposition.INLINE, expires_in_seconds=expires
            )
            if request is None:
                message = f"Upload {upload.id} has no content to share: it is {upload.status}."
                results.fail(UploadNotFound(UploadNotFound.CODE, message), id=upload.id)
                continue
            until = time_text(request.expires_at)
            fields = {"id": upload.id, "filename": upload.filename, "url": request.url}
            results.add([request.url], {**fields, "expiresAt": until})
            if not as_json:
                complain(f"The link to {shown(upload.filename)} expires at {until}.")
    results.exit()
