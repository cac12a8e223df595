"""A proxy in front of the service that records the operations that a client sends."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_FIELD = re.compile(r"\{\s*(\w+)")


class Recorder:
    """Forwards requests to `url`. `operations` has the first field of each, in order.

    `before`, if set, is called with that field before the request is forwarded.
    """

    def __init__(self, url: str) -> None:
        self.operations: list[str] = []
        self.before: Callable[[str], None] | None = None
        recorder, target = self, urlsplit(url).netloc

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                found = _FIELD.search(json.loads(body)["query"])
                assert found
                recorder.operations.append(found[1])
                if recorder.before is not None:
                    recorder.before(found[1])
                upstream = http.client.HTTPConnection(target)
                upstream.request("POST", self.path, body, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
                with contextlib.suppress(OSError):  # The client may be dead.
                    self.send_response(answer.status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop accepting connections."""
        self._server.shutdown()
        self._server.server_close()
