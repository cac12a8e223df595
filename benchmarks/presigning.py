"""Presigned URLs per second, in process and through the API.

python -m benchmarks.presigning [--json] [--small]
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

import boto3
import httpx
from botocore.config import Config

from benchmarks import servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import SignedIn, file, graphql, sign_up
from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PARTS = 10_000
PASSES = 5
SELECTED = 1_000
PART_BYTES = 512 * 2**20
ROUNDS = 5
GOAL = 20
KEYS = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG"}
PARTS_QUERY = """
query Parts($id: ID!, $select: [PartInput!]!) {
  upload(id: $id) { transfer { parts(select: $select) { number url } } }
}
"""


async def presigning(options: Options) -> Report:
    """Compare our signing with boto3's, and sign a 10,000-part upload through the API."""
    report = Report("presigning", "Presigned URLs")
    ours, boto = _presigner(), _boto3()
    now = datetime.now(UTC)
    rates: dict[str, list[float]] = {}
    count = 2_000
    for _ in range(options.rounds(ROUNDS)):
        for name, sign, urls in (
            ("ours, objects", lambda: _objects(ours, now, count), count),
            ("ours, parts of an upload", lambda: _parts(ours, now, count), count),
            ("boto3, objects", lambda: _boto3_objects(boto, count // 4), count // 4),
            ("boto3, parts of an upload", lambda: _boto3_parts(boto, count // 4), count // 4),
        ):
            rates.setdefault(name, []).append(urls / _cpu_seconds(sign))
    for name, measured in rates.items():
        report.rows.append({"signed by": name, "URLs/s of CPU": median(measured)})
    for kind in ("objects", "parts of an upload"):
        mine, peer = median(rates[f"ours, {kind}"]), median(rates[f"boto3, {kind}"])
        report.goals.append(
            Goal(f"{GOAL} × boto3, {kind}", f"{mine / peer:.1f} ×", mine >= GOAL * peer)
        )
    cpu, seconds = await _through_the_api()
    report.rows.append({"signed by": f"the API, {PARTS:,} parts", "URLs/s of CPU": PARTS / cpu})
    ratio = PARTS / cpu / median(rates["boto3, parts of an upload"])
    report.goals.append(
        Goal(f"{GOAL} × boto3, parts through the API", f"{ratio:.1f} ×", ratio >= GOAL)
    )
    report.notes.append(
        f"{PARTS:,} parts in {PARTS // SELECTED} requests took {seconds:.2f} s, HTTP included."
    )
    return report


def _cpu_seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _presigner() -> S3Presigner:
    return S3Presigner(
        credentials=FixedCredentials(Credentials(**KEYS, session_token=None, expires_at=None)),
        session_token_seconds=900,
        region="eu-west-1",
        bucket="media",
        endpoint_url=None,
    )


def _objects(presigner: S3Presigner, now: datetime, count: int) -> None:
    for number in range(count):
        presigner.put_object(f"uploads/{number}", 1000, "image/jpeg", None, at=now, ttl_seconds=900)


def _parts(presigner: S3Presigner, now: datetime, count: int) -> None:
    parts = ((number, PART_BYTES, None) for number in range(1, count + 1))
    presigner.upload_parts("uploads/1", "an-upload", parts, at=now, ttl_seconds=900)


def _boto3() -> S3Client:
    return boto3.client(
        "s3",
        region_name="eu-west-1",
        aws_access_key_id=KEYS["access_key_id"],
        aws_secret_access_key=KEYS["secret_access_key"],
        config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    )


def _boto3_objects(s3: S3Client, count: int) -> None:
    for number in range(count):
        parameters = {"Bucket": "media", "Key": f"uploads/{number}", "ContentLength": 1000}
        s3.generate_presigned_url(
            "put_object", Params={**parameters, "ContentType": "image/jpeg"}, ExpiresIn=900
        )


def _boto3_parts(s3: S3Client, count: int) -> None:
    for number in range(1, count + 1):
        parameters = {"Bucket": "media", "Key": "uploads/1", "UploadId": "an-upload"}
        s3.generate_presigned_url(
            "upload_part",
            Params={**parameters, "PartNumber": number, "ContentLength": PART_BYTES},
            ExpiresIn=900,
        )


async def _through_the_api() -> tuple[float, float]:
    """Return the server's CPU seconds and the wall-clock seconds to sign all parts of an upload."""
    with servers.on_other_cores():
        async with servers.mongod() as url, servers.bucket() as gateway:
            environment = servers.settings(
                url,
                "bench",
                **servers.storage_settings(gateway),
                MAX_UPLOAD_BYTES=str(PARTS * PART_BYTES),
            )
            [user] = await sign_up(environment, 1)
            async with servers.app("benchmarks.service:app", environment) as app:
                return await _all_parts(app, user)


async def _all_parts(app: servers.App, user: SignedIn) -> tuple[float, float]:
    headers = {**user.headers, "Content-Type": "application/json"}
    base_url = f"http://127.0.0.1:{app.port}"
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as client:
        upload_id = await _request(client, PARTS * PART_BYTES)
        await _sign(client, upload_id, [1])  # Creates the multipart upload in the bucket.
        measured = [await _pass(app, client, upload_id) for _ in range(PASSES + 1)]
        # The first pass is discarded: it parses the document, which is then cached.
        cpu, seconds = zip(*measured[1:], strict=True)
        return median(cpu), median(seconds)


async def _pass(app: servers.App, client: httpx.AsyncClient, upload_id: str) -> tuple[float, float]:
    cpu, began = app.cpu_seconds(), time.perf_counter()
    for first in range(1, PARTS, SELECTED):
        numbers = list(range(first, first + SELECTED))
        assert len(await _sign(client, upload_id, numbers)) == SELECTED
    return app.cpu_seconds() - cpu, time.perf_counter() - began


async def _request(client: httpx.AsyncClient, size_bytes: int) -> str:
    query = (
        "mutation M($input: RequestUploadInput!) { requestUpload(input: $input) {"
        " ... on UploadTicket { upload { id transfer { partCount } } } } }"
    )
    answer = await client.post(
        "/graphql", content=graphql(query, {"input": file(1, size_bytes)}), timeout=60
    )
    upload = answer.json()["data"]["requestUpload"]["upload"]
    assert upload["transfer"]["partCount"] == PARTS, upload
    return str(upload["id"])


async def _sign(client: httpx.AsyncClient, upload_id: str, numbers: list[int]) -> list[object]:
    variables: dict[str, object] = {
        "id": upload_id,
        "select": [{"number": number} for number in numbers],
    }
    answer = await client.post("/graphql", content=graphql(PARTS_QUERY, variables), timeout=60)
    parts = json.loads(answer.content)["data"]["upload"]["transfer"]["parts"]
    assert isinstance(parts, list)
    return parts


if __name__ == "__main__":
    main(presigning)
