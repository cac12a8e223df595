"""One process begins an upload and another one finishes it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sys
from pathlib import Path

import httpx

from tests.api import Api, send

MIB = 1024 * 1024
SIZE = 97 * MIB
SCRIPT = Path(__file__).with_name("resume.py")


async def test_a_new_process_sends_only_what_is_missing(
    api: Api, server_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "film.mp4"
    with file.open("wb") as target:
        for megabyte in range(SIZE // MIB):
            target.write(random.Random(megabyte).randbytes(MIB))
    upload = (await api.request_upload(SIZE, "film.mp4", "video/mp4"))["upload"]
    parts = upload["transfer"]["parts"]
    assert len(parts) == 7
    with file.open("rb") as source:
        for part in parts[:3]:
            source.seek(part["offset"])
            assert (await send(part, source.read(part["size"]))).status_code == 200

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        f"{server_url}/graphql",
        upload["id"],
        str(file),
        env={"MEDIA_TOKEN": api.token or ""},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert json.loads(output) == {"sent": [4, 5, 6, 7], "status": "STORED"}

    request = await api.download(upload["id"])
    assert request is not None
    digest = hashlib.sha256()
    async with (
        httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as bucket,
        bucket.stream("GET", request["url"]) as response,
    ):
        async for chunk in response.aiter_raw():
            digest.update(chunk)
    with file.open("rb") as source:
        assert hashlib.file_digest(source, "sha256").digest() == digest.digest()
