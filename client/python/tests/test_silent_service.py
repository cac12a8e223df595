"""A service that accepts connections and never responds. A signal ends every command."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.in_process import InProcess

from media_client import waiting
from media_client.cli.exits import ExitStatus

_ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"


@contextmanager
def _silent_service() -> Iterator[str]:
    """Yield the address of a server that sends this process a SIGTERM when it has a request."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                os.kill(os.getpid(), signal.SIGTERM)
                while connection.recv(65536):
                    pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "words",
    [
        "ls",
        "upload a.txt",
        "upload - --name a --size 1",
        f"resume {_ID} a.txt",
        "download a.txt",
        "sync . library:a/",
        "sync . library:a/ --dry-run",
        "sync . library:a/ --watch",
        "sync library:a/ b",
    ],
)
def test_a_signal_ends_it(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "GRACE_SECONDS", 0.1)
    with _silent_service() as url:
        media = Media(Account(url, "ada", "mus_secret"), tmp_path)
        media.write("a.txt")
        run = InProcess(media, monkeypatch)
        result = run(*words.split(), MEDIA_TIMEOUT="30", MEDIA_RETRIES="0")
    ends = ExitStatus.OK if "--watch" in words else ExitStatus.TERMINATED
    assert result.returncode == ends
    assert "Traceback" not in result.stderr
