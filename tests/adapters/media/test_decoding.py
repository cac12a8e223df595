"""The process that decodes: what it may do, and what its parent believes."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gql_api.adapters.media import confinement, decoding
from gql_api.adapters.media.confinement import LIMITS, Limits
from gql_api.adapters.media.decoding import decode
from gql_api.domain import media
from gql_api.domain.media import Derived, Refusal
from tests.adapters.media import samples


class Stored:
    """A file that is read in ranges, which are counted."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads: list[tuple[int, int]] = []

    def fetch(self, offset: int, length: int) -> bytes:
        self.reads.append((offset, length))
        return self.data[offset : offset + length]

    def decode(self, limits: Limits = LIMITS) -> Derived | Refusal | None:
        return decode(self.fetch, len(self.data), limits)


def photo(format: str) -> Callable[[], bytes]:
    exif = samples.exif(6, location=True)
    return lambda: samples.encoded(samples.picture(), format, exif=exif)


def two_pictures() -> bytes:
    """Return a JPEG file with a second picture, such as phones write for depth or brightness."""
    others = [samples.picture()]
    return samples.encoded(samples.picture(), "MPO", save_all=True, append_images=others)


def song() -> bytes:
    cover = samples.encoded(samples.picture(), "JPEG")
    return samples.id3_with_cover(samples.audio("mp3", "libmp3lame"), cover)


@pytest.mark.parametrize(
    "make",
    [
        *map(photo, ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")),
        lambda: samples.encoded(samples.picture(), "GIF"),
        lambda: samples.encoded(samples.picture(), "BMP"),
        lambda: samples.heic(samples.picture(), exif=samples.exif()),
        lambda: samples.encoded(samples.picture().convert("CMYK"), "JPEG"),
        lambda: samples.encoded(samples.picture().convert("P"), "PNG", transparency=0),
        two_pictures,
        lambda: samples.video("mp4", rotation=90, frames=2),
        lambda: samples.video("webm", "libvpx-vp9", "libopus"),
        song,
        samples.pdf,
    ],
    ids=[
        *("JPEG", "PNG", "WebP", "AVIF", "TIFF", "GIF", "BMP", "HEIC", "CMYK", "palette", "MPO"),
        *("MP4", "WebM", "MP3", "PDF"),
    ],
)
def test_confined_as_free(make: Callable[[], bytes]) -> None:
    """All modules are there before the system's calls are taken away."""
    data = make()
    assert Stored(data).decode() == samples.derive(data)


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04"])
def test_nothing_to_derive(data: bytes) -> None:
    assert Stored(data).decode() is None


def test_a_refusal_is_a_sentence() -> None:
    refusal = Stored(samples.encoded(samples.picture(), "PNG")[:-30]).decode()
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith("The file is not a valid PNG file: ")


def test_an_error_of_the_store_is_no_refusal() -> None:
    stored = Stored(samples.encoded(samples.picture(1000, 1000).effect_spread(300), "BMP"))

    def broken(offset: int, length: int) -> bytes:
        if offset:
            raise ConnectionError("the store is gone")
        return stored.fetch(offset, length)

    with pytest.raises(ConnectionError, match="the store is gone"):
        decode(broken, len(stored.data))
    with pytest.raises(EOFError, match="came instead of"):
        decode(lambda offset, length: b"", 1000)


PROBE = textwrap.dedent(
    """
    import os, socket, subprocess, sys, threading
    from gql_api.adapters.media.confinement import LIMITS, confine

    environment = dict(os.environ)
    ready, found = threading.Event(), []
    def in_thread():
        ready.wait()
        found.append(outcome(lambda: open("/etc/passwd").read()))
    thread = threading.Thread(target=in_thread)
    thread.start()
    confine(LIMITS)
    def outcome(attempt):
        try:
            return str(attempt())
        except BaseException as error:
            return type(error).__name__
    ready.set()
    thread.join()
    for attempt in (
        lambda: sorted(environment),
        lambda: found.pop(),
        lambda: open("/etc/passwd").read(),
        lambda: open(f"/proc/{int(sys.argv[1])}/environ").read(),
        lambda: open("written", "w"),
        lambda: os.unlink(sys.argv[2]),
        lambda: socket.socket(),
        lambda: os.fork(),
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(int(sys.argv[1]), 9),
        lambda: len(bytearray(2_000_000_000)),
    ):
        os.write(1, outcome(attempt).encode() + b"\\n")
    """
)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux filters system calls")
def test_the_process_can_do_nothing_else(tmp_path: Path) -> None:
    """As root, too: the calls themselves fail."""
    kept = tmp_path / "kept"
    kept.touch()
    result = subprocess.run(
        [sys.executable, "-c", PROBE, str(os.getpid()), str(kept)],
        env=decoding._environment() | {"DB_URL": "kept out by the caller"},
        capture_output=True,
        check=True,
        text=True,
    )
    _, *outcomes = result.stdout.splitlines()
    assert outcomes == ["PermissionError"] * 9 + ["MemoryError"], result.stdout
    assert kept.exists()


LIMITED = textwrap.dedent(
    """
    import resource, sys
    from gql_api.adapters.media.confinement import Limits, confine

    for limit in sys.argv[1:]:
        resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    confine(Limits(memory_bytes=2**30, cpu_seconds=7))
    sys.stdout.buffer.raw.write(b"1")
    sys.stdin.buffer.raw.read(1)
    """
)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows another process's limits")
@pytest.mark.parametrize(("inherited", "memory"), [(None, 2**30), (2**31, 2**30), (2**29, 2**29)])
def test_the_lower_limit_counts(inherited: int | None, memory: int) -> None:
    given = [] if inherited is None else [str(inherited)]
    with subprocess.Popen(
        [sys.executable, "-c", LIMITED, *given],
        env=decoding._environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"1"
        limits = {
            name: resource.prlimit(process.pid, getattr(resource, f"RLIMIT_{name}"))
            for name in ("AS", "CPU", "FSIZE", "CORE")
        }
        process.communicate(b"1")
    assert limits == {"AS": (memory, memory), "CPU": (7, 8), "FSIZE": (0, 0), "CORE": (0, 0)}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows another process's limits")
def test_nothing_is_decoded_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that the system does not take is an error, not a process without it."""

    def refuse(*_arguments: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    with pytest.raises(ValueError, match="not allowed"):
        confinement._limit(resource.RLIMIT_AS, 2**30)


def test_no_secret_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DB_URL", "JWT_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "secret")
    environment = decoding._environment()
    assert environment.keys() <= {"LD_LIBRARY_PATH", "PYTHONPATH", "MALLOC_ARENA_MAX"}
    assert "secret" not in environment.values()


@contextlib.contextmanager
def impostor(monkeypatch: pytest.MonkeyPatch, body: str) -> Iterator[None]:
    """Let a program stand in for the decoding process: one that an attacker has taken over."""
    program = (
        "import os, signal, struct, sys, time\n"
        "def send(kind, body): os.write(1, kind + struct.pack('>I', len(body)) + body)\n"
        # Waits for its end, so that its messages arrive before.
        f"send(b'S', b'')\n{body}\nsys.stdin.buffer.read()"
    )
    start = subprocess.Popen

    def popen(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        return start([sys.executable, "-S", "-c", program], **options)  # type: ignore[call-overload,no-any-return]

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", popen)
        yield


FACTS = media.to_json(media.Media())
ANSWER = "import json\nsend(b'A', json.dumps({'media': MEDIA, 'renditions': PICTURES}).encode())\n"


def answer(pictures: object = (), **changes: object) -> str:
    values = f"MEDIA = {FACTS | changes!r}\nPICTURES = {pictures!r}\n"
    return values + ANSWER


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "made its decoder crash (SIGSEGV)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "needs more memory"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "more than 30 seconds of CPU time"),
        ("os._exit(3)", "ended with status 3"),
        ("send(b'F', b'bell \\x07 and \\xff' + b'x' * 500)", "bell and xxxx"),
        ("send(b'F', b'x' * 10_000)", "a message that is not allowed"),
        ("send(b'?', b'')", "a message that is not allowed"),
        ("os.write(1, b'R' + struct.pack('>I', 2**32 - 1))", "a message that is not allowed"),
        ("send(b'R', b'1')", "no range"),
        ("send(b'R', struct.pack('>QI', 0, 0))", "no range of the file"),
        ("send(b'R', struct.pack('>QI', 2**63, 1))", "no range of the file"),
        ("[send(b'R', struct.pack('>QI', 0, 9)) for _ in range(1000)]", "too scattered"),
        ("send(b'P', b'')", "a message that is not allowed"),
        ("send(b'A', b'[' * 9_000)", "not an answer"),
        ("send(b'A', b'[' * 16_384)", "not an answer"),
        ("send(b'A', b'[]')", "not an answer"),
        ("send(b'A', b'{}')", "not an answer"),
        (answer(width=0), "width is not valid"),
        (answer(width=True), "width is not valid"),
        (answer(videoCodec="<script>"), "videoCodec is not valid"),
        (answer(hasLocation=None), "hasLocation is not valid"),
        (answer(more=1), "the facts are not those"),
        (answer([["THUMBNAIL", 1600, 1]]), "not a side of a picture"),
        (answer([["OTHER", 1, 1]]), "OTHER"),
        (answer([["PREVIEW", 1, 1], ["PREVIEW", 1, 1]]), "two pictures"),
        (answer([["PREVIEW", 1, 1]]) + "send(b'P', b'GIF89a')", "not a WebP file"),
    ],
)
def test_nothing_is_believed(monkeypatch: pytest.MonkeyPatch, body: str, reason: str) -> None:
    with impostor(monkeypatch, body):
        refusal = Stored(samples.encoded(samples.picture(), "PNG")).decode()
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
    assert len(refusal.reason) <= media.REASON_MAX_LENGTH
    assert refusal.reason.isprintable()


def test_a_process_that_does_not_start_says_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", ["/nowhere"])
    with pytest.raises(decoding.DecoderUnavailable, match="ended with status 1"):
        Stored(samples.encoded(samples.picture(), "PNG")).decode()
    assert "No module named" in capfd.readouterr().err


def test_a_picture_of_other_dimensions_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = samples.encoded(samples.picture(), "WEBP")
    body = answer([["PREVIEW", 64, 49]]) + f"send(b'P', {picture!r})"
    with impostor(monkeypatch, body):
        refusal = Stored(samples.encoded(samples.picture(), "PNG")).decode()
    assert refusal == Refusal(
        "The file made its decoder fail: a picture has other dimensions than the answer says."
    )


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    kill = subprocess.Popen.kill

    def noted(process: subprocess.Popen[bytes]) -> None:
        started.append(process.pid)
        kill(process)

    monkeypatch.setattr(subprocess.Popen, "kill", noted)
    with impostor(monkeypatch, "time.sleep(600)"):
        stored = Stored(samples.encoded(samples.picture(), "PNG"))
        with pytest.raises(TimeoutError, match=r"^decoding took more than 0.2 seconds$"):
            stored.decode(Limits(elapsed_seconds=0.2))
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], signal.SIG_DFL)
