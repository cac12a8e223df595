"""`webhooks`: who is told about changes of uploads, with which secrets."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from gql_api import operators
from gql_api.admin import webhook_deliveries
from gql_api.admin.command import CommandError, Commands, Run, add_command, add_group, confirm
from gql_api.container import Container
from gql_api.domain.upload_events import UploadEventType
from gql_api.domain.webhook_sending import SendingFailed
from gql_api.domain.webhooks import Webhook, type_name

_ID = "01a2f3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b"
_URL = "https://hooks.example.com/uploads"
_HOURS_MAX = 7 * 24


def add_commands(commands: Commands) -> None:
    """Add the commands about webhooks and about their deliveries."""
    webhooks = add_group(
        commands, "webhooks", summary="Manage webhooks, and what was sent by them."
    )
    add = add_command(
        webhooks,
        "add",
        _add,
        summary="Add a webhook and print its signing secret, which is never shown again.",
        example=f"python -m gql_api.admin webhooks add {_URL} --events upload.stored",
    )
    add.add_argument("url", metavar="URL", help="where events are sent; it must be https")
    add.add_argument(
        "--events",
        nargs="+",
        metavar="TYPE",
        default=["*"],
        help=f"{', '.join(map(type_name, UploadEventType))}; default: '*', which is all",
    )
    add_command(
        webhooks,
        "list",
        _list,
        summary="List webhooks: id, state, URL and events.",
        example="python -m gql_api.admin webhooks list",
    )
    for name, run, summary in (
        ("enable", _enable, "Send to a webhook again that was disabled by an answer 410."),
        ("test", _test, "Send a message of the type webhook.test, and show the answer."),
    ):
        _add_named(webhooks, name, run, summary=summary)
    remove = _add_named(
        webhooks, "remove", _remove, summary="Remove a webhook, with all that waits for it."
    )
    remove.add_argument("--yes", action="store_true", help="do not ask")
    rotate = _add_named(
        webhooks,
        "rotate",
        _rotate,
        summary="Print a new signing secret; until the old one ends, both sign.",
    )
    rotate.add_argument(
        "--hours",
        type=_hours,
        default=24,
        help=f"how long the old secret still signs, up to {_HOURS_MAX} (default: 24)",
    )
    webhook_deliveries.add_commands(webhooks)


def _add_named(webhooks: Commands, name: str, run: Run, *, summary: str) -> argparse.ArgumentParser:
    example = f"python -m gql_api.admin webhooks {name} {_ID}"
    parser = add_command(webhooks, name, run, summary=summary, example=example)
    parser.add_argument("id", metavar="ID", help="the webhook's id, as `list` shows it")
    return parser


async def _add(container: Container, arguments: argparse.Namespace) -> int:
    administration = operators.administration(container).webhooks
    webhook = await administration.add(arguments.url, arguments.events)
    print(f"Added the webhook {webhook.id}. This is its signing secret:", file=sys.stderr)
    print(webhook.secrets[0].text)
    return 0


async def _list(container: Container, _arguments: argparse.Namespace) -> int:
    for webhook in await operators.administration(container).webhooks.list():
        state = "disabled" if webhook.disabled else "enabled"
        print(f"{webhook.id}  {state:8}  {webhook.url}  {_events(webhook)}")
        if webhook.disabled:
            print(f"{webhook.id}: {webhook.disabled}", file=sys.stderr)
    return 0


def _events(webhook: Webhook) -> str:
    every = len(webhook.events) == len(UploadEventType)
    return "*" if every else ",".join(sorted(map(type_name, webhook.events)))


async def _enable(container: Container, arguments: argparse.Namespace) -> int:
    await operators.administration(container).webhooks.enable(arguments.id)
    print(f"Enabled {arguments.id}.", file=sys.stderr)
    return 0


async def _remove(container: Container, arguments: argparse.Namespace) -> int:
    administration = operators.administration(container).webhooks
    webhook = await administration.get(arguments.id)
    confirm(f"This removes the webhook {webhook.url} and all of its deliveries.", arguments)
    await administration.remove(webhook.id)
    print(f"Removed {webhook.id}.", file=sys.stderr)
    return 0


async def _rotate(container: Container, arguments: argparse.Namespace) -> int:
    overlap = timedelta(hours=arguments.hours)
    administration = operators.administration(container).webhooks
    secret = await administration.rotate(arguments.id, overlap)
    print(
        f"The old secret also signs for {arguments.hours} hours. This is the new one:",
        file=sys.stderr,
    )
    print(secret.text)
    return 0


async def _test(container: Container, arguments: argparse.Namespace) -> int:
    administration = operators.administration(container).webhooks
    try:
        answer = await administration.try_out(arguments.id)
    except SendingFailed as error:
        raise CommandError(str(error)) from None
    print(f"The receiver answered {answer.status}.")
    return 0 if 200 <= answer.status < 300 else 1


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > _HOURS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours up to {_HOURS_MAX}")
    return int(text)
