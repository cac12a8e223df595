"""media changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from media_client import MediaClient, backoff
from media_client.cli.context import Context, complain, pass_context
from media_client.cli.options import json_option
from media_client.cli.output import json_line, row, time_text, upload_fields
from media_client.models import ChangedUpload

_PAUSE_SECONDS = 5.0


class Feed:
    """The changes after a cursor. `cursor` is where to go on after those that were listed."""

    def __init__(self, client: MediaClient, cursor: str | None) -> None:
        self._client = client
        self._known: dict[str, int] = {}
        self.cursor = cursor

    def new(self) -> Iterator[ChangedUpload]:
        """Yield the changes up to now, without those that the last call has yielded.

        The service lists the changes of the last 100 seconds again.
        """
        known, self._known = self._known, {}
        for page in self._client.changes(self.cursor):
            self.cursor = page.end_cursor
            for change in page.changes:
                self._known[change.id] = change.version
                if known.get(change.id) != change.version:
                    yield change


def shown(feed: Feed, show: Callable[[ChangedUpload], None], pause: Callable[[], None]) -> None:
    """Show changes forever; `pause` waits until it is time to ask again."""
    while True:
        for change in feed.new():
            show(change)
        pause()


@click.command()
@click.option("--after", metavar="CURSOR", help="Only changes after this cursor.")
@click.option("--follow", "-f", is_flag=True, help="Wait for further changes; end with Ctrl-C.")
@json_option
@pass_context
def changes(context: Context, after: str | None, follow: bool, as_json: bool) -> None:
    """List uploads in the order of their last change.

    Shows the id, the time, the version, the status and the name, also of deleted uploads. The
    version rises with each change of an upload. The last line on stderr has the cursor to continue
    with, as has each line of --json. Changes of the last 100 seconds may be listed again then, with
    the same version.

    \b
    Example:
      media changes
      media changes --follow
      media changes --json --after "$(cat cursor)" | tee new.json
    """
    with context.client() as client:
        feed = Feed(client, after)

        def show(change: ChangedUpload) -> None:
            if as_json:
                json_line(_fields(change, feed.cursor))
            else:
                row(_cells(change))

        if follow:
            shown(feed, show, lambda: backoff.wait(_PAUSE_SECONDS, None))
        for change in feed.new():
            show(change)
        if feed.cursor is not None and not as_json:
            complain(f"Continue with --after {feed.cursor}")


def _fields(change: ChangedUpload, cursor: str | None) -> dict[str, object]:
    return {
        "id": change.id,
        "version": change.version,
        "changedAt": time_text(change.changed_at),
        "upload": None if change.upload is None else upload_fields(change.upload),
        "cursor": cursor,
    }


def _cells(change: ChangedUpload) -> tuple[str, ...]:
    upload = change.upload
    status, name = ("DELETED", "") if upload is None else (str(upload.status), upload.filename)
    return change.id, time_text(change.changed_at), str(change.version), status, name
