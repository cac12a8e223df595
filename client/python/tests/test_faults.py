"""Interrupted transfers resume without resending parts, and the stored bytes are correct."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from client.python.tests.conftest import Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.service import wait_until

MIB = 1024 * 1024
PART = 16 * MIB
PARTS = 4


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _assert_stored(media: Media, result: subprocess.CompletedProcess[str], path: Path) -> None:
    """Assert that the upload that the command printed has the bytes of the file."""
    assert result.returncode == 0, result.stderr
    upload_id, _, name = result.stdout.rstrip("\n").partition("\t")
    assert name == path.name
    with media.account.client() as client:
        upload = client.get_upload(upload_id)
        assert upload.status == "STORED"
        copy = client.download_file(upload_id, media.home / "copy")
        assert _digest(copy) == _digest(path)
        copy.unlink()
        client.delete_upload(upload_id)


@pytest.mark.parametrize("finished", range(PARTS))
def test_killed_at_each_part_and_run_again(
    far_media: Media, proxy: FaultProxy, finished: int
) -> None:
    path = far_media.write("film.bin", PARTS * PART, seed=finished)
    proxy.hold_after = finished * PART + MIB
    process = far_media.start("upload", "film.bin", "--jobs", "1")
    wait_until(lambda: proxy.received >= finished * PART + MIB)
    process.kill()
    process.communicate()
    proxy.let_go()
    result = far_media("upload", "film.bin")
    rest = (PARTS - finished) * PART
    assert rest <= proxy.received < rest + MIB
    _assert_stored(far_media, result, path)
    assert list((far_media.home / "state/media/uploads").iterdir()) == []


def test_stopped_by_ctrl_c_and_resumed(far_media: Media, proxy: FaultProxy) -> None:
    path = far_media.write("film.bin", PARTS * PART)
    proxy.hold_after = 2 * PART + MIB
    process = far_media.start("upload", "film.bin", "--jobs", "1")
    wait_until(lambda: proxy.received >= 2 * PART + MIB)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr == "media: The transfer was stopped. Run `media resume` to continue it.\n"
    proxy.let_go()
    listed = far_media("resume", "--list")
    assert listed.stdout.split("\t")[1:] == ["64.0 MiB", f"{path}\n"]
    [entry] = map(json.loads, far_media("resume", "--list", "--json").stdout.splitlines())
    assert entry == {"id": listed.stdout.split("\t")[0], "size": PARTS * PART, "path": str(path)}
    result = far_media("resume")
    assert proxy.received < 2 * PART + MIB
    _assert_stored(far_media, result, path)
    assert far_media("resume", "--list").stdout == ""


def test_a_file_that_changed_since_the_interruption_needs_restart(
    far_media: Media, proxy: FaultProxy
) -> None:
    path = far_media.write("film.bin", PARTS * PART)
    proxy.hold_after = PART + MIB
    process = far_media.start("upload", "film.bin", "--jobs", "1")
    wait_until(lambda: proxy.received >= PART + MIB)
    process.kill()
    process.communicate()
    proxy.let_go()
    far_media.write("film.bin", PARTS * PART, seed=1)
    refused = far_media("upload", "film.bin")
    assert refused.returncode == 6
    assert refused.stderr == (
        "media: film.bin changed since its upload was interrupted. "
        "--restart discards what was sent and uploads the file as it is now.\n"
    )
    assert proxy.received == 0
    _assert_stored(far_media, far_media("upload", "film.bin", "--restart"), path)


def test_connections_that_are_cut(far_media: Media, proxy: FaultProxy) -> None:
    path = far_media.write("film.bin", PARTS * PART)
    proxy.cut_each_after, proxy.cuts_left = 5 * MIB, 6
    result = far_media("upload", "film.bin")
    assert proxy.cuts_left == 0
    _assert_stored(far_media, result, path)


def test_a_bucket_that_asks_to_slow_down(far_media: Media, proxy: FaultProxy) -> None:
    path = far_media.write("film.bin", PARTS * PART)
    proxy.refusals_left = 5
    result = far_media("upload", "film.bin")
    assert proxy.refused == 5
    _assert_stored(far_media, result, path)


def test_a_slow_line(far_media: Media, proxy: FaultProxy) -> None:
    path = far_media.write("film.bin", 2 * PART)
    proxy.bytes_per_second = 20 * MIB
    _assert_stored(far_media, far_media("upload", "film.bin", "--checksum"), path)


def test_retries_of_an_unavailable_bucket_can_be_interrupted(
    far_media: Media, proxy: FaultProxy
) -> None:
    far_media.write("small.txt")
    proxy.refusals_left = 10_000
    process = far_media.start("upload", "small.txt")
    wait_until(lambda: proxy.refused >= 3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143


def test_a_killed_download_resumes(far_media: Media, proxy: FaultProxy) -> None:
    path = far_media.write("film.bin", PARTS * PART)
    upload_id = far_media("upload", "film.bin").stdout.split("\t")[0]
    folder = far_media.home / "down"
    folder.mkdir()
    proxy.reset()
    process = far_media.start("download", upload_id, "-o", str(folder), "--jobs", "1")
    partial = folder / f".film.bin.{upload_id}.part"
    size = PARTS * PART
    wait_until(lambda: partial.exists() and partial.stat().st_size > size)  # Marks a range.
    process.kill()
    process.communicate()
    result = far_media("download", upload_id, "-o", str(folder))
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{folder / 'film.bin'}\n"
    assert _digest(folder / "film.bin") == _digest(path)
    assert os.listdir(folder) == ["film.bin"]
    shutil.rmtree(folder)
    with far_media.account.client() as client:
        client.delete_upload(upload_id)
