"""What a command of `python -m gql_api.admin` is made of."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from gql_api.container import Container
from gql_api.domain.accounts import Identity

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What `add_subparsers` returns; the class exists at run time under a private name only."""

Run = Callable[[Container, argparse.Namespace], Awaitable[int]]
"""Carries out a command and returns the exit status. Results go to stdout, progress to stderr."""


class CommandError(Exception):
    """The command cannot be carried out; the message says why and what would be right."""


def tell(line: str) -> None:
    """Show a line of progress."""
    print(line, file=sys.stderr, flush=True)


def add_command(
    commands: Commands, name: str, run: Run, *, summary: str, example: str
) -> argparse.ArgumentParser:
    """Add a command and return its parser, for further arguments.

    `summary` is one imperative sentence; `example` is a complete command line.
    """
    parser = commands.add_parser(
        name, help=summary, description=summary, epilog=f"Example: {example}"
    )
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Commands, name: str, *, summary: str) -> Commands:
    """Add a command that has subcommands, and return the object to add them to."""
    parser = commands.add_parser(name, help=summary, description=summary)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_issuer(parser: argparse.ArgumentParser) -> None:
    """Let the user be named by the subject at an issuer; see `user_named`."""
    parser.add_argument(
        "--issuer",
        help="NAME is the user's id at this OpenID Connect issuer, or at `act-as`",
    )


def user_named(arguments: argparse.Namespace) -> str | Identity:
    """Return the username, or the identity if there is an issuer."""
    name: str = arguments.name
    return name if arguments.issuer is None else Identity(arguments.issuer, name)


def confirm(warning: str, arguments: argparse.Namespace) -> None:
    """Print what will happen, and ask whether to continue unless `--yes` was given.

    Raises:
        CommandError: the answer is not "yes".
    """
    print(warning, file=sys.stderr)
    if arguments.yes:
        return
    print("Type yes to continue: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != "yes":
        raise CommandError("Nothing was changed.")
