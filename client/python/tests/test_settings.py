"""The settings of a client: timeout, bandwidth, the caller's own HTTP client, and the log."""

from __future__ import annotations

import inspect
import logging
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import urllib3
from client.python.tests.conftest import PASSWORD, Account, Media

from media_client import AsyncMediaClient, MediaClient, backoff, positional
from media_client.errors import NetworkError, SourceChanged, Stopped
from media_client.http.bodies import Body, BytesSlice, FileSlice
from media_client.http.limiter import Limiter
from media_client.http.settings import HttpSettings

MIB = 1024 * 1024


@pytest.mark.parametrize("method", ["uploads_page", "upload_file", "download_file"])
def test_async_methods_have_the_signatures_of_the_others(method: str) -> None:
    call = getattr(AsyncMediaClient, method)
    assert inspect.signature(call) == inspect.signature(getattr(MediaClient, method))
    assert inspect.iscoroutinefunction(call)
    assert call.__qualname__ == f"AsyncMediaClient.{method}"


def test_both_clients_take_the_same_arguments() -> None:
    assert inspect.signature(AsyncMediaClient) == inspect.signature(MediaClient)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("timeout", 0),
        ("timeout", float("nan")),
        ("max_retries", -1),
        ("bandwidth", 0),
    ],
)
def test_settings_that_never_work(setting: str, value: float) -> None:
    settings: dict[str, Any] = {setting: value}
    with pytest.raises(ValueError, match="must be"):
        MediaClient("http://127.0.0.1:9", **settings)


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A listening socket. Until somebody uses it, nobody reads what clients send."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        yield server


@pytest.fixture
def silent(server: socket.socket) -> Iterator[MediaClient]:
    """A client of `server`, with a short timeout."""
    url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with MediaClient(url, timeout=0.2, max_retries=0) as client:
        yield client


def _put(client: MediaClient, body: Body, stop: Event | None = None) -> int:
    return client.api.pool(stop or Event()).request("PUT", client.url, (), body)[0].status


@pytest.fixture
def film(media: Media) -> Iterator[int]:
    """An open file of 8 MiB."""
    file = os.open(media.write("film.bin", 8 * MIB), os.O_RDONLY)
    yield file
    os.close(file)


def test_the_timeout(silent: MediaClient, film: int) -> None:
    """It applies to a response that does not come, and to a body that nobody reads."""
    bodies: tuple[Body, ...] = (b"", FileSlice(film, 0, 8 * MIB))
    for body in bodies:
        with pytest.raises(NetworkError, match="did not respond in time"):
            _put(silent, body)


def test_a_body_that_nobody_reads_can_be_stopped(silent: MediaClient, film: int) -> None:
    stop, sent = Event(), 0

    def count(size: int) -> None:
        nonlocal sent
        sent += size
        if sent >= MIB:
            stop.set()

    with pytest.raises(Stopped):
        _put(silent, FileSlice(film, 0, 8 * MIB, count), stop)


@pytest.mark.parametrize("kind", [ValueError, BrokenPipeError, ConnectionResetError])
def test_an_exception_of_a_callback_is_not_one_of_the_network(
    silent: MediaClient, film: int, kind: type[Exception]
) -> None:
    def fail(_size: int) -> None:
        raise kind("from the callback")

    for body in (FileSlice(film, 0, 8 * MIB, fail), BytesSlice(memoryview(bytes(MIB)), fail)):
        with pytest.raises(kind, match="from the callback"):
            _put(silent, body)


def test_a_file_that_is_too_short(silent: MediaClient, film: int) -> None:
    with pytest.raises(SourceChanged):
        _put(silent, FileSlice(film, 8 * MIB - 10, 20))


def test_an_early_response_ends_the_body_and_the_connection(
    silent: MediaClient, server: socket.socket, film: int
) -> None:
    """The server responds before it has read the body, and would keep the connection open."""
    opened: list[socket.socket] = []

    def serve() -> None:
        for status in (b"503", b"200"):
            opened.append(server.accept()[0])
            opened[-1].recv(1000)
            opened[-1].sendall(b"HTTP/1.1 " + status + b" So\r\nContent-Length: 2\r\n\r\nOK")

    thread = threading.Thread(target=serve)
    thread.start()
    assert _put(silent, FileSlice(film, 0, 8 * MIB)) == 503
    assert _put(silent, b"") == 200
    thread.join()
    for connection in opened:
        connection.close()


# ---------------------------------------------------------------- bandwidth


def test_the_limiter_spreads_bytes_over_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def wait(seconds: float, stop: Event | None) -> None:
        nonlocal now
        if stop is not None and stop.is_set():
            raise Stopped("The transfer was stopped.")
        now += seconds

    monkeypatch.setattr(backoff, "wait", wait)
    limiter = Limiter(1000, clock=lambda: now)
    for _ in range(50):
        limiter.take(100, None)
    assert 4.8 <= now <= 5
    now += 100  # Unused time does not add up.
    limiter.take(1000, None)
    assert 105.7 <= now <= 106
    stopped = Event()
    stopped.set()
    with pytest.raises(Stopped):
        limiter.take(1000, stopped)
    assert (limiter.piece_bytes(MIB), Limiter(None).piece_bytes(MIB)) == (4096, MIB)


def test_the_bandwidth_limits_both_directions(
    account: Account, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(backoff, "wait", lambda seconds, _stop: waits.append(seconds))
    path = media.write("film.bin", MIB)
    with MediaClient(account.url, token=account.token, bandwidth=1024) as client:
        upload = client.upload_file(path)
        assert 1000 < max(waits) <= 1024
        client.download_file(upload.id, media.home / "copy")
    assert 2000 < max(waits) <= 2048


# ---------------------------------------------------------------- the caller's HTTP client


class _Counted(urllib3.PoolManager):
    count = 0

    def urlopen(self, *args: Any, **options: Any) -> urllib3.BaseHTTPResponse:
        self.count += 1
        return super().urlopen(*args, **options)


def test_a_client_of_the_caller(account: Account, media: Media) -> None:
    path = media.write("film.bin", 33 * MIB)
    with _Counted() as manager:
        with MediaClient(account.url, token=account.token, http_client=manager) as client:
            upload = client.upload_file(path)
            copy = client.download_file(upload.id, media.home / "copy")
        assert copy.read_bytes() == path.read_bytes()
        assert manager.count >= 8


# ---------------------------------------------------------------- the log


def test_the_log_has_a_line_per_request_and_no_secrets(
    account: Account, media: Media, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for manager in (None, urllib3.PoolManager()):
        with MediaClient(account.url, http_client=manager) as client:
            session = client.login(account.username, PASSWORD)
            upload = client.upload_file(media.write("a.txt", 100_000))
            client.download_file(upload.id, media.home / "copy", overwrite=True)
        if manager is not None:
            manager.clear()
        for secret in (PASSWORD, session.access_token, session.refresh_token, "X-Amz-Signature"):
            assert secret not in caplog.text
    with MediaClient("http://127.0.0.1:9", max_retries=0) as client, pytest.raises(NetworkError):
        client.limits()
    lines = [record.getMessage() for record in caplog.records if record.name == "media_client"]
    line = r"(POST|PUT|GET) 127\.0\.0\.1:\d+/\S*: \d{3}, \d+ ms, request \w+"
    assert all(re.fullmatch(line, text) for text in lines[:-1]), lines
    assert {text.partition(" ")[0] for text in lines} == {"POST", "PUT", "GET"}
    assert re.fullmatch(r"POST 127\.0\.0\.1:9/graphql: NetworkError, \d+ ms", lines[-1])


def test_a_broken_head_does_not_bring_the_signature_into_the_log(
    silent: MediaClient, server: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    # The service, which other tests run in this process, turns this warning off.
    caplog.set_level(logging.WARNING, "urllib3.connection")

    def serve() -> None:
        with server.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nBroken\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"{silent.url}?X-Amz-Signature=secret"
    assert silent.api.pool(Event()).request("GET", url, ())[0].status == 200
    thread.join()
    assert "Failed to parse headers" in caplog.text
    assert "/graphql?…" in caplog.text
    assert "secret" not in caplog.text


# ---------------------------------------------------------------- reading at an offset


def test_threads_share_no_offset_where_the_system_has_no_pread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("preadv", "pwrite"):
        monkeypatch.delattr(os, name)
    file = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    wrong: list[int] = []

    def write_and_read(number: int) -> None:
        data, buffer = bytes([number]) * 1000, memoryview(bytearray(1000))
        for place in range(100):
            offset = (place * 8 + number) * 1000
            positional.write_at(file, memoryview(data), offset)
            if positional.read_at(file, buffer, offset) != 1000 or bytes(buffer) != data:
                wrong.append(offset)

    threads = [threading.Thread(target=write_and_read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(file)
    assert wrong == []


def test_the_number_of_attempts() -> None:
    assert HttpSettings().attempts(9) == 9
    assert HttpSettings(max_retries=0).attempts(9) == 1
