"""A small OpenID Connect issuer on loopback, whose answers a test can spoil.

It signs with `cryptography` alone, so that the tests do not rely on the library that the service
verifies with.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

AUDIENCE = "https://media.test/api"
METADATA = "/.well-known/openid-configuration"
KEY_SET = "/keys"

Json = dict[str, Any]


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode_json(value: object) -> str:
    return encode(json.dumps(value).encode())


def encode_int(value: int) -> str:
    return encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class RsaKey:
    """A key pair for RS256."""

    algorithm = "RS256"

    def __init__(self, key_id: str, bits: int = 2048) -> None:
        self.key_id = key_id
        self.private = rsa.generate_private_key(65537, bits)

    @property
    def public(self) -> Json:
        """The public key as a JWK."""
        numbers = self.private.public_key().public_numbers()
        return {
            **{"kty": "RSA", "kid": self.key_id, "use": "sig", "alg": self.algorithm},
            **{"n": encode_int(numbers.n), "e": encode_int(numbers.e)},
        }

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


class EcKey:
    """A key pair for ES256."""

    algorithm = "ES256"

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> Json:
        """The public key as a JWK."""
        numbers = self.private.public_key().public_numbers()
        point = {name: encode(getattr(numbers, name).to_bytes(32, "big")) for name in "xy"}
        return {"kty": "EC", "kid": self.key_id, "use": "sig", "crv": "P-256", **point}

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


Key = RsaKey | EcKey


@cache
def rsa_key(key_id: str, bits: int = 2048) -> RsaKey:
    """Return a key of this process: generating one takes a tenth of a second."""
    return RsaKey(key_id, bits)


class Issuer:
    """An issuer with one key at first. `answers` replaces the answer for a path."""

    def __init__(self) -> None:
        self.keys: list[Key] = [rsa_key("key 1")]
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.released = threading.Event()
        """What a slow answer waits for."""
        self.waiting = threading.Event()
        """Set when a slow answer waits."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop listening: from now on, connections are refused."""
        self.released.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def settings(self, **more: object) -> str:
        """Return OIDC_ISSUERS for this issuer."""
        return json.dumps([{"name": "Test", "issuer": self.url, "audience": AUDIENCE, **more}])

    def claims(self, subject: str, now: datetime, **more: object) -> Json:
        """Return the claims of an access token that was issued now; None removes a claim."""
        at = int(now.timestamp())
        base = {"iss": self.url, "aud": AUDIENCE, "sub": subject, "iat": at, "exp": at + 300}
        return {name: value for name, value in {**base, **more}.items() if value is not None}

    def token(self, subject: str, now: datetime, **more: object) -> str:
        """Return a valid access token, but for the given claims."""
        return signed(self.claims(subject, now, **more), self.keys[0])

    def metadata(self) -> Json:
        return {"issuer": self.url, "jwks_uri": f"{self.url}{KEY_SET}"}

    def key_set(self) -> Json:
        return {"keys": [key.public for key in self.keys]}

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        if special := self.answers.get(request.path):
            special(request)
        elif request.path == METADATA:
            send_json(request, self.metadata())
        elif request.path == KEY_SET:
            send_json(request, self.key_set())
        else:
            request.send_error(404)

    def wait_and_answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer with the metadata as soon as the slow answer is released."""
        self.waiting.set()
        if self.released.wait(10):
            send_json(request, self.metadata())

    def times_asked(self) -> int:
        """Return how often it was asked for its keys."""
        return self.asked.count(KEY_SET)


def signed(claims: Mapping[str, object], key: Key, **header: object) -> str:
    """Return a token; `header` replaces fields of its header, and None removes them."""
    fields = {"alg": key.algorithm, "kid": key.key_id, "typ": "JWT", **header}
    present = {name: value for name, value in fields.items() if value is not None}
    data = f"{encode_json(present)}.{encode_json(claims)}"
    return f"{data}.{encode(key.sign(data.encode()))}"


def send_json(request: BaseHTTPRequestHandler, value: object, status: int = 200) -> None:
    send(request, json.dumps(value).encode(), status)


def send(
    request: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def drip(request: BaseHTTPRequestHandler, released: threading.Event) -> None:
    """Send a byte at a time, without end, until it is released."""
    request.send_response(200)
    request.end_headers()
    end = time.monotonic() + 30
    while not released.wait(0.02) and time.monotonic() < end:
        request.wfile.write(b" ")


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(OSError):  # The client has gone.
                issuer.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    return Handler
