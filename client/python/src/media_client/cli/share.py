"""media share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from media_client import MediaClient
from media_client.cli.context import Context, complain, pass_context
from media_client.cli.matches import Matches
from media_client.cli.options import json_option, names_argument
from media_client.cli.output import time_text
from media_client.cli.results import Results
from media_client.errors import UploadNotFound
from media_client.media import ProcessingStatus, Rendition, RenditionName
from media_client.models import Disposition, SignedRequest, Upload
from media_client.transfer.source import shown

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DEFAULT_SECONDS = 3600
_WHY_NONE = {
    ProcessingStatus.PENDING: "it is still being processed",
    ProcessingStatus.FAILED: "it could not be decoded",
}
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
    help="How long the link works: a number with s, m, h or d, at most 7d. Default: 1h.",
)
@click.option(
    "--rendition",
    "rendition_name",
    type=click.Choice([str(name).lower() for name in RenditionName], case_sensitive=False),
    help="Link to this derived picture instead, which has no metadata such as a location. The "
    "service decides how long its link works: up to 2 hours.",
)
@json_option
@pass_context
def share(
    context: Context,
    names: Sequence[str],
    expires: int | None,
    rendition_name: str | None,
    as_json: bool,
) -> None:
    """Print a link to each upload, which works without signing in.

    Anyone who has the link can download the upload until it expires. The link goes to stdout; when
    it expires, to stderr.

    \b
    Example:
      media share holiday.mp4
      media share 'photos/*.jpg' --expires 7d --json
      media share photo.jpg --rendition preview
    """
    if rendition_name is not None and expires is not None:
        raise click.UsageError("--rendition and --expires exclude each other.")
    results = Results(as_json)
    with context.client() as client:
        for upload in Matches(client).uploads(names, results.unmatched):
            link: SignedRequest | Rendition
            try:
                if rendition_name is None:
                    link = _link(client, upload, expires or _DEFAULT_SECONDS)
                else:
                    link = _rendition_link(client, upload, RenditionName(rendition_name.upper()))
            except UploadNotFound as error:
                results.fail(error, id=upload.id)
                continue
            until = time_text(link.expires_at)
            fields = {"id": upload.id, "filename": upload.filename, "url": link.url}
            results.add([link.url], {**fields, "expiresAt": until})
            if not as_json:
                complain(f"The link to {shown(upload.filename)} expires at {until}.")
    results.exit()


def _link(client: MediaClient, upload: Upload, seconds: int) -> SignedRequest:
    request = client.download_request(
        upload.id, disposition=Disposition.INLINE, expires_in_seconds=seconds
    )
    if request is None:
        message = f"Upload {upload.id} has no content to share: it is {upload.status}."
        raise UploadNotFound(UploadNotFound.CODE, message)
    return request


def _rendition_link(client: MediaClient, upload: Upload, name: RenditionName) -> Rendition:
    rendition = client.rendition(upload.id, name)
    if rendition is None:
        why = _WHY_NONE.get(upload.processing, "there is none")
        message = f"Upload {upload.id} has no {name.lower()}: {why}."
        raise UploadNotFound(UploadNotFound.CODE, message)
    return rendition
