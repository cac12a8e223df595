"""Signals that end a command: Ctrl-C, SIGTERM, and SIGHUP of a closed terminal.

Each ends the command with status 128 + its number, after the terminal is restored. Signals that
the caller ignores, as nohup does with SIGHUP, stay ignored.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click

from media_client.errors import Stopped

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP.
_ENDING = frozenset(int(getattr(signal, name)) for name in _NAMES if hasattr(signal, name))
_SHOW_CURSOR = b"\x1b[?25h"

Handler = Callable[[int, FrameType | None], None]


class Interrupted(Stopped):
    """A signal ended the command. `number` is that of the signal."""

    number: int = signal.SIGINT

    @classmethod
    def by(cls, number: int, message: str = "") -> Interrupted:
        """Return the error for a signal."""
        error = cls(message)
        error.number = number
        return error


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Let a signal raise KeyboardInterrupt in the main thread, so that the terminal is restored.

    A second one exits at once.

    Raises:
        Interrupted: a signal arrived.
    """
    received: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        if len(received) > 1:
            _insist(number)
        else:
            raise KeyboardInterrupt

    with _handled(interrupt):
        try:
            yield
        except (KeyboardInterrupt, click.Abort):
            if not received:
                raise
            raise Interrupted.by(received[0]) from None


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Yield an event that a signal sets. A second one exits at once.

    A thread reads the signals from a socket, because a signal handler runs in the middle of any
    statement of the main thread, which may hold the event's lock at that moment.

    Raises:
        Interrupted: a signal arrived, and the transfer stopped for it.
    """
    stop = threading.Event()
    received: list[int] = []
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def watch() -> None:
        while numbers := reader.recv(16):
            for number in filter(_ENDING.__contains__, numbers):
                received.append(number)
                stop.set()
                if len(received) > 1:
                    _insist(number)

    thread = threading.Thread(target=watch, name="signals", daemon=True)
    thread.start()
    with _handled(lambda _number, _frame: None):
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield stop
        except Stopped as error:
            if not received:
                raise
            raise Interrupted.by(received[0], str(error)) from error
        finally:
            signal.set_wakeup_fd(before)
            writer.close()
            thread.join()
            reader.close()


@contextmanager
def _handled(handler: Handler) -> Iterator[None]:
    before = {}
    for number in _ENDING:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _insist(number: int) -> None:
    """Exit at once for a repeated signal. A terminal that closes may send SIGHUP twice."""
    if number not in (signal.SIGINT, signal.SIGTERM):
        return
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), _SHOW_CURSOR + b"\n")
    os._exit(128 + number)
