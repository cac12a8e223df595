"""`uploads`: find uploads that should have been settled, and settle them."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from gql_api import operators
from gql_api.admin.command import Commands, add_command, add_group
from gql_api.admin.output import age_text, size_text
from gql_api.container import Container
from gql_api.services.stuck_uploads import StuckUpload, StuckUploads


def add_commands(commands: Commands) -> None:
    """Add `uploads stuck`."""
    uploads = add_group(commands, "uploads", summary="Inspect uploads of all users.")
    stuck = add_command(
        uploads,
        "stuck",
        _stuck,
        summary="List uploads whose check by the sweep is long overdue, and PENDING uploads whose "
        "bytes are all in the bucket.",
        example="python -m gql_api.admin uploads stuck --hours 6 --settle",
    )
    stuck.add_argument(
        "--hours",
        type=float,
        default=1,
        help="how long uploads must be overdue or waiting to be listed (default: 1)",
    )
    stuck.add_argument(
        "--limit", type=int, default=100, help="how many uploads of each kind (default: 100)"
    )
    stuck.add_argument(
        "--settle", action="store_true", help="settle each upload, or show what prevents it"
    )


async def _stuck(container: Container, arguments: argparse.Namespace) -> int:
    service = operators.administration(container).stuck_uploads
    found = await service.find(timedelta(hours=arguments.hours), arguments.limit)
    failed = 0
    for stuck in found:
        outcome = await _settled(service, stuck) if arguments.settle else ""
        failed += outcome.startswith("failed")
        print(_line(stuck), outcome, sep="  " if outcome else "")
    print(f"{len(found)} stuck uploads.", file=sys.stderr)
    return 1 if failed else 0


async def _settled(service: StuckUploads, stuck: StuckUpload) -> str:
    try:
        settlement = await service.settle(stuck)
    except Exception as error:
        # The operator wants to see what prevents each upload from being settled.
        return f"failed: {type(error).__name__}: {error}"
    missing = f", {len(settlement.missing)} parts missing" if settlement.missing else ""
    return f"settled: {settlement.upload.status.value}{missing}"


def _line(stuck: StuckUpload) -> str:
    upload = stuck.upload
    why = f"check overdue by {age_text(stuck.overdue)}" if stuck.overdue > timedelta() else ""
    bytes_in = "all bytes in the bucket" if stuck.complete else ""
    reasons = ", ".join(filter(None, (why, bytes_in)))
    return f"{upload.key}  {upload.status.value}  {size_text(upload.size_bytes)}  {reasons}"
