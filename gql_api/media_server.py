"""Serves the media function by HTTP, for services that do not run on AWS.

POST / with a message and `Authorization: Bearer <token>` processes one object. The answer is 204
when that is done, 400 for an unknown message, and 500 if the message may be sent again.
"""

from __future__ import annotations

import logging
import secrets
import signal
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Semaphore
from types import FrameType
from urllib.parse import urlsplit

from gql_api.domain.processing import MediaRequest, request_of

_log = logging.getLogger(__name__)

_MESSAGE_MAX_BYTES = 4096
_AT_ONCE = 2  # Each decodes in a process of its own, with up to a gigabyte of memory.
_IDLE_SECONDS = 10

Derive = Callable[[MediaRequest], None]


def serve(derive: Derive, url: str, token: str) -> None:
    """Serve on the host and port of `url`, `http://host:port`, until SIGTERM or SIGINT.

    Raises:
        SystemExit: the signal came.
        OSError: the address cannot be used.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)
    address = urlsplit(url)
    with MediaServer(address.hostname or "", address.port or 0, derive, token) as listening:
        _log.info("The media worker is ready.")
        listening.serve_forever()


class MediaServer(ThreadingHTTPServer):
    """Listens, and passes the requests in messages to `derive`."""

    daemon_threads = True  # SIGTERM does not wait for a decoder.

    def __init__(self, host: str, port: int, derive: Derive, token: str) -> None:
        self.derive = derive
        self.authorization = f"Bearer {token}".encode()
        self.turns = Semaphore(_AT_ONCE)
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    timeout = _IDLE_SECONDS
    server: MediaServer

    def do_GET(self) -> None:
        """Answer that the server is up."""
        self._answer(200 if self.path == "/health" else 404)

    def do_POST(self) -> None:
        """Process the object that the message in the body names."""
        given = self.headers.get("Authorization", "").encode()
        length = self.headers.get("Content-Length", "")
        if not secrets.compare_digest(given, self.server.authorization):
            self._answer(401)
        elif self.path != "/":
            self._answer(404)
        elif not (length.isascii() and length.isdecimal()) or int(length) > _MESSAGE_MAX_BYTES:
            self._answer(413)
        else:
            body = self.rfile.read(int(length))
            self._answer(self._process(body))

    def _process(self, body: bytes) -> int:
        try:
            request = request_of(body.decode())
        except ValueError as error:
            _log.warning("A message was refused: %s", error)
            return 400
        with self.server.turns:
            try:
                self.server.derive(request)
            except Exception:
                _log.exception("An object could not be processed. It will be sent again.")
                return 500
        return 204

    def _answer(self, status: int) -> None:
        # One request per connection: the service opens one for each file.
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Log nothing: the handlers log what matters, and paths come from anyone."""


def _exit(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
