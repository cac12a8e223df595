"""Checksums: CRC-64/NVME where service and machine support it, else SHA-256."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media, account_of
from client.python.tests.service import Service
from local.gateway import REGION, KeyPair
from tests.stores.computing import ComputingStore, crc64nvme_of

from media_client.errors import SourceChanged, Stopped
from media_client.transfer import checksums
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.progress import Silent

MIB = 1024 * 1024
CHUNK = bytes(range(256)) * 4096


@dataclass(slots=True)
class Bucket:
    """The S3 server of the tests' service."""

    endpoint_url: str
    keys: KeyPair
    region: str = REGION


@pytest.fixture(scope="module")
def store(service: Service) -> Iterator[ComputingStore]:
    """A store that computes the CRC-64/NVME of whole objects."""
    keys = KeyPair("local", service.secret_access_key)
    store = ComputingStore(Bucket(service.address("Bucket"), keys))
    store.start()
    yield store
    store.stop()


@pytest.fixture(scope="module")
def checked(
    service: Service, store: ComputingStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Account]:
    """A user of a service on this store."""
    settings = service.behind(store.endpoint_url, store.endpoint_url)
    with account_of(Service(tmp_path_factory.mktemp("checked") / "checked", settings)) as account:
        yield account


@pytest.fixture
def without_awscrt(tmp_path: Path) -> str:
    """A value of PYTHONPATH with which awscrt cannot be imported."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "awscrt.py").write_text("raise ImportError")
    return str(tmp_path / "hidden")


def test_a_file_in_several_parts_is_verified_unread(
    checked: Account, store: ComputingStore, tmp_path: Path, without_awscrt: str
) -> None:
    media = Media(checked, tmp_path)
    path = media.files / "film.bin"
    path.write_bytes(CHUNK * 20)
    store.bytes_read = 0
    result = media("upload", "film.bin", "--checksum")
    assert (result.returncode, result.stderr) == (0, "")
    assert store.bytes_read == 0
    id = result.stdout.partition("\t")[0]
    shown = json.loads(media("info", id, "--json").stdout)
    expected = ("CRC64NVME", crc64nvme_of([CHUNK] * 20), "STORED")
    assert (shown["checksumAlgorithm"], shown["checksum"], shown["status"]) == expected
    fetched = media("download", id, "-o", "fetched")
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert (media.files / "fetched").read_bytes() == path.read_bytes()
    unsure = media("download", id, "-o", "again", PYTHONPATH=without_awscrt)
    assert (unsure.returncode, "was not verified" in unsure.stderr) == (0, True)


def test_without_awscrt_parts_have_a_sha256(
    checked: Account, store: ComputingStore, tmp_path: Path, without_awscrt: str
) -> None:
    media = Media(checked, tmp_path)
    media.write("film.bin", 20 * MIB)
    media.write("small.txt")
    media.environment["PYTHONPATH"] = without_awscrt
    result = media("upload", "film.bin", "small.txt", "--checksum", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    uploads = [json.loads(line) for line in result.stdout.splitlines()]
    algorithms = {upload["filename"]: upload["checksumAlgorithm"] for upload in uploads}
    assert algorithms == {"film.bin": None, "small.txt": "SHA256"}


def test_an_interrupted_upload_keeps_its_checksum(checked: Account, tmp_path: Path) -> None:
    path = tmp_path / "film.bin"
    path.write_bytes(CHUNK * 20)
    stop = threading.Event()

    class StopAtFirstByte(Silent):
        def advance(self, key: object, count: int) -> None:
            stop.set()

    with checked.client() as client:
        with pytest.raises(Stopped):
            client.upload_file(
                path,
                options=Options(jobs=1, checksum=True),
                journal=Journal(tmp_path / "journal", client.url),
                progress=StopAtFirstByte(),
                stop=stop,
            )
        journal = Journal(tmp_path / "journal", client.url)
        journal.load()
        [entry] = journal.leftovers()
        upload = client.upload_file(path, journal=journal)
        assert (upload.id, str(upload.status)) == (entry.upload_id, "STORED")
        assert upload.checksum_algorithm == "CRC64NVME"


def test_ranges_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x123456789y")
    file = os.open(path, os.O_RDONLY)
    try:
        assert checksums.crc64nvme(file, 1, 9) == "rosUhgp5mIg="
        assert checksums.crc64nvme(file, 0, 0) == "AAAAAAAAAAA="
        with pytest.raises(SourceChanged):
            checksums.crc64nvme(file, 1, 11)
    finally:
        os.close(file)


def test_what_can_be_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [checksums.can_compute(it) for it in ("SHA256", "CRC64NVME", "NEW", None)] == [
        True,
        True,
        False,
        False,
    ]
    monkeypatch.setitem(sys.modules, "awscrt.checksums", None)
    checksums.has_crc64nvme.cache_clear()
    assert not checksums.can_compute("CRC64NVME")
    monkeypatch.undo()
    checksums.has_crc64nvme.cache_clear()
