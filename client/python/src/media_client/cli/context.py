"""State shared by the commands: the service, its credentials, progress and messages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from media_client.api import endpoint
from media_client.cli import streams
from media_client.cli.configuration import Configuration, Directories
from media_client.client import MediaClient
from media_client.errors import ConfigurationError, MediaError
from media_client.transfer.journal import Journal
from media_client.transfer.progress import Progress, Silent
from media_client.transfer.source import shown


class Context:
    """The settings of one invocation."""

    def __init__(self, url: str | None) -> None:
        self.directories = Directories(os.environ)
        self.configuration = Configuration(self.directories)
        self._url = url

    @property
    def url(self) -> str:
        """The service's endpoint: --url, MEDIA_URL, or the address of the last login."""
        url = self._url or self.configuration.url()
        if not url:
            raise ConfigurationError(
                "No service address. Run `media login --url https://…` once, or set MEDIA_URL."
            )
        return endpoint(url)

    def client(self) -> MediaClient:
        """Create a client with MEDIA_TOKEN, the stored API key or the stored session."""
        url = self.url
        token = os.environ.get("MEDIA_TOKEN") or self.configuration.token(url)
        return MediaClient(url, token=token, store=self.configuration.session(url))

    def journal(self) -> Journal | None:
        """Load the journal. Prints a message and returns None if it can't be read."""
        journal = Journal(self.directories.state / "uploads", self.url)
        try:
            journal.load()
        except OSError as error:
            complain(f"The journal can't be read ({error.strerror}): this run can't be resumed.")
            return None
        return journal


class Notes(Silent):
    """Progress when stderr is not a terminal: prints notes only."""

    def note(self, text: str) -> None:
        """See `Progress`."""
        complain(text)


@contextmanager
def shown_progress(quiet: bool = False) -> Iterator[Progress]:
    """Show progress bars if stderr is a terminal and `quiet` is not set."""
    if quiet or not sys.stderr.isatty():
        yield Notes()
        return
    from rich.console import Console  # Takes 0.1 s to import, which scripts do not need.

    from media_client.cli.live import Live

    with Live(Console(stderr=True)) as live, streams.printed_by(live.print):
        yield live


def complain(message: str | MediaError) -> None:
    """Print a message to stderr."""
    streams.message(f"media: {shown(str(message))}")


pass_context = click.make_pass_decorator(Context)
