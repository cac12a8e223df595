"""media ls, info, mv, tag."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from media_client import MediaClient
from media_client.cli.context import Context, complain, pass_context
from media_client.cli.matches import AmbiguousName, Matches, is_pattern
from media_client.cli.options import TIME, json_option, names_argument
from media_client.cli.output import (
    duration_text,
    json_line,
    pairs,
    row,
    rows,
    size_text,
    time_text,
    upload_fields,
)
from media_client.cli.results import Results
from media_client.cli.streams import line
from media_client.errors import UserError
from media_client.media import Media, ProcessingStatus
from media_client.models import OrderDirection, Upload, UploadOrderField, UploadStatus
from media_client.operations import UploadChange, UploadFilter

_ON_TERMINAL = 30
_PROCESSING = {
    ProcessingStatus.PENDING: "pending: facts and renditions will be there soon",
    ProcessingStatus.FAILED: "failed: the file itself is unchanged",
}
_LOCATION = "the file says where it was taken; its renditions do not (media share --rendition)"


@click.command()
@click.option(
    "--status",
    type=click.Choice([str(status) for status in UploadStatus], case_sensitive=False),
    multiple=True,
    help="Only uploads with this status. May be repeated.",
)
@click.option("--type", "content_type", help="Only this media type, or range such as image/*.")
@click.option("--search", help="Only uploads with this text in their name.")
@click.option("--tag", "tags", multiple=True, help="Only uploads with this tag. May be repeated.")
@click.option(
    "--after",
    type=TIME,
    metavar="TIME",
    help="Only uploads created at or after this time, such as 2026-01-31 or 2026-01-31T09:30:00. "
    "Local time unless it has an offset.",
)
@click.option("--before", type=TIME, metavar="TIME", help="Only uploads created before this time.")
@click.option(
    "--sort",
    type=click.Choice(["created", "name", "size"]),
    default="created",
    show_default=True,
    help="Sort order: newest first, names from A to Z, or largest first.",
)
@click.option("--trash", is_flag=True, help="List the uploads in the trash instead.")
@click.option("--reverse", is_flag=True, help="Reverse the sort order.")
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(1),
    help="Maximum number of uploads. Default: 30 on a terminal, otherwise all.",
)
@click.option("--all", "-a", "show_all", is_flag=True, help="List all uploads, even on a terminal.")
@json_option
@pass_context
def ls(
    context: Context,
    status: Sequence[str],
    content_type: str | None,
    search: str | None,
    tags: Sequence[str],
    after: datetime | None,
    before: datetime | None,
    sort: str,
    trash: bool,
    reverse: bool,
    limit: int | None,
    show_all: bool,
    as_json: bool,
) -> None:
    """List your uploads.

    \b
    Example:
      media ls --type 'image/*' --tag 2026 --sort size
      media ls --status PENDING --json
      media ls --trash --all
    """
    if limit is not None and show_all:
        raise click.UsageError("--limit and --all exclude each other.")
    wanted = UploadFilter(
        status=[UploadStatus(name.upper()) for name in status] or None,
        content_type=content_type,
        search=search,
        tags=tags or None,
        created_after=after,
        created_before=before,
        trashed=trash,
    )
    field = {
        "created": UploadOrderField.CREATED_AT,
        "name": UploadOrderField.FILENAME,
        "size": UploadOrderField.SIZE,
    }[sort]
    ascending = (sort == "name") is not reverse
    shown_most = limit
    if limit is None and not show_all and sys.stdout.isatty():
        shown_most = _ON_TERMINAL
    with context.client() as client:
        matches = client.uploads(
            wanted,
            order_by=field,
            direction=OrderDirection.ASC if ascending else OrderDirection.DESC,
            limit=shown_most,
        )
        listed = _Counted(matches)
        if as_json:
            for upload in listed:
                json_line(upload_fields(upload))
        else:
            rows(("ID", "CREATED", "STATUS", "SIZE", "NAME", "TAGS"), map(_row, listed))
        if limit is None and listed.count == shown_most:
            _tell_of_more(client, wanted, listed.count)


class _Counted:
    """Iterates over uploads and counts them."""

    def __init__(self, uploads: Iterator[Upload]) -> None:
        self._uploads = uploads
        self.count = 0

    def __iter__(self) -> Iterator[Upload]:
        for upload in self._uploads:
            self.count += 1
            yield upload


def _tell_of_more(client: MediaClient, wanted: UploadFilter, count: int) -> None:
    more = (client.uploads_page(wanted, first=1).total or 0) - count
    if more > 0:
        complain(f"{more} more. --all lists all of them.")


def _row(upload: Upload) -> Sequence[str]:
    size = size_text(upload.size) if sys.stdout.isatty() else str(upload.size)
    return (
        upload.id,
        time_text(upload.created_at),
        str(upload.status),
        size,
        upload.filename,
        ",".join(upload.tags),
    )


@click.command()
@names_argument
@json_option
@pass_context
def info(context: Context, names: Sequence[str], as_json: bool) -> None:
    """Show the details of uploads by id, name or pattern.

    \b
    Example:
      media info holiday.mp4
      media info 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 --json
    """
    results = Results(as_json)
    with context.client() as client:
        for number, upload in enumerate(Matches(client).uploads(names, results.unmatched)):
            if as_json:
                json_line(upload_fields(upload))
                continue
            if number:
                line("")
            _show(upload)
    results.exit()


def _show(upload: Upload) -> None:
    fields = {
        "ID": upload.id,
        "Name": upload.filename,
        "Type": upload.content_type,
        "Size": f"{size_text(upload.size)} ({upload.size} bytes)",
        "Status": str(upload.status),
        "Reason": upload.status_reason or "",
        "Tags": ", ".join(upload.tags),
        "Checksum": f"{upload.checksum_algorithm} {upload.checksum}" if upload.checksum else "",
        "Created": time_text(upload.created_at),
        "Stored": time_text(upload.stored_at),
        "Expires": time_text(upload.expires_at),
        "Trashed": time_text(upload.trashed_at),
        "Processing": _PROCESSING.get(upload.processing, ""),
        "Problem": upload.processing_error or "",
        **_facts(upload.media),
    }
    pairs({name: value for name, value in fields.items() if value})


def _facts(media: Media | None) -> dict[str, str]:
    """Return what is known about the file, by name; "" for what is not."""
    if media is None:
        return {}
    sized = media.width is not None and media.height is not None
    codecs = filter(None, (media.video_codec, media.audio_codec))
    rate = media.frame_rate
    return {
        "Dimensions": f"{media.width} x {media.height}" if sized else "",
        "Duration": "" if media.duration_seconds is None else duration_text(media.duration_seconds),
        "Frame rate": "" if rate is None else f"{rate:.5g} per second",
        "Codecs": ", ".join(codecs),
        "Pages": "" if media.pages is None else str(media.pages),
        "Camera": media.camera or "",
        # Cameras rarely record a time zone, so none is claimed.
        "Captured": time_text(media.captured_at).rstrip("Z"),
        "Location": _LOCATION if media.has_location else "",
    }


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("new_name", metavar="NEW_NAME")
@json_option
@pass_context
def mv(context: Context, name: str, new_name: str, as_json: bool) -> None:
    """Rename an upload. It is given by id, by name, or by a pattern that only it matches.

    \b
    Example:
      media mv 'Rome.mp4' 'Rome 2026.mp4'
      media mv 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 'Rome 2026.mp4'
    """
    results = Results(as_json)
    with context.client() as client:
        try:
            upload = client.update_upload(Matches(client).one(name).id, filename=new_name)
        except (UserError, AmbiguousName) as error:
            results.fail(error, name=name)
            results.exit()
    results.add([upload.id, upload.filename], upload_fields(upload))


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--add", "-a", multiple=True, help="Add this tag. May be repeated.")
@click.option("--remove", "-r", multiple=True, help="Remove this tag. May be repeated.")
@click.option("--clear", is_flag=True, help="Remove all tags before adding any.")
@json_option
@pass_context
def tag(
    context: Context,
    name: str,
    add: Sequence[str],
    remove: Sequence[str],
    clear: bool,
    as_json: bool,
) -> None:
    """Add or remove tags of uploads, and print their tags.

    For a single upload, prints one tag per line; for a pattern, one line per upload with its id,
    name and tags.

    \b
    Example:
      media tag holiday.mp4 --add rome --remove draft
      media tag 'photos/*' --add 2026
    """
    # The service composes tags: "café" typed in two ways is one tag.
    removed = {unicodedata.normalize("NFC", tag) for tag in remove}
    results = Results(as_json)
    with context.client() as client:
        uploads: Sequence[Upload | UserError] = list(
            Matches(client).uploads([name], results.unmatched)
        )
        if add or remove or clear:
            uploads = client.update_uploads(
                [
                    UploadChange(upload.id, tags=_tags(() if clear else upload.tags, removed, add))
                    for upload in uploads
                    if isinstance(upload, Upload)
                ]
            )
    for upload in uploads:
        if isinstance(upload, UserError):
            results.fail(upload, name=name)
        elif as_json or is_pattern(name):
            cells = [upload.id, upload.filename, ",".join(upload.tags)]
            results.add(cells, upload_fields(upload))
        else:
            for value in upload.tags:
                row([value])
    results.exit()


def _tags(old: Sequence[str], removed: set[str], added: Sequence[str]) -> Sequence[str]:
    kept = (tag for tag in old if tag not in removed)
    return list(dict.fromkeys((*kept, *added)))
