"""`webhooks deliveries`, `redeliver` and `replay`: what was sent, and what is sent again."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from gql_api import operators
from gql_api.admin.command import CommandError, Commands, add_command
from gql_api.container import Container
from gql_api.domain.deliveries import DELIVERED_KEPT, Delivery, DeliveryState

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def add_commands(webhooks: Commands) -> None:
    """Add `deliveries`, `redeliver` and `replay` to the group of webhooks."""
    listing = add_command(
        webhooks,
        "deliveries",
        _list,
        summary="List deliveries, the latest change first: id, time of the change, state, "
        "attempts, type, and why the last attempt failed.",
        example="python -m gql_api.admin webhooks deliveries --dead --limit 100",
    )
    states = listing.add_mutually_exclusive_group()
    for state, text in (
        (DeliveryState.DEAD, "only those that were given up after three days"),
        (DeliveryState.PENDING, "only those that wait for their next attempt"),
    ):
        states.add_argument(
            f"--{state.value.lower()}",
            action="store_const",
            const=[state],
            dest="states",
            help=text,
        )
    listing.set_defaults(states=list(DeliveryState))
    listing.add_argument("--limit", type=int, default=20, help="how many (default: 20)")
    redeliver = add_command(
        webhooks,
        "redeliver",
        _redeliver,
        summary="Send deliveries again, under the same ids; those that wait are sent at once.",
        example="python -m gql_api.admin webhooks redeliver --dead",
    )
    redeliver.add_argument("ids", metavar="ID", nargs="*", help="as `deliveries` shows them")
    chosen = redeliver.add_mutually_exclusive_group()
    chosen.add_argument("--dead", action="store_true", help="all that were given up")
    chosen.add_argument("--pending", action="store_true", help="at once, all that wait")
    replay = add_command(
        webhooks,
        "replay",
        _replay,
        summary="Send again all changes since a time that were delivered or given up, in their "
        f"order and under the same ids. Deliveries are kept for {DELIVERED_KEPT.days} days.",
        example="python -m gql_api.admin webhooks replay --since 2030-01-31T12:00:00Z",
    )
    replay.add_argument("--since", metavar="TIME", type=_time, required=True, help="with its zone")
    for command in (listing, redeliver, replay):
        command.add_argument("--webhook", metavar="ID", help="only this webhook's (default: all)")


async def _list(container: Container, arguments: argparse.Namespace) -> int:
    deliveries = await operators.administration(container).webhooks.deliveries(
        arguments.states, arguments.webhook, arguments.limit
    )
    for delivery in deliveries:
        print(_row(delivery))
    return 0


def _row(delivery: Delivery) -> str:
    state, error = delivery.state.value.lower(), delivery.error
    columns = (f"{delivery.at:{_TIME}}", f"{state:9}", f"{delivery.attempts:3}", delivery.type)
    if delivery.state is DeliveryState.PENDING and error:
        error = f"{error} Next attempt: {delivery.next_at:{_TIME}}"
    return "  ".join((delivery.id, *columns, *([error] if error else [])))


async def _redeliver(container: Container, arguments: argparse.Namespace) -> int:
    administration = operators.administration(container).webhooks
    if bool(arguments.ids) == (arguments.dead or arguments.pending) or (
        arguments.ids and arguments.webhook
    ):
        raise CommandError(
            "Name either the ids of deliveries, or --dead or --pending, with or without --webhook."
        )
    if not arguments.ids:
        send = administration.redeliver_dead if arguments.dead else administration.hurry
        print(f"{await send(arguments.webhook)} are sent again.")
        return 0
    found = await administration.redeliver(arguments.ids)
    print(f"{found} are sent again.")
    if missing := len(set(arguments.ids)) - found:
        print(f"{missing} do not exist.", file=sys.stderr)
    return 1 if missing else 0


async def _replay(container: Container, arguments: argparse.Namespace) -> int:
    administration = operators.administration(container).webhooks
    print(f"{await administration.replay(arguments.since, arguments.webhook)} are sent again.")
    return 0


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time with a time zone, such as 2030-01-31T12:00:00Z"
        )
    return at
