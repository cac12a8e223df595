"""A service that accepts connections and never responds. A signal ends every command."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.in_process import InProcess

from media_client import MediaClient, waiting
from media_client.cli.exits import ExitStatus
from media_client.cli.results import Results
from media_client.cli.sync_run import Run
from media_client.errors import Stopped
from media_client.sync import Sides

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


def test_no_question_after_a_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that arrives between the list and the question can't interrupt the question."""
    monkeypatch.setattr("sys.stdin", Mock(isatty=lambda: True))
    stop = threading.Event()

    def listed(_sides: Sides) -> dict[str, list[Mock]]:
        stop.set()
        return {"b": [Mock(size=1)]}

    monkeypatch.setattr(Sides, "uploads", listed)
    monkeypatch.setattr("click.confirm", Mock(side_effect=AssertionError))
    context = Mock(url="http://127.0.0.1", directories=Mock(state=tmp_path))
    sides = Sides(MediaClient("http://127.0.0.1"), tmp_path, "a/", delete=True, stop=stop)
    (tmp_path / "a").touch()
    with pytest.raises(Stopped):
        Run(context, sides, True, Results(False), yes=False, quiet=True).once()


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
