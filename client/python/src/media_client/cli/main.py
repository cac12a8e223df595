"""The entry point of the command: its subcommands, and errors as exit statuses."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from media_client.cli import streams
from media_client.cli.account import limits, login, logout, password, whoami
from media_client.cli.changes import changes
from media_client.cli.completion import completion
from media_client.cli.context import Context, complain
from media_client.cli.download import cat, download
from media_client.cli.exits import ExitStatus, exit_status
from media_client.cli.keys import api_key
from media_client.cli.library import info, ls, mv, tag
from media_client.cli.options import Commands, global_options, settings
from media_client.cli.profiles import profile
from media_client.cli.resume import cancel, resume
from media_client.cli.sessions import session
from media_client.cli.share import share
from media_client.cli.signals import interrupted_by_signals
from media_client.cli.streams import OutputError, PipeClosed
from media_client.cli.sync import sync
from media_client.cli.trash import restore, rm
from media_client.cli.upload import upload
from media_client.errors import MediaError
from media_client.version import VERSION


@click.group(
    cls=Commands,
    params=global_options(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(VERSION, prog_name="media")
@click.pass_context
def media(context: click.Context, /, **_options: object) -> None:
    """Upload files to a media upload service, and manage them.

    Data goes to stdout; progress and messages go to stderr. Exit status: 0 success, 1 failures of
    several kinds, 2 invalid command line, 3 not signed in, 4 not found, 5 rejected by the service,
    6 local file, output or configuration error, 7 network, service or bucket failure; 129 hung up,
    130 interrupted, 141 the reader closed the pipe, 143 terminated.

    MEDIA_URL and MEDIA_TOKEN (an API key) take precedence over what `media login` stored, but not
    over --profile. The options below may also follow the command.

    \b
    Example:
      media login --url https://media.example.com
      media upload holiday.mp4
      media upload -r photos --profile work --bandwidth 5M
    """
    context.obj = Context(settings(context))


for command in (
    login,
    logout,
    password,
    whoami,
    upload,
    resume,
    cancel,
    sync,
    ls,
    changes,
    info,
    download,
    cat,
    share,
    rm,
    restore,
    mv,
    tag,
    limits,
    api_key,
    session,
    profile,
    completion,
):
    media.add_command(command)


def run() -> None:
    """Run the command and exit."""
    try:
        with interrupted_by_signals():
            status = _main()
    except MediaError as error:
        status = _failed(error)
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        status = error.exit_code
    except click.Abort:
        complain("Stdin ended before the question was answered.")
        status = ExitStatus.FAILED
    except OSError as error:
        status = _broken(error)
    sys.exit(status)


def _failed(error: MediaError) -> int:
    """Print an error, and return its exit status."""
    if str(error) and not isinstance(error, PipeClosed):
        complain(error)
    return exit_status(error)


def _broken(error: OSError) -> int:
    """Print an error that no command expects, and return its exit status."""
    try:
        streams.finish()  # Fails again if click could not print a help text.
    except OutputError as failure:
        return _failed(failure)
    complain(f"{error.filename or 'A file'} can't be used: {error.strerror or error}.")
    return ExitStatus.FILE


def _main() -> int:
    """Run the command line and return its exit status."""
    streams.prepare()
    try:
        status = media.main(prog_name="media", standalone_mode=False)
    except SystemExit as error:
        status = error.code
    streams.finish()
    return status if isinstance(status, int) else ExitStatus.OK


if __name__ == "__main__":
    run()
