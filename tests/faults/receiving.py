"""A process that receives webhooks: `python -m tests.faults.receiving PORT FILE`.

It appends the id of each event to the file before it answers, so a kill loses none that a sender
counts as delivered.
"""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local import ports


class Receiving(BaseHTTPRequestHandler):
    """Records one request; its line is short, so that the kernel appends it as a whole."""

    file: int

    def do_POST(self) -> None:
        """Record the event, then answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        os.write(self.file, f"{self.headers['webhook-id']}\n".encode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""


def main(port: int, path: str) -> None:
    """Receive until killed."""
    Receiving.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ThreadingHTTPServer((ports.HOST, port), Receiving).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
