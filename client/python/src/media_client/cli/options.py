"""Options: those of all commands, accepted before and after the command, and those of several."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from media_client.cli.context import Context, Settings
from media_client.cli.output import json_line
from media_client.cli.results import error_fields
from media_client.cli.streams import OutputError
from media_client.errors import MediaError

TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)
Callback = Callable[[click.Context, click.Parameter, Any], Any]

_AS_JSON = f"{__name__}.as_json"
_RATE = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)([kmg]?)(?:i?b)?", re.IGNORECASE)
_FACTORS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_PROFILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")


def _rate(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    """Return the bytes per second that a text such as 5M stands for."""
    if value is None:
        return None
    match = _RATE.fullmatch(value)
    rate = int(float(match[1]) * _FACTORS[match[2].lower()]) if match else 0
    if rate < 1:
        raise click.BadParameter(
            f"{value!r} is not a rate in bytes per second, such as 500k or 5M."
        )
    return rate


def _profile(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _PROFILE.fullmatch(value):
        raise click.BadParameter(
            f"{value!r} is not a name of up to 64 letters, digits, '.', '-' and '_'."
        )
    return value


def _noted(context: click.Context, _option: click.Parameter, value: bool) -> bool:
    context.meta[_AS_JSON] = value  # For `Commands`: all contexts of an invocation share `meta`.
    return value


names_argument = click.argument("names", metavar="NAME...", nargs=-1, required=True)
json_option = click.option(
    "--json", "as_json", is_flag=True, callback=_noted, help="Print JSON, one object per line."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Do not show progress.")
restart_option = click.option(
    "--restart",
    is_flag=True,
    help="If a file changed since an interrupted run, upload it again from the start.",
)


def jobs_option(default: int) -> Callable[[Command], Command]:
    """Return the decorator for the option --jobs."""
    return click.option(
        "--jobs",
        "-j",
        type=click.IntRange(1, 256),
        default=default,
        show_default=True,
        envvar="MEDIA_JOBS",
        help="Maximum number of concurrent requests.",
    )


def global_options() -> list[click.Option]:
    """Create the options, with their environment variables. Their names are those of `Settings`."""
    return [
        click.Option(["--url"], envvar="MEDIA_URL", help="Address of the service."),
        click.Option(
            ["--profile"],
            metavar="NAME",
            envvar="MEDIA_PROFILE",
            callback=_profile,
            help="The account to use. `media login --profile NAME` adds one.",
        ),
        click.Option(
            ["--bandwidth"],
            metavar="RATE",
            envvar="MEDIA_BANDWIDTH",
            callback=_rate,
            help="Maximum bytes per second of all transfers together, such as 500k or 5M.",
        ),
        click.Option(
            ["--retries"],
            type=click.IntRange(0, 100),
            metavar="NUMBER",
            envvar="MEDIA_RETRIES",
            help="How often to repeat a request after a transient failure.",
        ),
        click.Option(
            ["--timeout"],
            type=click.IntRange(1, 86_400),
            metavar="SECONDS",
            envvar="MEDIA_TIMEOUT",
            help="How long to wait for a connection, and for the next bytes of a response.",
        ),
        click.Option(
            ["--ca-bundle"],
            type=click.Path(exists=True, dir_okay=False),
            envvar="MEDIA_CA_BUNDLE",
            help="A file with the certificates to trust.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            default=None,
            envvar="MEDIA_DEBUG",
            help="Print each request to stderr, without secrets.",
        ),
    ]


def settings(context: click.Context) -> Settings:
    """Return the settings that the options before the command's name give."""
    given = {name: value for name, value in context.params.items() if value is not None}
    source = ParameterSource.COMMANDLINE
    typed = {name for name in given if context.get_parameter_source(name) is source}
    return Settings(**given, typed=typed)


class Commands(click.Group):
    """A group whose commands also accept the global options.

    With --json, an error that ends a command is printed as a line of JSON as well.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """See `click.Group`."""
        try:
            return super().invoke(ctx)
        except MediaError as error:
            if ctx.meta.get(_AS_JSON) and not isinstance(error, OutputError):
                json_line({"error": error_fields(error)})
            raise

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, or a group of commands, with the global options."""
        super().add_command(cmd, name)
        for leaf in _leaves(cmd):
            _accept_global_options(leaf)


def _leaves(command: click.Command) -> Iterator[click.Command]:
    if not isinstance(command, click.Group):
        yield command
        return
    for inner in command.commands.values():
        yield from _leaves(inner)


def _accept_global_options(command: click.Command) -> None:
    own = {parameter.name for parameter in command.params}
    for option in global_options():
        if option.name not in own:
            # The group has read the environment already. Its help shows the options.
            option.envvar, option.hidden, option.expose_value = None, True, False
            option.callback = _overriding(option.callback)
            command.params.append(option)
    command.epilog = "`media --help` shows the options of all commands, such as --profile."


def _overriding(convert: Callback | None) -> Callback:
    """Return a callback that replaces the group's value of an option."""

    def override(context: click.Context, option: click.Parameter, value: Any) -> None:
        found = context.find_object(Context)
        if value is None or found is None or option.name is None:
            return
        setattr(found.settings, option.name, convert(context, option, value) if convert else value)
        found.settings.typed.add(option.name)

    return override
