"""How soon changes are reported, and what reporting them costs.

    python -m benchmarks.changes [--json] [--small]

The lag is measured on the whole local stack: from sending completeUpload until the webhook's
receiver has the event, and until a program that reads `changes` has the upload. The cost is
measured in the Lambda handler, which records the event and leaves sending it to others.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

import httpx

from benchmarks import servers
from benchmarks.media.library import Library
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import record_uploads, sign_up
from benchmarks.warm_calls import Plan
from benchmarks.warm_request import COMPLETE, rows_of, run, send_objects
from gql_api import bootstrap, operators
from gql_api.settings import read_settings
from local.child import ChildStack
from tests.webhook_receiver import WebhookReceiver, webhook_receiver

FILES, SMALL_FILES = 300, 60
INTERVAL_SECONDS = 0.1
CALLS = 100
ROUNDS, SMALL_ROUNDS = 5, 3
P95_SECONDS_MOST = 1.0
COST_MOST = 0.05
# A service without webhooks looks for the first one every ten seconds.
FIRST_WEBHOOK_SECONDS = 10
_DEADLINE_SECONDS = 60


async def changes(options: Options) -> Sequence[Report]:
    """Measure the lag of webhooks and of the feed, then the cost of completeUpload."""
    return [await _lag(SMALL_FILES if options.small else FILES), await _cost(options)]


async def _lag(count: int) -> Report:
    with tempfile.TemporaryDirectory(prefix="bench-changes-") as name:
        stack = ChildStack(Path(name) / "stack", {"MEDIA_PROCESSING": "false"})
        try:
            stack.wait_until_running()
            async with webhook_receiver() as receiver, httpx.AsyncClient(timeout=60) as client:
                _add_webhook(Path(name) / "stack", receiver.url)
                await asyncio.sleep(FIRST_WEBHOOK_SECONDS)
                library = Library(client, stack.url)
                await library.sign_up()
                return await _lag_report(library, receiver, count)
        except BaseException:
            print(stack.log()[-4000:], file=sys.stderr)
            raise
        finally:
            stack.stop()


def _add_webhook(directory: Path, url: str) -> None:
    """Add a webhook as an operator does."""
    events = ("--events", "upload.stored")
    subprocess.run(
        (sys.executable, "-m", "local.admin", "webhooks", "add", url, *events),
        cwd=directory,
        env={"PYTHONPATH": str(servers.ROOT), "DATA_DIR": "data", "PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


async def _lag_report(library: Library, receiver: WebhookReceiver, count: int) -> Report:
    completed_at: dict[str, float] = {}
    received_at: dict[str, float] = {}
    listed_at: dict[str, float] = {}

    async def arrive(number: int) -> None:
        await asyncio.sleep(number * INTERVAL_SECONDS)
        upload_id, at = await library.send(b"x" * 1000, number)
        completed_at[upload_id] = at

    async def watch_webhooks() -> None:
        for number in range(count):
            await receiver.until(number + 1)
            upload = receiver.received[number].payload["data"]["upload"]
            received_at[upload["id"]] = time.perf_counter()

    async with asyncio.timeout(count * INTERVAL_SECONDS + _DEADLINE_SECONDS):
        await asyncio.gather(
            *(arrive(number) for number in range(count)),
            watch_webhooks(),
            library.follow(listed_at, count),
        )
    report = Report("changes", "From completeUpload to those who wait for it")
    for what, at in (("a webhook's receiver", received_at), ("a reader of changes", listed_at)):
        seconds = [at[upload_id] - began for upload_id, began in completed_at.items()]
        p95 = quantiles(seconds, n=20, method="inclusive")[-1]
        report.rows.append({"to": what, "p50 ms": median(seconds) * 1000, "p95 ms": p95 * 1000})
        report.goals.append(
            Goal(
                f"at most {P95_SECONDS_MOST:g} s",
                f"{p95:.2f} s",
                p95 <= P95_SECONDS_MOST,
                f"from completeUpload to {what}, p95",
            )
        )
    report.notes.append(f"{count} files, ten per second; the reader asks again after 50 ms.")
    return report


async def _cost(options: Options) -> Report:
    """Compare completeUpload with a webhook and without, in alternating rounds."""
    rounds = SMALL_ROUNDS if options.small else ROUNDS
    with servers.on_other_cores():
        async with servers.mongod() as url, servers.bucket() as gateway:
            plans = []
            for has_webhook in (False, True):
                environment = servers.settings(
                    url,
                    f"bench-{has_webhook}",
                    **servers.storage_settings(gateway),
                    WEBHOOK_QUEUE_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/webhooks",
                )
                [user] = await sign_up(environment, 1)
                if has_webhook:
                    await _insert_webhook(environment)
                uploads = await record_uploads(environment, [user], CALLS)
                await send_objects(gateway, uploads)
                rows = rows_of(user, [upload.id for upload in uploads], CALLS)
                plan = Plan(rounds=3, rows=[row for row in rows if row["name"] == COMPLETE])
                plans.append((plan, environment))
            milliseconds: list[list[float]] = [[], []]
            for _ in range(rounds):
                for (plan, environment), measured in zip(plans, milliseconds, strict=True):
                    it = (await run(plan, environment))[COMPLETE]
                    measured.append(median(it["service_ms"]))
    return _cost_report(*milliseconds)


async def _insert_webhook(environment: Mapping[str, str]) -> None:
    container = bootstrap.build(read_settings(environment))
    try:
        webhooks = operators.administration(container).webhooks
        await webhooks.add("https://hooks.example.com/", ["*"])
    finally:
        await container.close()


def _cost_report(without: Sequence[float], with_webhook: Sequence[float]) -> Report:
    cost = median(b / a for a, b in zip(without, with_webhook, strict=True)) - 1
    report = Report("changes", "What a webhook costs a warm completeUpload")
    report.rows.append(
        {
            "without, CPU ms": median(without),
            "with a webhook, CPU ms": median(with_webhook),
            "cost": f"{cost:+.1%}",
        }
    )
    report.goals.append(
        Goal(
            f"at most {COST_MOST:.0%}",
            f"{cost:+.1%}",
            cost <= COST_MOST,
            "cost of a webhook to warm completeUpload, Lambda handler",
        )
    )
    return report


if __name__ == "__main__":
    main(changes)
