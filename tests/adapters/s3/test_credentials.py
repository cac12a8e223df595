"""Credentials of a container credentials provider, from a real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gql_api.adapters.s3.credentials import (
    ContainerCredentials,
    Credentials,
    CredentialsUnavailable,
    FixedCredentials,
)
from gql_api.adapters.s3.presigner import S3Presigner

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)


class Provider:
    """A provider whose answers the test sets."""

    def __init__(self) -> None:
        self.answer = ""
        self.status = 200
        self.tokens: list[str | None] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.tokens.append(self.headers.get("Authorization"))
                self.send_response(provider.status if self.path == "/c" else 404)
                self.end_headers()
                self.wfile.write(provider.answer.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/c"

    def offer(self, name: str, expires_at: datetime) -> None:
        """Answer with these credentials from now on."""
        expiration = expires_at.isoformat().replace("+00:00", "Z")
        keys = {"AccessKeyId": name, "SecretAccessKey": "hidden", "Token": "t"}
        self.answer = json.dumps({**keys, "Expiration": expiration})


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.01,))
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join()


def test_they_are_kept_and_renewed_in_time(provider: Provider, tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("one\n")
    source = ContainerCredentials(provider.url, "unused", token_file)
    provider.offer("A", NOW + SIX_HOURS)
    first = source.current(NOW)
    assert first == Credentials("A", "hidden", "t", NOW + SIX_HOURS)
    assert "hidden" not in repr(first)
    provider.offer("B", NOW + 2 * SIX_HOURS)
    token_file.write_text("two")
    assert source.current(NOW + SIX_HOURS - timedelta(minutes=16)) is first
    second = source.current(NOW + SIX_HOURS - timedelta(minutes=15))
    assert second.access_key_id == "B"
    assert provider.tokens == ["one", "two"]


def test_old_ones_serve_until_they_expire_if_the_provider_fails(provider: Provider) -> None:
    source = ContainerCredentials(provider.url, "token", None)
    provider.offer("A", NOW + SIX_HOURS)
    first = source.current(NOW)
    provider.status = 500
    # Each failure costs a request time, so the provider is not asked again for half a minute.
    for seconds_left, asked in ((40, 2), (11, 2), (10, 3), (1, 3)):
        assert source.current(NOW + SIX_HOURS - timedelta(seconds=seconds_left)) is first
        assert len(provider.tokens) == asked
    with pytest.raises(CredentialsUnavailable):
        source.current(NOW + SIX_HOURS)
    provider.status = 200
    provider.offer("B", NOW + 2 * SIX_HOURS)
    assert source.current(NOW + SIX_HOURS).access_key_id == "B"


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"AccessKeyId": "A"}'])
def test_a_malformed_answer_is_an_error(provider: Provider, answer: str) -> None:
    provider.answer = answer
    with pytest.raises(CredentialsUnavailable, match="returns no credentials") as caught:
        ContainerCredentials(provider.url, None, None).current(NOW)
    assert "hidden" not in str(caught.value)


def test_urls_are_signed_with_the_renewed_ones_and_expire_with_them(provider: Provider) -> None:
    signing = S3Presigner(
        credentials=ContainerCredentials(provider.url, None, None),
        session_token_seconds=900,
        region="eu-west-1",
        bucket="media",
        endpoint_url=None,
    )
    for name, hours in (("A", 6), ("B", 12)):
        provider.offer(name, NOW + timedelta(hours=hours))
        request = signing.get_object(
            "k", "text/plain", "inline", at=NOW + timedelta(hours=hours - 6), ttl_seconds=604_800
        )
        assert f"X-Amz-Credential={name}%2F" in request.url
        assert request.expires_at == NOW + timedelta(hours=hours)


def test_fixed_ones_stay_the_same() -> None:
    credentials = Credentials("A", "s", None, None)
    assert FixedCredentials(credentials).current(NOW) is credentials
