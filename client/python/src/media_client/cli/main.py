"""The entry point of the command: its subcommands, and errors as exit statuses."""

from __future__ import annotations

import os
import sys

import click

from media_client.cli.account import limits, login, logout, password, whoami
from media_client.cli.completion import completion
from media_client.cli.context import Context, complain
from media_client.cli.exits import ExitStatus, exit_status
from media_client.cli.keys import api_key
from media_client.cli.library import download, info, ls, mv, tag
from media_client.cli.sessions import session
from media_client.cli.sync import sync
from media_client.cli.trash import restore, rm
from media_client.cli.upload import resume, upload
from media_client.errors import MediaError
from media_client.version import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--url", envvar="MEDIA_URL", help="Address of the service.")
@click.version_option(VERSION, prog_name="media")
@click.pass_context
def media(context: click.Context, url: str | None) -> None:
    """Upload files to a media upload service, and manage them.

    Data goes to stdout; progress and messages go to stderr. Exit status: 0 success, 1 failures of
    several kinds, 2 invalid command line, 3 not signed in, 4 not found, 5 rejected by the service,
    6 local file or configuration error, 7 network, service or bucket failure, 130 interrupted.

    MEDIA_URL and MEDIA_TOKEN (an API key) take precedence over what `media login` stored.

    \b
    Example:
      media login --url https://media.example.com
      media upload holiday.mp4
    """
    context.obj = Context(url)


for command in (
    login,
    logout,
    password,
    whoami,
    upload,
    resume,
    sync,
    ls,
    info,
    download,
    rm,
    restore,
    mv,
    tag,
    limits,
    api_key,
    session,
    completion,
):
    media.add_command(command)


def run() -> None:
    """Run the command and exit."""
    try:
        media(prog_name="media")
    except MediaError as error:
        complain(error)
        sys.exit(exit_status(error))
    except KeyboardInterrupt:
        sys.exit(ExitStatus.INTERRUPTED)
    except BrokenPipeError:
        # The reader has closed the pipe. Keep Python from flushing stdout again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitStatus.FAILED)


if __name__ == "__main__":
    run()
