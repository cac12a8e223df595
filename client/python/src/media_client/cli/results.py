"""The results of a command, printed one by one, and the failures, after which it continues."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from media_client.cli.context import complain
from media_client.cli.exits import ExitStatus, exit_status_of_all
from media_client.cli.output import json_line, row
from media_client.errors import MediaError, UserError
from media_client.transfer.source import STDIN, shown


class Results:
    """Prints one line per result: a row of text, or JSON if `as_json`. Collects the failures."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self.failures: list[MediaError] = []

    def add(self, cells: Sequence[str], fields: Mapping[str, Any]) -> None:
        """Print a result: the cells, or the fields as JSON."""
        if self._as_json:
            json_line(fields)
        else:
            row(cells)

    def fail(self, error: MediaError, **subject: str) -> None:
        """Print a failure. `subject`: what it is about, as fields of the JSON, such as `path`."""
        self.failures.append(error)
        complain(_with_name(str(error), [shown(name) for name in subject.values()]))
        if self._as_json:
            json_line({**subject, "error": error_fields(error)})

    def unmatched(self, word: str, error: MediaError) -> None:
        """Print that a word of the command line names no upload."""
        self.fail(error, name=word)

    def status(self) -> ExitStatus:
        """Return the exit status that all failures share; OK if there are none."""
        return exit_status_of_all(self.failures)

    def exit(self) -> NoReturn:
        """Exit with `status`."""
        sys.exit(self.status())


def error_fields(error: MediaError) -> dict[str, str]:
    """Return the JSON fields of an error."""
    code = error.code if isinstance(error, UserError) else type(error).__name__
    return {"code": code, "message": str(error)}


def _with_name(text: str, names: Sequence[str]) -> str:
    """Put the first name in front of a message that has none of them."""
    if any(name in text or name == os.fspath(STDIN) for name in names):
        return text
    return f"{names[0]}: {text}"
