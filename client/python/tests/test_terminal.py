"""The command on a terminal: results and progress share the screen, and signals restore it."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from client.python.tests.conftest import ID, MEDIA, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.terminal import Terminal

from media_client.cli import signals
from media_client.cli.output import row, rows
from media_client.cli.signals import stopped_by_signals

MIB = 1024 * 1024


def _on_terminal(media: Media, *arguments: str) -> Terminal:
    return Terminal([MEDIA, *arguments], media.files, media.environment)


def test_results_stay_on_the_screen_above_the_progress(media: Media, tag: str) -> None:
    names = [f"{number}.txt" for number in range(4)]
    for name in names:
        media.write(name)
    with _on_terminal(media, "upload", *names, "missing.txt", "--tag", tag) as terminal:
        assert terminal.wait() == 6
        lines = terminal.text.splitlines()
        assert sorted(ID.sub("ID", line) for line in lines) == [
            *(f"ID  {name}" for name in names),
            "media: missing.txt can't be read: No such file or directory.",
        ]
        assert terminal.shows_cursor


def test_results_have_no_header(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table has one. Results that are printed one by one do not: it would repeat."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    rows(("ID", "NAME"), [("1", "a")])
    row(("2", "b"))
    assert capsys.readouterr().out == "ID  NAME\n1   a\n2  b\n"


def test_a_signal_restores_the_terminal_during_a_transfer(
    far_media: Media, proxy: FaultProxy
) -> None:
    far_media.write("film.bin", 20 * MIB)
    proxy.hold_after = MIB
    with _on_terminal(far_media, "upload", "film.bin") as terminal:
        terminal.read_until(lambda: proxy.received >= MIB and not terminal.shows_cursor)
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.wait() == 128 + signal.SIGHUP
        assert terminal.shows_cursor
        assert "Run `media resume` to continue it." in terminal.text
    proxy.let_go()
    assert "film.bin" in far_media("resume", "--list").stdout


def test_a_signal_restores_the_terminal_during_a_question(media: Media) -> None:
    media.environment["MEDIA_TOKEN"] = ""
    with _on_terminal(media, "login", "-u", "ada") as terminal:
        terminal.read_until(lambda: "Password:" in terminal.text and not terminal.echoes)
        terminal.process.terminate()
        assert terminal.wait() == 128 + signal.SIGTERM
        assert terminal.echoes
        assert "Traceback" not in terminal.text


_STUBBORN = """
import time
from rich.console import Console
from media_client.cli.live import Live
from media_client.cli import signals
from media_client.cli.output import row, rows
from media_client.cli.signals import stopped_by_signals
with Live(Console(stderr=True)), stopped_by_signals() as stop:
    print("started")
    stop.wait()
    print("stopping")
    time.sleep(600)
"""


def test_a_second_signal_exits_at_once_and_restores_the_terminal(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-uc", _STUBBORN], tmp_path, {}) as terminal:
        terminal.read_until(lambda: "started" in terminal.text and not terminal.shows_cursor)
        terminal.process.send_signal(signal.SIGHUP)
        terminal.read_until(lambda: "stopping" in terminal.text)
        terminal.process.send_signal(signal.SIGHUP)  # Both the shell and the system may send it.
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
        assert terminal.shows_cursor


def test_a_question_without_an_answer(media: Media) -> None:
    with _on_terminal(media, "login") as terminal:
        terminal.read_until(lambda: "Username:" in terminal.text)
        terminal.type("\x04")  # Ctrl-D
        assert terminal.wait() == 1
        assert "media: Stdin ended before the question was answered." in terminal.text


def test_a_question_that_is_answered_with_no(media: Media, tag: str) -> None:
    with media.account.client() as client:
        upload = client.upload_file(media.write("a.txt"), filename=f"{tag}/b.txt")
        with _on_terminal(media, "sync", ".", f"library:{tag}", "--delete") as terminal:
            terminal.read_until(lambda: "Move 1 file" in terminal.text)
            terminal.type("n\n")
            assert terminal.wait() == 1
            assert "media: Nothing was changed." in terminal.text
        assert client.get_upload(upload.id).trashed_at is None


@pytest.fixture
def ignored_hangup() -> Iterator[None]:
    """SIGHUP, ignored as by nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("ignored_hangup")
def test_ignored_signals_stay_ignored() -> None:
    with stopped_by_signals() as stop:
        os.kill(os.getpid(), signal.SIGHUP)
        assert not stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(60)


def test_windows_has_no_sighup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    module = runpy.run_path(signals.__file__)
    with module["stopped_by_signals"]() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(60)
