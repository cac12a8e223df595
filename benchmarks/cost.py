"""What uploads cost on AWS, computed from a model: `python -m benchmarks.cost`.

It needs no library and no account. docs/cost.md explains the model and shows these tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import prices
from benchmarks.scale_model import Assumptions
from gql_api.domain.parts import GIB, MIB, plan_parts

FILES_PER_MONTH = [10**power for power in range(3, 10)]
_MILLION = 1_000_000
_GB = 10**9
_HOURS = 730
_SINGLE_PART_MAX_BYTES = 16 * MIB

# What the model assumes beyond the model of scale. Durations are what Lambda bills: mostly waiting
# for MongoDB and S3.
SCALE = Assumptions()
S3_CALL_SECONDS = 0.025
SWEEP_SECONDS_PER_FILE = 0.0125
MEMORY_GB = 1769 / 1024
LOG_BYTES_PER_REQUEST = 1050  # The access log, and the request's own line with its metrics.
LOG_BYTES_PER_EVENT = 400
METRICS, ALARMS = 28, 32
SWEEPS_PER_MONTH = 4 * _HOURS
MONTHS_KEPT = 12
IDLE_POLLS_PER_MONTH = 650_000  # Five pollers wait 20 s each for an empty queue.
INSTANCE_GB_PER_HOUR = 90  # 50 MB/s at half load.
INSTANCES_LEAST = 2
# The media function. It reads less of a video than of a photo, but decodes several frames.
MEDIA_MEMORY_GB = 2
RENDITION_FILES = 3  # A thumbnail, a preview, and the facts.
RENDITION_BYTES = 200_000
LOG_BYTES_PER_MEDIA = 400
FIXED = ("sweep's listings", "metrics, alarms, dashboard, secret")


@dataclass(frozen=True, slots=True)
class Load:
    """Files per month, all of one size. `batch`: how many files a client requests at once."""

    files: int
    size_bytes: int
    batch: int = 1
    messages_per_batch: int = 1
    part_bytes: int | None = None

    @property
    def parts(self) -> int:
        """The number of parts per file; `part_bytes` replaces the service's own choice."""
        if self.part_bytes is not None:
            return math.ceil(self.size_bytes / self.part_bytes)
        return plan_parts(self.size_bytes, _SINGLE_PART_MAX_BYTES).count

    @property
    def api_requests(self) -> float:
        """API requests per file: request, complete, and one per 100 parts of a large file."""
        return 2 / self.batch + (math.ceil(self.parts / 100) if self.parts > 1 else 0)

    @property
    def s3_writes(self) -> int:
        """S3 write requests per file: one per part; a multipart upload also takes three others."""
        return self.parts + (3 if self.parts > 1 else 0)

    @property
    def s3_reads(self) -> int:
        """S3 read requests per file: one HEAD, of the object that was sent or assembled."""
        return 1

    @property
    def gigabytes(self) -> float:
        """Gigabytes uploaded per month."""
        return self.files * self.size_bytes / _GB


@dataclass(frozen=True, slots=True)
class Media:
    """What decoding one file takes: CPU time, and reads of the file."""

    cpu_seconds: float
    reads: int


PHOTO = Media(cpu_seconds=0.35, reads=3)  # A JPEG of 12 megapixels and 5 MB.
VIDEO = Media(cpu_seconds=0.7, reads=8)  # 1080p; the length does not matter.


def by_media_function(files: int, media: Media) -> dict[str, float]:
    """Return what deriving facts and renditions of `files` costs in US dollars, by item."""
    seconds = media.cpu_seconds + S3_CALL_SECONDS * (media.reads + RENDITION_FILES)
    # The service reads the facts and compares the size of each rendition.
    checks = RENDITION_FILES
    recorded = SCALE.event_seconds + S3_CALL_SECONDS * checks
    return {
        "Lambda, media function": files
        * (prices.LAMBDA_REQUEST.usd + seconds * MEDIA_MEMORY_GB * prices.LAMBDA_GB_SECOND.usd),
        "Lambda, recording the facts": files
        * (prices.LAMBDA_REQUEST.usd + recorded * MEMORY_GB * prices.LAMBDA_GB_SECOND.usd),
        "S3, reads": files * (media.reads + checks) * prices.S3_READ.usd,
        "S3, writes": files * RENDITION_FILES * prices.S3_WRITE.usd,
        # One message to the media function, and the event of its facts; and two more queues.
        "SQS": (files * 2 * 3 + 2 * IDLE_POLLS_PER_MONTH) * prices.SQS.usd,
        "logs": files * (LOG_BYTES_PER_MEDIA + LOG_BYTES_PER_EVENT) / _GB * prices.LOGS_GB.usd,
        "renditions, stored for a month": files * RENDITION_BYTES / _GB * prices.S3_GB_MONTH.usd,
    }


def by_this_service(load: Load) -> dict[str, float]:
    """Return what a month costs in US dollars, by item. See docs/cost.md for the formula."""
    files, events = load.files, load.files / load.messages_per_batch
    calls = load.s3_reads + (load.s3_writes - load.parts)
    seconds = files * (
        SCALE.api_seconds * load.api_requests
        + S3_CALL_SECONDS * calls
        + SCALE.event_seconds
        + SWEEP_SECONDS_PER_FILE
    )
    listed = min(SCALE.listed_per_run, MONTHS_KEPT * files) * SWEEPS_PER_MONTH
    log_bytes = files * (LOG_BYTES_PER_REQUEST * load.api_requests + LOG_BYTES_PER_EVENT)
    return {
        "S3, parts": files * load.parts * prices.S3_WRITE.usd,
        "S3, other requests": files * (load.s3_writes - load.parts) * prices.S3_WRITE.usd
        + files * load.s3_reads * prices.S3_READ.usd,
        "HTTP API": files * load.api_requests * prices.HTTP_API.usd,
        "CloudFront": files * load.api_requests * prices.CLOUDFRONT.usd,
        "Lambda": (files * load.api_requests + events) * prices.LAMBDA_REQUEST.usd
        + seconds * MEMORY_GB * prices.LAMBDA_GB_SECOND.usd,
        "SQS": (files + 2 * events + IDLE_POLLS_PER_MONTH) * prices.SQS.usd,
        "logs": log_bytes / _GB * prices.LOGS_GB.usd,
        "sweep's listings": math.ceil(listed / 1000) * prices.S3_WRITE.usd,
        "metrics, alarms, dashboard, secret": METRICS * prices.METRIC.usd
        + ALARMS * prices.ALARM.usd
        + prices.DASHBOARD.usd
        + prices.SECRET_AND_KEY.usd,
    }


def by_application_server(load: Load, *, nat: bool = False) -> dict[str, float]:
    """Return the same for uploads that pass through a load balancer and instances to S3."""
    hours = max(INSTANCES_LEAST * _HOURS, load.gigabytes / INSTANCE_GB_PER_HOUR)
    return {
        "S3": load.files * load.s3_writes * prices.S3_WRITE.usd,
        "load balancer": _HOURS * prices.ALB_HOUR.usd + load.gigabytes * prices.ALB_GB.usd,
        "instances": hours * prices.INSTANCE_HOUR.usd,
        "logs": load.files * LOG_BYTES_PER_REQUEST / _GB * prices.LOGS_GB.usd,
        **({"NAT gateway": load.gigabytes * prices.NAT_GB.usd} if nat else {}),
    }


def total(items: Mapping[str, float]) -> float:
    """Return the sum of all items."""
    return sum(items.values())


def growing(items: Mapping[str, float]) -> float:
    """Return the sum of the items that keep growing with the number of files."""
    return sum(usd for item, usd in items.items() if item not in FIXED)


def tables() -> list[str]:
    """Return all tables as Markdown, in the order of docs/cost.md."""
    return [_price_table(), _item_table(), _media_table(), _month_table(), _change_table()]


def _price_table() -> str:
    rows = [
        (name, _exact(price.usd), price.unit, f"{price.source}, {prices.AS_OF}")
        for name, price in prices.PRICES.items()
    ]
    return _table(("price", "US dollars", "per", "source and date"), rows)


def _item_table() -> str:
    kinds = [
        Load(_MILLION, MIB),
        Load(_MILLION, MIB, batch=100),
        Load(_MILLION, GIB),
    ]
    costs = [by_this_service(load) for load in kinds]
    rows = [(item, *(_usd(cost[item]) for cost in costs)) for item in costs[0]]
    rows.append(("what grows with the files", *(_usd(growing(cost)) for cost in costs)))
    return _table(("item", "1 MiB", "1 MiB, 100 per request", "1 GiB"), rows)


def _media_table() -> str:
    costs = [by_media_function(_MILLION, media) for media in (PHOTO, VIDEO)]
    rows = [(item, *(_usd(cost[item]) for cost in costs)) for item in costs[0]]
    rows.append(("total", *(_usd(total(cost)) for cost in costs)))
    return _table(("item", "a million photos", "a million videos"), rows)


def _month_table() -> str:
    rows = []
    for size_bytes, name in ((MIB, "1 MiB"), (GIB, "1 GiB")):
        for files in FILES_PER_MONTH:
            load = Load(files, size_bytes)
            costs = (
                by_this_service(load),
                by_application_server(load),
                by_application_server(load, nat=True),
            )
            rows.append((f"{files:,} × {name}", *(_usd(total(cost)) for cost in costs)))
    return _table(("uploads per month", "this service", "application server", "with NAT"), rows)


def _change_table() -> str:
    small, large = Load(_MILLION, MIB), Load(_MILLION, GIB)
    changes = [
        ("parts of 32 MiB, not 16", Load(_MILLION, GIB, part_bytes=16 * MIB), large),
        ("parts of 64 MiB, not 32", large, Load(_MILLION, GIB, part_bytes=64 * MIB)),
        ("100 files per request, not 1", small, Load(_MILLION, MIB, batch=100)),
        ("10 events per batch, not 1", small, Load(_MILLION, MIB, messages_per_batch=10)),
    ]
    rows = [
        (text, "1 GiB" if before.size_bytes == GIB else "1 MiB", *_change(before, after))
        for text, before, after in changes
    ]
    return _table(("change", "files", "before", "after"), rows)


def _change(before: Load, after: Load) -> tuple[str, str]:
    return _usd(growing(by_this_service(before))), _usd(growing(by_this_service(after)))


def _exact(usd: float) -> str:
    return f"{usd:.10f}".rstrip("0").rstrip(".")


def _usd(amount: float) -> str:
    return f"{amount:,.2f}" if amount < 1000 else f"{amount:,.0f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    print("\n".join(tables()))
