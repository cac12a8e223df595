"""What the commands share: the service they talk to, progress, complaints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from media_client.api import endpoint
from media_client.cli.configuration import Configuration, Directories
from media_client.client import MediaClient
from media_client.errors import ConfigurationError, MediaError
from media_client.transfer.journal import Journal
from media_client.transfer.progress import Progress, Silent


class Context:
    """Settings of one run of the command."""

    def __init__(self, url: str | None) -> None:
        self.directories = Directories(os.environ)
        self.configuration = Configuration(self.directories)
        self._url = url

    @property
    def url(self) -> str:
        """The endpoint of the service: --url, MEDIA_URL, or that of the last login."""
        url = self._url or self.configuration.url()
        if not url:
            raise ConfigurationError(
                "Which service? Say it once with `media login --url https://…`, or set MEDIA_URL."
            )
        return endpoint(url)

    def client(self) -> MediaClient:
        """A client with MEDIA_TOKEN, the stored API key, or the stored session."""
        url = self.url
        token = os.environ.get("MEDIA_TOKEN") or self.configuration.token(url)
        return MediaClient(url, token=token, store=self.configuration.session(url))

    def journal(self) -> Journal | None:
        """The journal; None, with a word to the user, where none can be kept."""
        journal = Journal(self.directories.state / "uploads", self.url)
        try:
            journal.load()
        except OSError as error:
            complain(f"The journal can't be read ({error.strerror}): this run can't be resumed.")
            return None
        return journal


class Notes(Silent):
    """Progress for a stderr that is no terminal: nothing but what the user must know."""

    def note(self, text: str) -> None:
        """See `Progress`."""
        complain(text)


@contextmanager
def shown_progress(quiet: bool = False) -> Iterator[Progress]:
    """Progress as fits stderr."""
    if quiet or not sys.stderr.isatty():
        yield Notes()
        return
    from rich.console import Console  # Takes a tenth of a second, which scripts need not wait.

    from media_client.cli.live import Live

    with Live(Console(stderr=True)) as live:
        yield live


def complain(message: str | MediaError) -> None:
    """Tell a person, on stderr."""
    click.echo(f"media: {message}", err=True)


pass_context = click.make_pass_decorator(Context)
