"""The results of a command that goes on with the other uploads after a failure."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from media_client.cli import streams
from media_client.cli.context import complain
from media_client.cli.exits import exit_status_of_all
from media_client.cli.output import json_line
from media_client.errors import MediaError, UserError
from media_client.transfer.source import shown


class Results:
    """Prints one line per upload: text, or JSON if `as_json`. Collects the failures."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._errors: list[MediaError] = []

    def add(self, text: str, fields: Mapping[str, Any]) -> None:
        """Print a result: the text, or the fields as JSON."""
        if self._as_json:
            json_line(fields)
        else:
            streams.line(shown(text))

    def fail(self, error: MediaError, text: str | None = None, **fields: str) -> None:
        """Print a failure. `text` replaces the error's; `fields` say in JSON what it is about."""
        self._errors.append(error)
        complain(text or error)
        if self._as_json:
            code = error.code if isinstance(error, UserError) else type(error).__name__
            json_line({**fields, "error": {"code": code, "message": str(error)}})

    def unmatched(self, word: str, error: MediaError) -> None:
        """Print that a word of the command line names no upload."""
        self.fail(error, name=word)

    def exit(self) -> NoReturn:
        """Exit with the status that all failures share; 0 if there are none."""
        sys.exit(exit_status_of_all(self._errors))
