"""Uploads of bytes that are not in a file: stdin, bytes and file objects."""

from __future__ import annotations

import io
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from client.python.tests.conftest import MEDIA, Account, Media
from client.python.tests.service import wait_until
from client.python.tests.test_engine import assert_no_threads, statuses

from media_client import MediaClient, Options, Source
from media_client.errors import SourceError
from media_client.transfer.progress import Silent

MIB = 1024 * 1024
PART = 16 * MIB


class Pipe(io.RawIOBase):
    """A stream of zeros that can't seek. `ahead` is how far it was read ahead of the sending."""

    def __init__(self, size: int, error: Exception | None = None) -> None:
        self._left = size
        self._error = error
        self.taken = self.sent = self.ahead = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most 300 kB, as a pipe returns what it has."""
        if self._error is not None and self.taken:
            raise self._error
        count = min(size, self._left, 300_000)
        self._left -= count
        self.taken += count
        self.ahead = max(self.ahead, self.taken - self.sent)
        return bytes(count)


class Sent(Silent):
    """Counts the bytes sent, for a pipe."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        with self._lock:
            self._pipe.sent += count


def _stored(client: MediaClient, upload_id: str, tmp_path: Path) -> bytes:
    path = client.download_file(upload_id, tmp_path / "copy", overwrite=True)
    return path.read_bytes()


def test_a_stream_is_sent_as_it_is_read(account: Account, tmp_path: Path) -> None:
    """Memory holds one part per job."""
    pipe = Pipe(5 * PART + 7)
    with account.client() as client:
        upload = client.upload_file(
            pipe,
            filename="zeros.bin",
            size=5 * PART + 7,
            options=Options(jobs=2),
            progress=Sent(pipe),
        )
        assert (upload.status, upload.size) == ("STORED", 5 * PART + 7)
    assert pipe.ahead <= 2 * PART
    assert pipe.taken == 5 * PART + 7


def test_bytes_and_file_objects(account: Account, tmp_path: Path, tag: str) -> None:
    content = bytes(range(256)) * (70 * 1024)  # 17.5 MiB: two parts.
    seekable = io.BytesIO(b"head" + content)
    seekable.seek(4)
    numbers: list[tuple[int, int]] = []
    with account.client() as client:
        one = client.upload_file(
            content, filename="a.txt", on_progress=lambda *n: numbers.append(n)
        )
        two = client.upload_file(seekable, filename="b.txt", options=Options(checksum=True))
        empty = client.upload_file(b"", filename="empty")
        with (tmp_path / "c.txt").open("w+b") as file:
            file.write(b"written")
            file.seek(0)
            three = client.upload_file(file, filename="c.txt", options=Options(checksum=True))
        assert _stored(client, one.id, tmp_path) == content
        assert _stored(client, two.id, tmp_path) == content
        assert _stored(client, three.id, tmp_path) == b"written"
        assert (empty.status, empty.size) == ("STORED", 0)
        assert (one.content_type, three.checksum_algorithm) == ("text/plain", "SHA256")
    assert numbers[-1] == (len(content), len(content))


@pytest.mark.parametrize("checksum", [False, True])
def test_a_small_stream_with_a_checksum(account: Account, checksum: bool) -> None:
    with account.client() as client:
        upload = client.upload_file(
            Pipe(1000), filename="a", size=1000, options=Options(checksum=checksum)
        )
        assert (upload.status, upload.checksum is not None) == ("STORED", checksum)


@pytest.mark.parametrize(
    ("pipe", "message"),
    [
        (Pipe(PART), f"film ended after {PART} bytes instead of {PART + 9}."),
        (Pipe(PART + 10), f"film has more than {PART + 9} bytes."),
        (Pipe(PART, ValueError("read of closed file")), "film can't be read: read of closed file."),
        (Pipe(PART, OSError(5, "Input/output error")), "film can't be read: Input/output error."),
    ],
    ids=["short", "long", "closed", "broken"],
)
def test_streams_that_fail(account: Account, tag: str, pipe: Pipe, message: str) -> None:
    with account.client() as client, pytest.raises(SourceError) as refused:
        client.upload_file(pipe, filename="film", size=PART + 9, tags=[tag])
    assert str(refused.value) == message
    assert statuses(account, tag) == ["CANCELLED"]
    assert_no_threads()


def test_what_is_no_stream_is_refused_at_once(account: Account) -> None:
    with pytest.raises(ValueError, match="size"):
        Source.of(Pipe(5), filename="a")
    with pytest.raises(TypeError, match="binary mode"):
        Source.of(io.StringIO("text"), filename="a")  # type: ignore[arg-type]
    with account.client() as client:
        with pytest.raises(ValueError, match="filename"):
            client.upload_file(b"x")
        with pytest.raises(ValueError, match="path"):
            client.upload_file(b"x", filename="a", upload_id="1")
        with pytest.raises(TypeError, match="not both"):
            client.upload_file(b"x", filename="a", progress=Silent(), on_progress=print)


def _piped(media: Media, content: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [MEDIA, "upload", "-", *arguments],
        cwd=media.files,
        env={**media.environment, "TMPDIR": "/nowhere"},
        input=content,
        capture_output=True,
        check=False,
    )


def test_stdin_of_a_known_size_needs_no_space_on_disk(media: Media, tag: str) -> None:
    content = b"0123456789" * (2 * MIB)
    options = ("--name", "x.bin", "--tag", tag, "--size")
    result = _piped(media, content, *options, str(len(content)))
    assert (result.returncode, result.stderr) == (0, b"")
    with media.account.client() as client:
        assert _stored(client, result.stdout.decode().split("\t")[0], media.home) == content
    short = _piped(media, b"12345", *options, "6")
    assert short.returncode == 6
    assert short.stderr == b"media: x.bin ended after 5 bytes instead of 6.\n"
    assert statuses(media.account, tag) == ["CANCELLED", "STORED"]


def test_a_silent_stdin_does_not_delay_the_end(media: Media, tag: str) -> None:
    options = ("--name", "x", "--size", "9", "--tag", tag)
    process = subprocess.Popen(
        [MEDIA, "upload", "-", *options],
        env=media.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(b"1234")
    process.stdin.flush()
    wait_until(lambda: statuses(media.account, tag) == ["PENDING"])
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    process.communicate()
    assert process.returncode not in (0, 1)
    assert statuses(media.account, tag) == ["CANCELLED"]


def test_dev_files_and_pipes_are_refused(media: Media, tag: str) -> None:
    """What the system says about their size is wrong, so it can't be declared."""
    media.write("empty", 0)
    with (media.files / "sparse").open("wb") as file:
        file.truncate(MIB)
    odd = ["/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled", "/dev/null"]
    present = [name for name in odd if Path(name).exists()]
    result = media("upload", *present, "empty", "sparse", "--tag", tag)
    assert result.returncode == 6
    lines = result.stderr.splitlines()
    assert len(lines) == len(present)
    for name, line in zip(sorted(present), sorted(lines), strict=True):
        assert line.startswith(f"media: {name} ")
        assert line.endswith(f"pass it as stdin: media upload - --name NAME < {name}")
    assert statuses(media.account, tag) == ["STORED", "STORED"]
