"""The behavior of a running stack."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from pymongo import AsyncMongoClient

from gql_api.adapters.mongo.deliveries import MongoDeliveries
from gql_api.adapters.mongo.webhooks import MongoWebhooks
from tests.adapters.media import samples
from tests.api import Api, Json, new_user, send
from tests.local.stack_process import LOOPBACK, WORKER, StackProcess
from tests.webhook_receiver import webhook_receiver
from tests.webhook_records import a_delivery, a_webhook

KILLED = "exited unexpectedly (signal SIGKILL)"


@pytest.fixture
async def api(running_stack: StackProcess) -> AsyncIterator[Api]:
    """A user of the running stack."""
    async with httpx.AsyncClient(
        base_url=running_stack.url, trust_env=False, timeout=60, verify=False
    ) as client:
        yield await new_user(client)


def test_is_healthy(running_stack: StackProcess) -> None:
    health = httpx.get(f"{running_stack.url}/health", trust_env=False, verify=False)

    assert health.status_code == 200
    assert health.json()["parts"] == {"database": True, "storage": True}


def test_the_line_to_paste_signs_up(running_stack: StackProcess) -> None:
    [line] = [line for line in running_stack.output.splitlines() if "curl " in line]

    answer = subprocess.run(line, shell=True, capture_output=True, check=True).stdout

    assert json.loads(answer)["data"]["signUp"]["accessToken"]


async def test_the_storage_event_alone_stores_an_upload(api: Api) -> None:
    upload = await api.request_and_send(b"a few bytes")

    async with asyncio.timeout(60):
        # The API sends no notifications, so poll.
        while (await _status(api, upload["id"])) == "PENDING":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await _status(api, upload["id"]) == "STORED"


async def test_restarts_servers_that_are_killed(running_stack: StackProcess, api: Api) -> None:
    before = await api.store(b"a few bytes")
    ports = (running_stack.data_directory / "ports.json").read_text()
    killed = running_stack.children()
    assert set(killed) == {"mongod", "juicefs", WORKER}

    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    running_stack.wait_until(lambda: running_stack.complaints.count(KILLED) == len(killed))

    after = await api.store(b"other bytes")
    for upload, data in ((before, b"a few bytes"), (after, b"other bytes")):
        download = await api.download(upload["id"])
        assert download is not None
        assert (await send(download)).content == data
    assert (running_stack.data_directory / "ports.json").read_text() == ports
    assert not set(running_stack.children().values()) & set(killed.values())
    await test_the_storage_event_alone_stores_an_upload(api)


PROCESSED = """query ($id: ID!) { upload(id: $id) {
  processing processingError media { width height camera hasLocation thumbhash }
  rendition(name: THUMBNAIL) { contentType width height size url }
} }"""


async def processed(api: Api, upload: Json) -> Json:
    """Return what is known of the upload once it has been processed."""
    async with asyncio.timeout(60):
        while True:
            found: Json = (await api.data(PROCESSED, id=upload["id"]))["upload"]
            if found["processing"] != "PENDING":
                return found
            await asyncio.sleep(0.1)


async def test_a_photo_is_processed(running_stack: StackProcess, api: Api) -> None:
    """It was taken with the phone on its side, and says where."""
    photo = samples.encoded(
        samples.stored(6), "JPEG", quality=95, exif=samples.exif(6, location=True)
    )
    upload = await api.store(photo, filename="photo.jpg", contentType="image/jpeg")

    found = await processed(api, upload)

    assert (found["processing"], found["processingError"]) == ("DONE", None)
    media, rendition = found["media"], found["rendition"]
    assert (media["width"], media["height"]) == (samples.WIDTH, samples.HEIGHT)
    assert media["hasLocation"]
    assert media["camera"] == "Phone Maker P1"
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(rendition["url"])
    assert answer.headers["content-type"] == rendition["contentType"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=3600, immutable"
    assert len(answer.content) == rendition["size"]
    shown = Image.open(io.BytesIO(answer.content))
    assert shown.size == (rendition["width"], rendition["height"])
    assert samples.red_corner(shown.convert("RGB")) == samples.UPPER_LEFT
    assert not shown.getexif()
    assert shown.info.keys().isdisjoint({"exif", "xmp", "icc_profile"})


@pytest.mark.parametrize(
    ("content_type", "data", "processing"),
    [
        ("text/plain", b"a few words", "NONE"),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NONE"),
        ("image/png", b"no picture at all", "FAILED"),
        ("image/jpeg", b"\xff\xd8\xff and no picture", "FAILED"),
    ],
)
async def test_other_files_are_not(
    api: Api, content_type: str, data: bytes, processing: str
) -> None:
    upload = await api.store(data, contentType=content_type)

    found = await processed(api, upload)

    assert (found["processing"], found["media"], found["rendition"]) == (processing, None, None)
    assert (found["processingError"] is not None) == (processing == "FAILED")


def test_its_worker_knows_no_secret_but_the_buckets(running_stack: StackProcess) -> None:
    secrets = json.loads((running_stack.data_directory / "secrets.json").read_text())
    [pid] = [pid for name, pid in running_stack.children().items() if name == WORKER]

    environment = Path(f"/proc/{pid}/environ").read_text()

    known = {name for name, secret in secrets.items() if secret in environment}
    assert known == {"s3_secret_access_key", "media_token"}
    assert "mongodb" not in environment
    log = (running_stack.data_directory / "media" / "worker.log").read_text()
    assert "The media worker is ready." in log
    assert not any(secret in log for secret in secrets.values())


async def test_it_serves_while_its_worker_is_away(running_stack: StackProcess, api: Api) -> None:
    before = running_stack.complaints.count(KILLED)
    [pid] = [pid for name, pid in running_stack.children().items() if name == WORKER]
    os.kill(pid, signal.SIGKILL)
    upload = await api.store(samples.encoded(samples.picture(), "PNG"), contentType="image/png")

    assert (await processed(api, upload))["processing"] == "DONE"

    assert running_stack.complaints.count(KILLED) == before + 1


async def test_webhooks_are_sent_to_this_machine(running_stack: StackProcess) -> None:
    url = (running_stack.data_directory / "database-url").read_text()
    async with AsyncMongoClient[dict[str, Any]](url) as client:
        database = client["media"]
        async with webhook_receiver() as receiver:
            webhook = a_webhook(receiver.url)
            assert await MongoWebhooks(database).insert(webhook)
            now = datetime.now(UTC)
            await MongoDeliveries(database).insert([a_delivery(webhook.id, at=now)])
            await receiver.until(1)
        await MongoWebhooks(database).delete(webhook.id)


def test_its_data_is_the_owners_alone(running_stack: StackProcess) -> None:
    directory = running_stack.data_directory
    others = [path for path in (directory, *directory.rglob("*")) if path.stat().st_mode & 0o077]

    assert others == []


def test_prints_no_secret(running_stack: StackProcess) -> None:
    secrets = json.loads((running_stack.data_directory / "secrets.json").read_text())
    printed = running_stack.output + running_stack.complaints

    assert [name for name, secret in secrets.items() if secret in printed] == []


def test_listens_on_the_loopback_interface_alone(running_stack: StackProcess) -> None:
    assert running_stack.listening() == {LOOPBACK}


def test_refuses_to_share_its_data(running_stack: StackProcess) -> None:
    second = StackProcess(running_stack.directory)

    assert second.wait() == 2
    assert f"in use by another stack (process {running_stack.process.pid})" in second.complaints
    assert "Traceback" not in second.complaints
    test_is_healthy(running_stack)


async def _status(api: Api, upload_id: str) -> str:
    upload = await api.upload(upload_id)
    assert upload is not None
    return str(upload["status"])
