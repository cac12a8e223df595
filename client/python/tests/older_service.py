"""A service from before media: a proxy that rejects the fields that the service had not then."""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import graphql
from client.python.tests.service import PROJECT

_FIELDS = {"media", "processing", "processingError", "rendition"}


def _older_schema() -> graphql.GraphQLSchema:
    schema = graphql.build_schema((PROJECT / "schema.graphql").read_text())
    upload = schema.type_map["Upload"]
    assert isinstance(upload, graphql.GraphQLObjectType)
    assert upload.fields.keys() >= _FIELDS
    for name in _FIELDS:
        del upload.fields[name]
    return schema


class OlderService:
    """Forwards requests to `url`, unless its schema has not what they ask for.

    `documents` has what was forwarded, and `rejected` what was not.
    """

    def __init__(self, url: str) -> None:
        self.documents: list[str] = []
        self.rejected: list[str] = []
        older, target, schema = self, urlsplit(url).netloc, _older_schema()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                document = json.loads(body)["query"]
                if errors := graphql.validate(schema, graphql.parse(document)):
                    older.rejected.append(document)
                    code = {"code": "GRAPHQL_VALIDATION_FAILED"}
                    listed = [{**error.formatted, "extensions": code} for error in errors]
                    self._answer(400, json.dumps({"errors": listed}).encode())
                    return
                older.documents.append(document)
                upstream = http.client.HTTPConnection(target)
                upstream.request("POST", self.path, body, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
                self._answer(answer.status, content)

            def _answer(self, status: int, content: bytes) -> None:
                self.send_response(status)
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
