"""How much of a large video crosses the wire: counted by the server that sends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gql_api.domain.parts import MIB
from gql_api.domain.processing import MediaRequest, read_facts
from gql_api.media_worker import build
from gql_api.worker_settings import read_worker_settings
from tests.adapters.media import samples
from tests.adapters.media.large_video import spread

UPLOAD = "01a21dec-64d3-7dfa-963b-dfb4833b0b30"
REQUEST = MediaRequest(f"uploads/{UPLOAD}/{UPLOAD}", '"e"', UPLOAD)


class Store:
    """An S3 server with one object, which counts the bytes of it that it sends."""

    def __init__(self, path: Path) -> None:
        self.gets: list[int] = []
        self.written: dict[str, bytes] = {}
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                start, _, end = self.headers["Range"].removeprefix("bytes=").partition("-")
                size_bytes = path.stat().st_size
                last = min(int(end), size_bytes - 1)
                with path.open("rb") as file:
                    file.seek(int(start))
                    data = file.read(last - int(start) + 1)
                store.gets.append(len(data))
                self.send_response(206)
                self.send_header("ETag", self.headers["If-Match"])
                self.send_header("Content-Range", f"bytes {start}-{last}/{size_bytes}")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_PUT(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                store.written[self.path.rpartition("/")[2]] = data
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a video of one gibibyte, whose index follows its pictures."""
    video = samples.video("mov", "libx264", "aac", frames=50, black=30)
    path = tmp_path / "large"
    spread(video, path, 2**30, together=1, index_first=False)
    store = Store(path)
    thread = threading.Thread(target=store.server.serve_forever, args=(0.01,))
    thread.start()
    yield store
    store.server.shutdown()
    store.server.server_close()
    thread.join()


def test_a_gibibyte_of_video_is_read_in_a_few_requests(store: Store) -> None:
    settings = read_worker_settings(
        {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "S3_BUCKET": "media",
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{store.server.server_port}",
        }
    )

    build(settings).derive(REQUEST)

    assert list(store.written) == ["thumbnail.webp", "preview.webp", "facts.json"]
    media = read_facts(store.written["facts.json"]).media
    assert media is not None
    assert (media.width, media.height, media.video_codec) == (64, 48, "h264")
    assert len(store.gets) <= 12
    assert sum(store.gets) <= 3 * MIB
