"""A store that computes the CRC-64/NVME of whole objects, as AWS does: the S3 gateway with a proxy.

No server that runs here has this ability. The proxy reads the objects behind the service's back and
adds what AWS would report; everything else is the gateway's answer. It can also show the faults of
other stores.
"""

from __future__ import annotations

import base64
import functools
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gql_api.domain.crc64nvme import Crc64Nvme, _table
from local.gateway import KeyPair
from tests.stores.store import Store
from tests.stores.store import client as client_of

_HEADER = "x-amz-checksum-crc64nvme"
_REFUSAL = b"<Error><Code>BadDigest</Code><Message>The checksum did not match.</Message></Error>"
_CHUNK_BYTES = 1024 * 1024


def crc64nvme(data: bytes) -> str:
    """Return the CRC-64/NVME in Base64."""
    return crc64nvme_of([data])


def crc64nvme_of(chunks: Iterable[bytes]) -> str:
    """Return the CRC-64/NVME of all chunks in Base64. Equal chunks take next to no time."""
    crc = 0
    for chunk in chunks:
        crc = _followed_by(crc, len(chunk)) ^ _crc64nvme(chunk)
    return base64.b64encode(crc.to_bytes(8, "big")).decode()


@functools.lru_cache(maxsize=16)
def _crc64nvme(chunk: bytes) -> int:
    crc = Crc64Nvme()
    crc.update(chunk)
    return int.from_bytes(crc.digest(), "big")


def _followed_by(crc: int, count: int) -> int:
    """Return what the CRC of bytes contributes to the CRC of all bytes if `count` more follow."""
    for power in range(count.bit_length()):
        if count >> power & 1:
            crc = _sum(_columns(power), crc)
    return crc


@functools.cache
def _columns(power: int) -> tuple[int, ...]:
    """Return what each bit of a CRC becomes when 2**power bytes follow: zlib's crc32_combine."""
    if power:
        half = _columns(power - 1)
        return tuple(_sum(half, column) for column in half)
    table = _table()
    return tuple(table[bit & 0xFF] ^ bit >> 8 for bit in (1 << place for place in range(64)))


def _sum(columns: tuple[int, ...], bits: int) -> int:
    total = 0
    while bits:
        lowest = bits & -bits
        total ^= columns[lowest.bit_length() - 1]
        bits ^= lowest
    return total


@dataclass(slots=True)
class Behavior:
    """What the store does; by default, what AWS documents.

    `accepts_wrong`: an object of one part whose checksum is wrong. `repeats`: it reports the
    checksum that it was sent. `combines`: it reports a checksum of the checksums of parts.
    `needs_part_checksums`: it refuses parts without one.
    """

    accepts_wrong: bool = False
    repeats: bool = False
    combines: bool = False
    needs_part_checksums: bool = False


class ComputingStore:
    """Forwards requests to the gateway. `bytes_read` counts what GET requests returned."""

    def __init__(self, gateway: Store) -> None:
        self.region: str = gateway.region
        self.keys: KeyPair = gateway.keys
        self.upstream = urlsplit(gateway.endpoint_url).netloc
        self.s3 = client_of(gateway)
        self.behavior = Behavior()
        self.bytes_read = 0
        self.sent: dict[str, str] = {}
        """The checksum that the client sent, by path; empty for a multipart upload."""
        self._computed: dict[tuple[str, str], str] = {}
        self._computing = threading.Lock()
        self._server = _Server(self)
        self.endpoint_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def start(self) -> None:
        """Accept requests."""
        self._thread.start()

    def stop(self) -> None:
        """Refuse requests."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.s3.close()

    def checksum(self, path: str, etag: str) -> str | None:
        """Return what this store reports as the CRC-64/NVME of the object."""
        sent = self.sent.get(path)
        if sent is None or (sent and self.behavior.repeats):
            return sent
        if not sent and self.behavior.combines:
            return f"{crc64nvme(b'the checksums of parts')}-2"
        with self._computing:
            if (path, etag) not in self._computed:
                self._computed[path, etag] = self._compute(path)
            return self._computed[path, etag]

    def _compute(self, path: str) -> str:
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        with closing(self.s3.get_object(Bucket=bucket, Key=key)["Body"]) as body:
            return crc64nvme_of(iter(lambda: body.read(_CHUNK_BYTES), b""))


class _Server(ThreadingHTTPServer):
    """The server of a store."""

    def __init__(self, store: ComputingStore) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = store


class _Handler(BaseHTTPRequestHandler):
    """Handles the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query, keep_blank_values=True)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self._is_refused(url.path, query, body):
            self.send_response_only(400)
            self.send_header("Content-Length", str(len(_REFUSAL)))
            self.end_headers()
            self.wfile.write(_REFUSAL)
            return
        with closing(HTTPConnection(self.server.store.upstream, timeout=60)) as gateway:
            answer = self._forwarded(gateway, body)
            is_list = bool(query.keys() & {"uploadId", "uploads", "list-type"})
            is_read = self.command == "GET" and answer.status < 300 and not is_list
            self._answer(answer, url.path, counted=is_read)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _handle

    def _is_refused(self, path: str, query: Mapping[str, Any], body: bytes) -> bool:
        """Note which checksum the object will have; returns whether the request is refused."""
        store = self.server.store
        sent = self.headers.get(_HEADER)
        if self.command == "POST" and "uploads" in query:
            if self.headers.get("x-amz-checksum-algorithm") == "CRC64NVME":
                store.sent[path] = ""
        elif self.command == "PUT" and "uploadId" in query:
            return store.behavior.needs_part_checksums and store.sent.get(path) == ""
        elif self.command == "PUT" and sent:
            if sent != crc64nvme(body) and not store.behavior.accepts_wrong:
                return True
            store.sent[path] = sent
        return False

    def _forwarded(self, gateway: HTTPConnection, body: bytes) -> HTTPResponse:
        """Return the gateway's answer. The signature covers Host, which is passed on unchanged."""
        gateway.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            gateway.putheader(name, value)
        gateway.endheaders(body)
        return gateway.getresponse()

    def _answer(self, answer: HTTPResponse, path: str, *, counted: bool) -> None:
        """Pass the gateway's answer on; a body of unknown length ends with the connection."""
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() != "transfer-encoding":
                self.send_header(name, value)
        if self.command == "HEAD" and answer.status == 200:
            if reported := self.server.store.checksum(path, answer.headers["ETag"]):
                self.send_header(_HEADER, reported)
        elif "Content-Length" not in answer.headers and answer.status != 204:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while chunk := answer.read(_CHUNK_BYTES):
            self.server.store.bytes_read += len(chunk) if counted else 0
            self.wfile.write(chunk)

    def log_message(self, *_: Any) -> None:
        pass
