"""Progress bars on a terminal: one per file in progress, and one for the total."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from media_client.cli.streams import message
from media_client.transfer.source import shown

_LINES = 8  # Further concurrent files only count toward the total.


class Live:
    """`transfer.progress.Progress`, rendered by rich."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            # Results and messages come through `print`. rich's own redirection would print
            # results to stderr, and those that bypass sys.stdout below the bars, which erase them.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._total = self._bars.add_task("Total", total=0)
        self._lines: dict[object, TaskID] = {}
        self._files = 0
        self._ended = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # The terminal is gone. That must not hide why the command ends.
            self._bars.stop()

    def print(self, text: str) -> None:
        """Print a line above the bars."""
        self._console.print(Text(text), soft_wrap=True)

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        with self._lock:
            self._files += 1
            total = self._bars.tasks[0].total or 0
            self._bars.update(self._total, total=total + size)
            self._bars.advance(self._total, done)
            self._describe_total()
            if len(self._lines) < _LINES:
                line = self._bars.add_task(shown(name)[-40:], total=size, completed=done)
                self._lines[key] = line

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self._bars.advance(self._total, count)
        line = self._lines.get(key)
        if line is not None:
            self._bars.advance(line, count)

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""
        with self._lock:
            self._ended += 1
            self._describe_total()
            line = self._lines.pop(key, None)
            if line is not None:
                self._bars.remove_task(line)

    def note(self, text: str) -> None:
        """See `Progress`."""
        message(f"media: {shown(text)}")

    def _describe_total(self) -> None:
        self._bars.update(self._total, description=f"Total ({self._ended} of {self._files} files)")
