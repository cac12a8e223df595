"""media ls, info, download, mv, tag."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import click

from media_client.cli.context import Context, complain, pass_context, shown_progress
from media_client.cli.exits import exit_status_of_all
from media_client.cli.output import (
    json_line,
    pairs,
    rows,
    size_text,
    time_text,
    upload_fields,
)
from media_client.errors import MediaError
from media_client.models import OrderDirection, Upload, UploadOrderField, UploadStatus
from media_client.operations import UploadFilter

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


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
    type=_TIME,
    help="Only uploads created at or after this time, local unless it has an offset.",
)
@click.option("--before", type=_TIME, help="Only uploads created before this time.")
@click.option(
    "--sort",
    type=click.Choice(["created", "name", "size"]),
    default="created",
    show_default=True,
    help="Sort order: newest first, names from A to Z, or largest first.",
)
@click.option("--trash", is_flag=True, help="The uploads in the trash instead of all others.")
@click.option("--reverse", is_flag=True, help="Reverse the sort order.")
@click.option("--limit", "-n", type=click.IntRange(1), help="Maximum number of uploads.")
@_as_json
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
    as_json: bool,
) -> None:
    """List your uploads.

    \b
    Example:
      media ls --type 'image/*' --tag 2026 --sort size
      media ls --status PENDING --json
      media ls --trash
    """
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
    with context.client() as client:
        matches = client.uploads(
            wanted,
            order_by=field,
            direction=OrderDirection.ASC if ascending else OrderDirection.DESC,
            limit=limit,
        )
        if as_json:
            for upload in matches:
                json_line(upload_fields(upload))
        else:
            rows(("ID", "CREATED", "STATUS", "SIZE", "NAME", "TAGS"), map(_row, matches))


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
@click.argument("upload_id", metavar="ID")
@_as_json
@pass_context
def info(context: Context, upload_id: str, as_json: bool) -> None:
    """Show the details of an upload.

    \b
    Example:
      media info 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
    """
    with context.client() as client:
        upload = client.get_upload(upload_id)
    if as_json:
        json_line(upload_fields(upload))
    else:
        _show(upload)


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
    }
    pairs({name: value for name, value in fields.items() if value})


@click.command()
@click.argument("upload_ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    default=".",
    help="A folder, or a file name for a single upload. Default: the current folder.",
)
@click.option("--force", "-f", is_flag=True, help="Replace existing files.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    default=8,
    show_default=True,
    envvar="MEDIA_JOBS",
    help="Maximum number of concurrent requests.",
)
@click.option("--quiet", "-q", is_flag=True, help="Do not show progress.")
@pass_context
def download(
    context: Context, upload_ids: Sequence[str], output: str, force: bool, jobs: int, quiet: bool
) -> None:
    """Download uploads and print the path of each file.

    Run it again after an interruption to continue where it stopped.

    \b
    Example:
      media download 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 -o holiday.mp4
    """
    failures: list[MediaError] = []
    with shown_progress(quiet) as progress, context.client() as client:
        for upload_id in upload_ids:
            try:
                path = client.download_file(
                    upload_id, output, overwrite=force, jobs=jobs, progress=progress
                )
                click.echo(str(path))
            except MediaError as error:
                failures.append(error)
                complain(error)
    sys.exit(exit_status_of_all(failures))


@click.command()
@click.argument("upload_id", metavar="ID")
@click.argument("name")
@pass_context
def mv(context: Context, upload_id: str, name: str) -> None:
    """Rename an upload.

    \b
    Example:
      media mv 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 'Rome 2026.mp4'
    """
    with context.client() as client:
        upload = client.update_upload(upload_id, filename=name)
    rows(("", ""), [(upload.id, upload.filename)])


@click.command()
@click.argument("upload_id", metavar="ID")
@click.option("--add", "-a", multiple=True, help="Add this tag. May be repeated.")
@click.option("--remove", "-r", multiple=True, help="Remove this tag. May be repeated.")
@click.option("--clear", is_flag=True, help="Remove all tags before adding any.")
@pass_context
def tag(
    context: Context, upload_id: str, add: Sequence[str], remove: Sequence[str], clear: bool
) -> None:
    """Add or remove tags of an upload, and print its tags, one per line.

    \b
    Example:
      media tag 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 --add rome --remove draft
    """
    with context.client() as client:
        upload = client.get_upload(upload_id)
        if add or remove or clear:
            # The service composes tags: "café" typed in two ways is one tag.
            removed = {unicodedata.normalize("NFC", name) for name in remove}
            kept = () if clear else (old for old in upload.tags if old not in removed)
            upload = client.update_upload(upload_id, tags=list(dict.fromkeys((*kept, *add))))
    rows(("",), [(name,) for name in upload.tags])
