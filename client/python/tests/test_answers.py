"""Answers of a service that is overloaded, restarting or not one of ours: retried, or explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.service import wait_until

from media_client import MediaClient, backoff
from media_client.errors import ApiError, Forbidden, NetworkError, Stopped
from media_client.transfer.progress import Silent

UNKNOWN_ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"
HTML = b"<html><body>Service Unavailable</body></html>"
UNAVAILABLE = json.dumps({"message": "Service Unavailable"}).encode()  # As AWS API Gateway sends.


def response(status: int, body: bytes, *headers: str) -> bytes:
    """Return an HTTP response that ends its connection."""
    lines = (
        f"HTTP/1.1 {status} Status",
        f"Content-Length: {len(body)}",
        "X-Request-Id: from-the-front",
        "Connection: close",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode() + body


@pytest.fixture
def front(account: Account) -> Iterator[FaultProxy]:
    """A server in front of the service."""
    front = FaultProxy(int(account.url.rpartition(":")[2]))
    yield front
    front.close()


@pytest.fixture
def client(front: FaultProxy, account: Account) -> Iterator[MediaClient]:
    """A client that reaches the service through `front`."""
    url = front.url.replace("http://", "http://ada:secret@")
    with MediaClient(url, token=account.token) as client:
        yield client


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The delays between retries in seconds, without waiting for them."""
    waits: list[float] = []

    def wait(seconds: float, _stop: Event | None) -> None:
        waits.append(seconds)

    monkeypatch.setattr(backoff, "wait", wait)
    return waits


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, HTML),
        (503, UNAVAILABLE),
        (429, json.dumps({"message": "Too Many Requests"}).encode()),
        (502, b""),
        (504, b"[]"),
        (500, b'"a string"'),
        (503, b'{"data": null}'),
        (503, b'{"data": []}'),
        (503, b'{"errors": "none"}'),
        (503, b'{"errors": [null]}'),
        (503, b'{"errors": [{"message": 1, "extensions": []}]}'),
        (503, b'{"errors": {"code": 1}}'),
        (503, b"\xff\xfe not UTF-8"),
        (502, b"[" * 100_000),
        (200, b'{"errors": [{"message": "?", "extensions": {"code": "RATE_LIMITED"}}]}'),
        (200, b'{"errors": [{"message": "?", "extensions": {"code": "INTERNAL"}}]}'),
    ],
)
def test_transient_failures_are_retried_in_any_form(
    client: MediaClient, front: FaultProxy, status: int, body: bytes
) -> None:
    front.refusal, front.refusals_left = response(status, body), 5
    assert client.limits().max_upload_bytes > 0
    assert front.refused == 5


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b'{"message": "Not Found"}', "{} responded with 404: Not Found. Check the address"),
        (403, b"Forbidden", "{} responded with 403 and a body that is not a GraphQL"),
        (200, b"<html>", "{} responded with 200 and a body that is not a GraphQL"),
        (200, b'{"data": null, "errors": []}', "{} responded with 200 and a body that is not"),
        (400, b'{"errors": ["No."]}', "No. (request from-the-front)"),
        (200, b'{"data": {}}', "The service responded with data of another form"),
        (301, b"", "{} responded with 301 and a body that is not a GraphQL response."),
    ],
)
def test_other_answers_are_explained(
    client: MediaClient, front: FaultProxy, status: int, body: bytes, message: str
) -> None:
    front.refusal = response(status, body, "Location: http://127.0.0.1:9/")
    front.refusals_left = 100
    with pytest.raises(ApiError) as caught:
        client.limits()
    assert "secret" not in str(caught.value)
    assert str(caught.value).startswith(message.format(f"{front.url}/graphql"))
    assert str(caught.value).endswith(" (request from-the-front)")
    assert caught.value.request_id == "from-the-front"
    assert front.refused == 1


def test_what_may_have_been_done_is_not_repeated(
    client: MediaClient, front: FaultProxy, waits: list[float]
) -> None:
    """429 says that nothing was done. 503 does not."""
    front.refusal, front.refusals_left = response(503, UNAVAILABLE), 100
    with pytest.raises(ApiError, match="503: Service Unavailable"):
        client.revoke_api_key(UNKNOWN_ID)
    assert front.refused == 1
    front.refusal, front.refusals_left = response(429, UNAVAILABLE), 1
    client.close()
    with pytest.raises(Forbidden):  # By the service: an API key can't do this.
        client.revoke_api_key(UNKNOWN_ID)
    assert len(waits) == 1


def test_retry_after(client: MediaClient, front: FaultProxy, waits: list[float]) -> None:
    """It has seconds, or a date, which counts from the Date of the same answer."""
    dates = ("Date: Fri, 27 Nov 2026 12:00:00 GMT", "Retry-After: Fri, 27 Nov 2026 12:00:40 GMT")
    for headers, least in ((("Retry-After: 30",), 30), (dates, 39), (("Retry-After: soon",), 0)):
        waits.clear()
        client.close()  # A new connection is refused.
        front.refusal, front.refusals_left = response(503, UNAVAILABLE, *headers), 1
        client.limits()
        [wait] = waits
        assert least <= wait <= least + 1


class _Restart(Silent):
    """Stops the service when an upload begins."""

    def __init__(self, front: FaultProxy, client: MediaClient) -> None:
        self._front, self._client = front, client

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        self._front.close()
        self._client.close()  # Ends the connections that are open.


def test_the_service_restarts_during_an_upload(
    client: MediaClient, front: FaultProxy, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For ten seconds, nothing listens on the port."""
    down = 0.0

    def wait(seconds: float, _stop: Event | None) -> None:
        nonlocal down
        was_down, down = down < 10, down + seconds
        if was_down and down >= 10:
            front.open()

    monkeypatch.setattr(backoff, "wait", wait)
    upload = client.upload_file(media.write("a.txt"), progress=_Restart(front, client))
    assert upload.status == "STORED"
    assert down >= 10


def test_waiting_for_the_service_can_be_stopped(
    client: MediaClient, front: FaultProxy, media: Media
) -> None:
    front.refusal, front.refusals_left = response(503, UNAVAILABLE, "Retry-After: 300"), 100
    stop, path = Event(), media.write("a.txt")
    with ThreadPoolExecutor(1) as threads:
        upload = threads.submit(client.upload_file, path, stop=stop)
        wait_until(lambda: front.refused > 0)
        stop.set()
        assert isinstance(upload.exception(), Stopped)


def test_a_service_that_was_never_there_is_reported_at_once(waits: list[float]) -> None:
    with MediaClient("http://127.0.0.1:9", token="mus_x") as client:
        with pytest.raises(NetworkError, match=r"127\.0\.0\.1:9 refused the connection\."):
            client.revoke_api_key(UNKNOWN_ID)
        assert waits == []
        with pytest.raises(NetworkError):
            client.limits()
        assert len(waits) == 5


def test_the_number_of_retries_is_a_setting(
    front: FaultProxy, account: Account, waits: list[float]
) -> None:
    front.refusal, front.refusals_left = response(503, UNAVAILABLE), 100
    with (
        MediaClient(front.url, token=account.token, max_retries=2) as client,
        pytest.raises(ApiError),
    ):
        client.limits()
    assert (front.refused, len(waits)) == (3, 2)
