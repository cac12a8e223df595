"""An HTTP server that answers as a test says, and notes what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.client import session
from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner

REGION, KEY_ID, SECRET = "eu-central-1", "AKIDEXAMPLE", "secret"


@dataclass
class Reply:
    """A response; status 0 closes the connection without one, and `close` after it."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    close: bool = False


@dataclass
class Asked:
    """A request that arrived; `connection` numbers the connections."""

    method: str
    path: str
    headers: Mapping[str, str]
    connection: int


class ScriptedStore:
    """Gives the replies in order, and the last one from then on.

    `closed` can be acquired once for each connection that it has closed.
    """

    def __init__(self, context: Any = None) -> None:
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []
        self.connections = 0
        self.closed = threading.Semaphore(0)
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                store.connections += 1
                self.number = store.connections

            def do_HEAD(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                store.asked.append(Asked(self.command, self.path, headers, self.number))
                reply = store.replies[0] if len(store.replies) == 1 else store.replies.pop(0)
                self.close_connection = reply.close or not reply.status
                if reply.status:
                    self.send_response(reply.status)
                    for name, value in (
                        {"Content-Length": str(len(reply.body))} | {**reply.headers}
                    ).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(b"" if self.command == "HEAD" else reply.body)

            do_GET = do_HEAD

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def shutdown_request(self, request: Any) -> None:
                super().shutdown_request(request)
                store.closed.release()

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"{'https' if context else 'http'}://{self.host}"


@contextmanager
def scripted_store(*replies: Reply, context: Any = None) -> Iterator[ScriptedStore]:
    """Run a scripted store; with a TLS `context`, by HTTPS."""
    store = ScriptedStore(context)
    store.replies += replies
    thread = threading.Thread(target=store.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield store
    finally:
        store.server.shutdown()
        store.server.server_close()
        thread.join()


def bucket_at(endpoint_url: str | None, session_token: str | None = None) -> S3Bucket:
    """Return the bucket `media` at an endpoint, or at AWS."""
    credentials = Credentials(KEY_ID, SECRET, session_token, None)
    return S3Bucket(
        bucket="media",
        endpoint_url=endpoint_url,
        session=session(REGION, KEY_ID, SECRET, session_token),
        signer=S3Presigner(
            credentials=FixedCredentials(credentials),
            session_token_seconds=900,
            region=REGION,
            bucket="media",
            endpoint_url=endpoint_url,
        ),
    )
