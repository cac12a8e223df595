"""State shared by the commands: settings, the service, its credentials, progress and messages."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import click

from media_client.api import endpoint
from media_client.cli import streams
from media_client.cli.configuration import DEFAULT_PROFILE, Configuration, Directories
from media_client.cli.log import log_to_stderr
from media_client.cli.summary import Summary
from media_client.client import MediaClient
from media_client.errors import ConfigurationError, MediaError
from media_client.http.target import Target
from media_client.tokens import SessionStore
from media_client.transfer.journal import Journal
from media_client.transfer.progress import Progress, Silent
from media_client.transfer.source import shown

_log = logging.getLogger(__name__)


@dataclass
class Settings:
    """The values of the options of all commands; None for the defaults.

    `typed`: the names of the options on the command line. They take precedence over all
    environment variables. `bandwidth` is in bytes per second, `timeout` in seconds.
    """

    url: str | None = None
    profile: str = DEFAULT_PROFILE
    bandwidth: int | None = None
    retries: int | None = None
    timeout: float | None = None
    ca_bundle: str | None = None
    debug: bool = False
    typed: set[str] = field(default_factory=set)


class Context:
    """The state of one invocation."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def directories(self) -> Directories:
        """The directories of the profile."""
        return Directories(os.environ, self.settings.profile)

    @property
    def configuration(self) -> Configuration:
        """The stored settings and credentials of the profile."""
        return Configuration(self.directories, self.settings.profile)

    @property
    def url(self) -> str:
        """The service's endpoint: --url, MEDIA_URL, or the address of the last login.

        With --profile on the command line, the profile's address precedes MEDIA_URL.
        """
        addresses = [self.settings.url, self.configuration.url()]
        if self._profile_precedes and "url" not in self.settings.typed:
            addresses.reverse()
        url = addresses[0] or addresses[1]
        if url:
            return endpoint(url)
        if self.settings.profile == DEFAULT_PROFILE:
            raise ConfigurationError(
                "No service address. Run `media login --url https://…` once, or set MEDIA_URL."
            )
        profile = self.settings.profile
        raise ConfigurationError(
            f"There is no profile {profile}. `media login --profile {profile} --url https://…` "
            "adds it, and `media profile ls` lists those that exist."
        )

    @property
    def _profile_precedes(self) -> bool:
        return "profile" in self.settings.typed

    def client(self) -> MediaClient:
        """Create a client with MEDIA_TOKEN, the stored API key or the stored session.

        With --profile on the command line, MEDIA_TOKEN is ignored: it belongs to another account.
        """
        url = self.url
        given = None if self._profile_precedes else os.environ.get("MEDIA_TOKEN")
        token = given or self.configuration.token(url)
        return self.connect(url, token=token, store=self.configuration.session(url))

    def connect(
        self, url: str, *, token: str | None = None, store: SessionStore | None = None
    ) -> MediaClient:
        """Create a client of the service at `url` with the settings of the command line."""
        if self.settings.debug:
            log_to_stderr()
        _log.debug("profile %s, service %s", self.settings.profile, Target.of(url).authority)
        options: dict[str, Any] = {
            "timeout": self.settings.timeout,
            "max_retries": self.settings.retries,
            "ca_bundle": self.settings.ca_bundle,
            "bandwidth": self.settings.bandwidth,
        }
        given = {name: value for name, value in options.items() if value is not None}
        return MediaClient(url, token=token, store=store, **given)

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
    """Progress with --quiet: prints notes only."""

    def note(self, text: str) -> None:
        """See `Progress`."""
        complain(text)


@contextmanager
def shown_progress(quiet: bool = False) -> Iterator[Progress]:
    """Show progress on stderr: bars on a terminal, else a line every ten seconds."""
    if quiet:
        yield Notes()
        return
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        with Summary() as summary:
            yield summary
        return
    from rich.console import Console  # Takes 0.1 s to import, which scripts do not need.

    from media_client.cli.live import Live

    with Live(Console(stderr=True)) as live, streams.printed_by(live.print):
        yield live


def complain(message: str | MediaError) -> None:
    """Print a message to stderr."""
    streams.message(f"media: {shown(str(message))}")


pass_context = click.make_pass_decorator(Context)
