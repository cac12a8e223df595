"""The server of the media worker, and its settings."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from gql_api.domain.processing import MediaRequest, to_message
from gql_api.environment import SettingsError
from gql_api.media_server import MediaServer
from gql_api.worker_settings import read_worker_settings
from local import ports

ROOT = Path(__file__).parents[1]
TOKEN = "t" * 32
REQUEST = MediaRequest("uploads/owner/upload", '"e"', "upload")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "hidden-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "S3_BUCKET": "media",
    "MEDIA_WORKER_URL": "http://127.0.0.1:8010",
    "MEDIA_WORKER_TOKEN": "hidden-token-" * 3,
}


class Server:
    """A server, and the requests that it passed on."""

    def __init__(self) -> None:
        self.requests: list[MediaRequest] = []
        self.error: Exception | None = None
        self.port = ports.free_port()

    def derive(self, request: MediaRequest) -> None:
        self.requests.append(request)
        if self.error is not None:
            raise self.error

    def post(self, body: str | bytes, path: str = "/", token: str = TOKEN, **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", path, body, {"Authorization": f"Bearer {token}"} | headers)
            return connection.getresponse().status
        finally:
            connection.close()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr("gql_api.media_server._Handler.timeout", 0.2)
    server = Server()
    with MediaServer("127.0.0.1", server.port, server.derive, TOKEN) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


def test_a_message_is_passed_on(running: Server) -> None:
    assert running.post(to_message(REQUEST)) == 204
    assert running.requests == [REQUEST]


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (401, {"token": "u" * 32}),
        (401, {"token": ""}),
        (404, {"path": "/other"}),
        (400, {"body": "{}"}),
        (400, {"body": b"\xff\xfe"}),
        (400, {"body": "[" * 4000}),
        (413, {"body": " " * 4097}),
        (413, {"Content-Length": "-1"}),
        (413, {"Content-Length": "\u0663".encode("utf-8").decode("latin-1")}),
    ],
)
def test_anything_else_is_refused(running: Server, status: int, changes: Mapping[str, str]) -> None:
    assert running.post(**{"body": to_message(REQUEST), **changes}) == status
    assert running.requests == []


def test_a_failure_may_be_tried_again(running: Server, caplog: pytest.LogCaptureFixture) -> None:
    for error in (RuntimeError("broken"), ValueError("also inside")):
        running.error = error
        assert running.post(to_message(REQUEST)) == 500
    assert "It will be sent again." in caplog.text
    running.error = None
    assert running.post(to_message(REQUEST)) == 204


def test_a_client_that_sends_nothing_more_is_cut_off(running: Server) -> None:
    head = f"POST / HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 10\r\n\r\n"
    for sent in (b"", b"POST / HT", head.encode() + b"{"):
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
            connection.sendall(sent)
            assert connection.recv(1000) == b""
    assert running.post(to_message(REQUEST)) == 204


def test_the_settings_are_read() -> None:
    settings = read_worker_settings({**ENVIRONMENT, "S3_KEY_PREFIX": "mine"}, serves=True)
    assert (settings.key_prefix, settings.renditions_prefix) == ("mine", "mine-renditions")
    assert settings.url == "http://127.0.0.1:8010"
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"DB_URL": "mongodb://db.test"}, "DB_URL is set"),
        ({"JWT_SECRET_KEY": "hidden" * 8}, "JWT_SECRET_KEY is set"),
        ({"ORIGIN_SECRET": "hidden" * 8}, "ORIGIN_SECRET is set"),
        ({"S3_BUCKET": ""}, "S3_BUCKET is missing"),
        ({"MEDIA_WORKER_TOKEN": ""}, "MEDIA_WORKER_TOKEN is missing"),
        ({"MEDIA_WORKER_URL": ""}, "MEDIA_WORKER_URL is missing"),
        ({"MEDIA_WORKER_URL": "http://worker"}, "must be http://host:port"),
        ({"MEDIA_WORKER_URL": "https://worker:1"}, "must be http://host:port"),
        ({"MEDIA_WORKER_URL": "http://worker:99999"}, "must be http://host:port"),
    ],
)
def test_wrong_settings_are_reported(changes: Mapping[str, str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as caught:
        read_worker_settings({**ENVIRONMENT, **changes}, serves=True)
    assert "hidden" not in str(caught.value)


def test_on_aws_it_needs_no_address() -> None:
    environment = {name: ENVIRONMENT[name] for name in ENVIRONMENT if "MEDIA" not in name}
    assert read_worker_settings(environment).url is None


def start_worker(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gql_api.media_worker"],
        cwd=ROOT,
        env={**environment},
        stderr=subprocess.PIPE,
    )


def test_a_worker_does_not_start_with_the_secrets_of_the_service() -> None:
    worker = start_worker({**ENVIRONMENT, "JWT_SECRET_KEY": "hidden" * 8})
    _, printed = worker.communicate(timeout=60)
    assert worker.returncode == 2
    assert b"JWT_SECRET_KEY is set" in printed
    assert b"hidden" not in printed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_decoder_ends_with_its_worker(
    number: signal.Signals,
) -> None:
    """The store stops answering, so that the decoder waits for the rest of its file."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = ports.free_port()
    worker = start_worker(
        {
            **ENVIRONMENT,
            "MEDIA_WORKER_URL": f"http://127.0.0.1:{port}",
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
        }
    )
    try:
        with listener, closing(_ask(port)), _answered_once(listener):
            decoder = _child_of(worker.pid)
            worker.send_signal(number)
            assert worker.wait(10) == (0 if number is signal.SIGTERM else -number)
            _await_end(decoder)
    finally:
        worker.kill()
        worker.communicate()


def _ask(port: int) -> http.client.HTTPConnection:
    """Send a message as soon as the worker accepts it."""
    owner, upload = ("01a21dec-64d3-7dfa-963b-dfb4833b0b30",) * 2
    request = MediaRequest(f"uploads/{owner}/{upload}", '"e"', upload)
    headers = {"Authorization": f"Bearer {ENVIRONMENT['MEDIA_WORKER_TOKEN']}"}
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", "/", to_message(request), headers)
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return connection
    raise AssertionError("The worker did not start.")


def _answered_once(listener: socket.socket) -> socket.socket:
    """Answer the first GET with the start of a large picture; return its connection."""
    start = b"\xff\xd8\xff" + bytes(256 * 1024 - 3)
    connection, _ = listener.accept()
    connection.recv(65_536)
    connection.sendall(
        b'HTTP/1.1 206 Partial Content\r\nETag: "e"\r\nContent-Length: 262144\r\n'
        b"Content-Range: bytes 0-262143/10000000\r\n\r\n" + start
    )
    return connection


def _child_of(pid: int) -> int:
    """Return the process id of the worker's decoder, which has become ready."""
    for _ in range(600):
        listed = Path(f"/proc/{pid}/task").glob("*/children")
        children = " ".join(path.read_text() for path in listed).split()
        if children and b"gql_api.adapters.media" in _command_line(int(children[0])):
            return int(children[0])
        time.sleep(0.05)
    raise AssertionError("No decoder was started.")


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _await_end(pid: int) -> None:
    for _ in range(200):
        if not _command_line(pid):
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    raise AssertionError("The decoder did not end.")
