"""Scale: a large file, many files, and a bucket that restarts.

`make soak` sets SCALE_FACTOR to 16: a file of 8 GiB, and 5,600 files.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media, sign_up
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.service import PROJECT, Service, free_port, wait_until

from media_client import UploadFilter, UploadOrderField, UploadStatus

MIB = 1024 * 1024
_FACTOR = int(os.environ.get("SCALE_FACTOR", "1"))
LARGE_BYTES = _FACTOR * 512 * MIB
MANY = _FACTOR * 350
_MARK = b"near the end"
_MARK_AT = LARGE_BYTES - 100 * MIB + 7


def test_a_large_sparse_file(media: Media) -> None:
    """Every part is stored at its offset, and memory use stays below 100 MiB."""
    path = media.files / "sparse.bin"
    with path.open("wb") as file:
        file.truncate(LARGE_BYTES)
        file.seek(_MARK_AT)
        file.write(_MARK)
    process = media.start("upload", "sparse.bin")
    peak = Peak(process.pid)
    stdout, stderr = process.communicate(timeout=_FACTOR * 100)
    assert process.returncode == 0, stderr
    assert 0 < peak.kib() < 100 * 1024
    with media.account.client() as client:
        upload = client.get_upload(stdout.split("\t")[0])
        try:
            assert (upload.status, upload.size) == ("STORED", LARGE_BYTES)
            request = client.download_request(upload.id)
            assert request
            end = _MARK_AT + len(_MARK) + 10
            wanted = {"Range": f"bytes={_MARK_AT - 7}-{end}"}
            assert _get(request.url, wanted) == bytes(7) + _MARK + bytes(11)
        finally:
            client.delete_upload(upload.id)


class Peak:
    """The peak memory use of a process, from VmHWM in /proc.

    `wait4` is unsuitable: it reports at least the peak of the process that forked the child.
    """

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._most = 0
        self._watching = threading.Thread(target=self._watch)
        self._watching.start()

    def kib(self) -> int:
        """Wait for the process to end, and return its peak in KiB."""
        self._watching.join()
        return self._most

    def _watch(self) -> None:
        while True:
            try:
                found = re.search(r"^VmHWM:\s+(\d+) kB", self._status.read_text(), re.MULTILINE)
            except OSError:
                return
            if found is None:
                return
            self._most = int(found[1])
            time.sleep(0.05)


def _get(url: str, headers: dict[str, str]) -> bytes:
    from media_client.http.pool import Pool

    pool = Pool()
    try:
        response, body = pool.request("GET", url, list(headers.items()))
        assert response.status == 206
        return body
    finally:
        pool.close()


def test_many_small_files_killed_and_run_again(media: Media, tag: str) -> None:
    """Each file is stored exactly once, regardless of what was sent before the kill.

    350 files fill several batches of requests, completions and pages of the list.
    """
    folder = media.files / "many"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number:04}.txt").write_bytes(b"%d" % number)
    process = media.start("upload", "-r", "many", "--tag", tag)
    assert process.stdout
    for _ in range(MANY // 5):
        assert process.stdout.readline()
    process.kill()
    process.communicate()
    result = media("upload", "-r", "many", "--tag", tag)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert len(lines) == MANY
    with media.account.client() as client:
        uploads = list(client.uploads(UploadFilter(tags=[tag]), order_by=UploadOrderField.FILENAME))
    assert [upload.filename for upload in uploads] == [
        f"many/{number:04}.txt" for number in reversed(range(MANY))
    ]
    assert {upload.status for upload in uploads} == {"STORED"}
    assert {line.split("\t")[0] for line in lines} == {upload.id for upload in uploads}


def test_a_file_in_the_trash_is_uploaded_again(media: Media, tag: str) -> None:
    """The interrupted run had stored some of the files; their owner has thrown them away since."""
    folder = media.files / "thrown"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:04}.txt").write_bytes(b"%d" % number)
    process = media.start("upload", "-r", "thrown", "--tag", tag)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()
    with media.account.client() as client:
        before = [
            upload.id
            for upload in client.uploads(UploadFilter(status=[UploadStatus.STORED], tags=[tag]))
        ]
        client.trash_uploads(before)
        result = media("upload", "-r", "thrown", "--tag", tag)
        assert result.returncode == 0, result.stderr
        found = list(client.uploads(UploadFilter(tags=[tag])))
    assert len({upload.filename for upload in found if upload.status == "STORED"}) == 60
    assert not {upload.id for upload in found} & {*before}


# ---------------------------------------------------------------- a bucket that restarts

_GATEWAY = """
import asyncio, sys
from pathlib import Path
from local.gateway import Gateway, KeyPair, Webhook

async def main() -> None:
    keys, hook = KeyPair("local", sys.argv[3]), Webhook("http://127.0.0.1:9/", "token")
    gateway = Gateway(Path(sys.argv[1]), int(sys.argv[2]), keys, hook)
    await gateway.start()
    await gateway.ready()
    try:
        gateway.client().create_bucket(Bucket="media")
    except Exception as error:
        if "BucketAlreadyOwnedByYou" not in str(error):
            raise
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await gateway.stop()

asyncio.run(main())
"""


class Bucket:
    """A separate S3 server that can be restarted."""

    def __init__(self, directory: Path, secret: str) -> None:
        directory.mkdir()
        self.port = free_port()
        self._command = [
            *(sys.executable, "-c", _GATEWAY, str(directory), str(self.port), secret),
        ]
        self.start()

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def stop(self) -> None:
        """Stop the server."""
        self._process.communicate()


@pytest.fixture
def bucket(service: Service, tmp_path: Path) -> Iterator[Bucket]:
    secret = service.behind("", "")["AWS_SECRET_ACCESS_KEY"]
    bucket = Bucket(tmp_path / "bucket", secret)
    yield bucket
    bucket.stop()


@pytest.fixture
def restarting(
    service: Service, bucket: Bucket, tmp_path: Path
) -> Iterator[tuple[Account, FaultProxy]]:
    """A user of a service whose bucket is `bucket`, behind a proxy that counts bytes."""
    proxy = FaultProxy(bucket.port)
    settings = service.behind(f"http://127.0.0.1:{bucket.port}", proxy.url)
    other = Service(tmp_path / "other", settings)
    try:
        yield sign_up(other.running().url), proxy
    finally:
        other.stop()
        proxy.close()


def test_the_bucket_restarts_during_an_upload(
    restarting: tuple[Account, FaultProxy], bucket: Bucket, tmp_path: Path
) -> None:
    account, proxy = restarting
    (tmp_path / "home").mkdir()
    media = Media(account, tmp_path / "home")
    path = media.write("film.bin", 96 * MIB)
    proxy.hold_after = 40 * MIB
    process = media.start("upload", "film.bin")
    wait_until(lambda: proxy.received >= 40 * MIB)
    bucket.stop()
    restart = threading.Timer(1.5, bucket.start)
    restart.start()
    proxy.hold_after = None
    stdout, stderr = process.communicate(timeout=120)
    restart.join()
    assert process.returncode == 0, stderr
    with account.client() as client:
        fetched = client.download_file(stdout.split("\t")[0], tmp_path / "fetched")
    with fetched.open("rb") as one, path.open("rb") as other:
        assert (
            hashlib.file_digest(one, "sha256").digest()
            == hashlib.file_digest(other, "sha256").digest()
        )
