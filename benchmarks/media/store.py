"""An HTTP server of files that counts reads and bytes, as a bucket's bill does."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

_PIECE_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class Read(NamedTuple):
    """How many bytes were sent, and in how many responses."""

    size_bytes: int = 0
    requests: int = 0


class Store(ThreadingHTTPServer):
    """Serves the files of a directory. `read` is what was read since `reset`."""

    daemon_threads = True

    def __init__(self, directory: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.directory = directory
        self.read = Read()
        self._lock = threading.Lock()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def reset(self) -> None:
        self.read = Read()

    def count(self, size_bytes: int, requests: int = 0) -> None:
        with self._lock:
            self.read = Read(self.read.size_bytes + size_bytes, self.read.requests + requests)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Store

    def do_HEAD(self) -> None:
        """Send the size, which the message to the media function has. It is not counted."""
        self.send_response(200)
        size = (self.server.directory / self.path.strip("/")).stat().st_size
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def do_GET(self) -> None:
        """Send the range that was asked for, until the client closes the connection."""
        path = self.server.directory / self.path.strip("/")
        size, found = path.stat().st_size, _RANGE.fullmatch(self.headers.get("Range", ""))
        first = int(found[1]) if found else 0
        end = min(size, int(found[2]) + 1) if found and found[2] else size
        self.send_response(206 if found else 200)
        self.send_header("Content-Length", str(end - first))
        self.send_header("Accept-Ranges", "bytes")
        if found:
            self.send_header("Content-Range", f"bytes {first}-{end - 1}/{size}")
        self.end_headers()
        self.server.count(0, requests=1)
        with path.open("rb") as file, suppress(ConnectionError):
            file.seek(first)
            while first < end:
                piece = file.read(min(_PIECE_BYTES, end - first))
                self.wfile.write(piece)
                self.server.count(len(piece))
                first += len(piece)
        self.close_connection = first < end

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""


@contextmanager
def serving(directory: Path) -> Iterator[Store]:
    """Run a store of a directory."""
    with Store(directory) as store:
        thread = threading.Thread(target=store.serve_forever)
        thread.start()
        try:
            yield store
        finally:
            store.shutdown()
            thread.join()
