"""The sweep: how many due records a run on AWS checks, and how many objects it lists.

    python -m benchmarks.sweep [--json] [--small]

It runs on the embedded MongoDB and S3 server, which share the machine with it. Listing is slow on
the embedded server, so LIST calls are answered in this process after the time that S3 would need.
The figures for a run assume a sweep that never runs out of work: it spends 60 % of its time on due
uploads and 40 % on the walk through the bucket.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from urllib3 import HTTPResponse

from benchmarks import servers
from benchmarks.report import Goal, Options, Report, main
from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.database import guarded
from gql_api.adapters.mongo.documents import to_document
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.bootstrap import build, utc_now
from gql_api.container import Container
from gql_api.domain.file_requests import FileRequest, draft
from gql_api.domain.ids import new_id
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.due_uploads import DueUploads
from gql_api.services.sweep_report import SweepReport
from gql_api.services.turns import Turn
from gql_api.settings import read_settings

RECORDS, OWNERS = 50_000, 200
SMALL = 3_000
RUN_SECONDS = 840 - 30  # The Lambda function's timeout, less its margin.
DUE_SHARE = 0.6
LIST_SECONDS = 0.2
DUE_GOAL, LISTED_GOAL = 50_000, 500_000
DATA = b"."
ETAG = f'"{hashlib.md5(DATA, usedforsecurity=False).hexdigest()}"'
TYPE = "text/plain"
_ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>media</Name>'
    "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>%s</ListBucketResult>"
)
_ENTRY = (
    "<Contents><Key>%s</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
    f"<ETag>{ETAG}</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>"
)


@dataclass(frozen=True)
class Speed:
    """The time that a number of records or objects took; `cpu_seconds` is that of this process."""

    count: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds


async def sweep(options: Options) -> Report:
    """Measure each kind of due record, then a walk through a bucket with as many objects."""
    count = SMALL if options.small else RECORDS
    async with servers.mongod() as url, servers.bucket() as gateway:
        environment = servers.settings(
            f"{url}&timeoutMS=60000",  # Loading thousands of records takes seconds.
            "sweep",
            **servers.storage_settings(gateway),
        )
        container = build(read_settings(environment))
        try:
            await container.preparation.prepare(lambda _line: None)
            owners = await _owners(container)
            kinds = {
                "abandoned: expire": UploadStatus.PENDING,
                "closed: look for late bytes": UploadStatus.EXPIRED,
                "deleted: remove the tombstone": UploadStatus.DELETED,
                "stored: compare again": UploadStatus.STORED,
            }
            due = {}
            for name, status in kinds.items():
                due[name] = await _due(container, _records(owners, status, count // len(kinds)))
                print(f"{name}: {due[name].per_second:.0f} per second", file=sys.stderr)
            quiet = [
                upload._replace(check_at=None)
                for upload in _records(owners, UploadStatus.STORED, count)
            ]
            await _insert(container, quiet)
            with _listed([upload.key for upload in quiet], container):
                walked = await _timed(count, lambda: container.maintenance.sweep(3600))
        finally:
            await container.close()
    return _report(due, walked)


async def _owners(container: Container) -> list[str]:
    owners = [new_id(utc_now()) for _ in range(OWNERS)]
    nothing = {"usage": {"bytes": 0, "uploads": 0}, "visible": {"uploads": 0, "exact": True}}
    await container.database["users"].insert_many(
        {"_id": owner, "username_folded": owner, **nothing} for owner in owners
    )
    return owners


def _records(owners: Sequence[str], status: UploadStatus, count: int) -> list[Upload]:
    """Return day-old uploads that are due."""
    request = FileRequest("a.txt", TYPE, len(DATA))
    policy = read_settings(servers.settings("mongodb://unused", "unused")).uploads
    then = utc_now() - timedelta(days=1)
    etag = ETAG if status is UploadStatus.STORED else None
    uploads = []
    for number in range(count):
        upload = draft(owners[number % len(owners)], request, policy, then)
        assert isinstance(upload, Upload)
        uploads.append(upload._replace(status=status, etag=etag, check_at=then))
    return uploads


async def _due(container: Container, uploads: list[Upload]) -> Speed:
    if uploads[0].status is UploadStatus.STORED:
        await _put(container, uploads)
    else:
        await _insert(container, uploads)
    database = container.database
    store = MongoUploads(database, MongoChanges(database), MongoUsage(database))
    due = DueUploads(
        reads=container.reads,
        uploads=guarded(store),
        settling=container.settling,
        media=container.media,
        deployment=container.deployment,
        clock=utc_now,
        policy=container.settings.uploads,
    )
    report = SweepReport()
    turn = Turn(float("inf"), time.monotonic)
    speed = await _timed(len(uploads), lambda: due.check(report, turn))
    assert (report.checked, report.failures) == (len(uploads), 0), report
    return speed


async def _put(container: Container, uploads: list[Upload]) -> None:
    """Insert stored uploads with their objects."""
    s3, bucket = container.bucket.client(), container.settings.s3_bucket

    def put(upload: Upload) -> None:
        s3.put_object(Bucket=bucket, Key=upload.key, Body=DATA, ContentType=TYPE)

    with ThreadPoolExecutor(16) as threads:
        await asyncio.to_thread(lambda: list(threads.map(put, uploads)))
    await _insert(container, uploads)


async def _insert(container: Container, uploads: Sequence[Upload]) -> None:
    for begin in range(0, len(uploads), 1000):
        documents = map(to_document, uploads[begin : begin + 1000])
        await container.database["uploads"].insert_many(documents)


@contextmanager
def _listed(keys: Sequence[str], container: Container) -> Iterator[None]:
    """Answer LIST calls with these keys, as S3 would, before they are sent."""
    keys = sorted(keys)

    def answer(request: Any, **_: object) -> AWSResponse:
        [after] = parse_qs(urlsplit(request.url).query).get("start-after", [""])
        time.sleep(LIST_SECONDS)
        begin = bisect_right(keys, after)
        body = _ANSWER % "".join(_ENTRY % key for key in keys[begin : begin + 1000])
        raw = HTTPResponse(BytesIO(body.encode()), preload_content=False)
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    events: Any = container.bucket.client().meta.events
    events.register("before-send.s3.ListObjectsV2", answer)
    yield
    events.unregister("before-send.s3.ListObjectsV2", answer)


async def _timed(count: int, work: Callable[[], Awaitable[object]]) -> Speed:
    began, cpu = time.monotonic(), time.process_time()
    await work()
    return Speed(count, time.monotonic() - began, time.process_time() - cpu)


def _report(due: Mapping[str, Speed], walked: Speed) -> Report:
    count = sum(speed.count for speed in due.values())
    report = Report("sweep", f"The sweep, {count:,} due records and {walked.count:,} objects")
    for name, speed in {**due, "objects of the bucket: look up": walked}.items():
        report.rows.append(
            {
                "what": name,
                "count": speed.count,
                "per second": speed.per_second,
                "processor ms each": 1000 * speed.cpu_seconds / speed.count,
            }
        )
    mean = count / sum(speed.seconds for speed in due.values())
    checks = mean * RUN_SECONDS * DUE_SHARE
    objects = walked.per_second * RUN_SECONDS * (1 - DUE_SHARE)
    report.goals += [
        Goal(f"{DUE_GOAL:,} due records per run", f"{checks:,.0f}", checks >= DUE_GOAL),
        Goal(f"{LISTED_GOAL:,} objects per run", f"{objects:,.0f}", objects >= LISTED_GOAL),
    ]
    report.notes.append(f"S3 is assumed to need {LIST_SECONDS} s for a page of 1,000 objects.")
    return report


if __name__ == "__main__":
    main(sweep)
