"""The results of uploads, printed file by file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from media_client.cli.context import complain
from media_client.cli.output import json_line, rows, upload_fields
from media_client.errors import MediaError, UserError
from media_client.models import UploadStatus
from media_client.transfer.job import Outcome
from media_client.transfer.source import STDIN, as_text, shown


class Report:
    """Prints the result of each file, and collects the failures."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self.failures: list[MediaError] = []

    def outcome(self, outcome: Outcome) -> None:
        """Print a file's outcome."""
        path = as_text(os.fspath(outcome.source.path))
        if outcome.upload is None:
            self.failure(path, outcome.error or MediaError("The file was not uploaded."))
            return
        if outcome.upload.status is UploadStatus.PENDING:
            complain(f"{shown(path)} was sent; the service is still verifying its checksum.")
        if self._as_json:
            json_line({"path": path, **upload_fields(outcome.upload), "skipped": outcome.skipped})
        else:
            rows(("", ""), [(outcome.upload.id, outcome.upload.filename)])

    def failure(self, path: str, error: MediaError) -> None:
        """Print and record that a file was not uploaded."""
        self._failed("path", as_text(path), error)

    def failed_upload(self, upload_id: str, error: MediaError) -> None:
        """Print and record that an operation on an upload failed."""
        self._failed("id", upload_id, error)

    def _failed(self, field: str, name: str, error: MediaError) -> None:
        self.failures.append(error)
        text = str(error)
        is_named = shown(name) in text or name == os.fspath(STDIN)
        complain(text if is_named else f"{shown(name)}: {text}")
        if self._as_json:
            json_line({field: name, "error": _fields(error)})


@contextmanager
def errors_as_json(as_json: bool) -> Iterator[None]:
    """With `as_json`, also print an error that ends the command as a line of JSON."""
    try:
        yield
    except MediaError as error:
        if as_json:
            json_line({"error": _fields(error)})
        raise


def _fields(error: MediaError) -> dict[str, str]:
    code = error.code if isinstance(error, UserError) else type(error).__name__
    return {"code": code, "message": str(error)}
