"""The standard streams. Of the command's modules, only this one writes to stdout and stderr.

A result that can't be written raises one error, in every command and thread. A message that can't
be written is lost, because there is no other place to report it. A live display on the terminal
prints both above itself.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

from media_client.errors import ConfigurationError, MediaError

Printer = Callable[[str], None]


class OutputError(MediaError):
    """Results can't be written to stdout."""


class PipeClosed(OutputError):
    """The reader of stdout has closed the pipe."""


@dataclass
class _Streams:
    """How a live display prints messages, and results if they go to the same terminal.

    `has_escapes`: characters of results were printed as escapes. `stdin_is_closed`: the caller
    closed it, so that /dev/null has its number.
    """

    message: Printer | None = None
    line: Printer | None = None
    has_escapes: bool = False
    stdin_is_closed: bool = False


_streams = _Streams()


def prepare() -> None:
    """Make the standard streams usable. Call this before anything is opened or printed.

    Raises:
        OutputError: stdout is closed.
    """
    _streams.has_escapes = False
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # Otherwise, the next file or socket would become the standard stream of this number.
            os.open(os.devnull, os.O_RDWR)
    _streams.stdin_is_closed = sys.__stdin__ is None
    if _streams.stdin_is_closed:
        sys.stdin = open(os.devnull)  # noqa: SIM115 - stays open, as stdin does.
    if sys.__stderr__ is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if sys.__stdout__ is None:
        raise OutputError("Stdout is closed. To discard the results, redirect it to /dev/null.")
    # Files and pipes get UTF-8 in any locale, so that scripts read the same names everywhere.
    given = "PYTHONIOENCODING" in os.environ or sys.stdout.isatty()
    if isinstance(sys.stdout, io.TextIOWrapper) and not given:
        sys.stdout.reconfigure(encoding="utf-8")


def stdin_is_closed() -> bool:
    """Return whether the caller closed stdin, which is not the same as an empty one."""
    return _streams.stdin_is_closed


def read_line() -> str:
    """Read a line from stdin, without its end; "" at the end of the input.

    Raises:
        ConfigurationError: it is not text in stdin's encoding.
    """
    try:
        text = sys.stdin.readline()
        text.encode()  # In some locales, invalid bytes become surrogates.
    except UnicodeError as error:
        raise ConfigurationError(f"Stdin is not valid {sys.stdin.encoding} text.") from error
    return text.rstrip("\r\n")


def line(text: str) -> None:
    """Print a line of results to stdout, at once. Raises OutputError if it can't be written.

    Characters that stdout's encoding lacks are printed as escapes, which `finish` reports.
    """
    if not can_print(text):
        encoding = sys.stdout.encoding
        text = text.encode(encoding, "backslashreplace").decode(encoding)
        _streams.has_escapes = True
    try:
        if _streams.line is None:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        else:
            _streams.line(text)
    except (OSError, ValueError) as error:
        raise _failure(error) from error


def finish() -> None:
    """Write what stdout still buffers, at the end of a command.

    Raises:
        OutputError: that fails, or a file or a pipe got escapes instead of characters.
    """
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        raise _failure(error) from error
    if _streams.has_escapes and not sys.stdout.isatty():
        raise OutputError(
            f"Stdout's encoding {sys.stdout.encoding} lacks characters of a name, which were "
            "printed as escapes. Set PYTHONIOENCODING=utf-8, or pass --json."
        )


def can_print(text: str) -> bool:
    """Return whether stdout's encoding has all characters of a text."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def message(text: str) -> None:
    """Print a line to stderr. A message that can't be written is lost."""
    try:
        if _streams.message is None:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()
        else:
            _streams.message(text)
    except (OSError, ValueError):
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Drop what a stream buffers. Python would try to write it again at exit, and fail."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


@contextmanager
def printed_by(printer: Printer) -> Iterator[None]:
    """Send messages through `printer`, and results too if they go to the same terminal."""
    _streams.message = printer
    _streams.line = printer if _same_terminal() else None
    try:
        yield
    finally:
        _streams.message = _streams.line = None


def _same_terminal() -> bool:
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return False
    return os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())


def _failure(error: OSError | ValueError) -> OutputError:
    _discard(sys.stdout)
    # On Windows, writing to a closed pipe fails with EINVAL.
    closed = sys.platform == "win32" and getattr(error, "errno", None) == errno.EINVAL
    if closed or isinstance(error, BrokenPipeError):
        return PipeClosed("The reader of stdout has closed the pipe.")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return OutputError(f"Stdout can't be written: {reason}.")
