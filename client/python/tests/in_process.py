"""Run the command in the process of the tests: a process of its own takes 0.3 s of CPU time."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, TextIO

import pytest

from media_client.cli import main

if TYPE_CHECKING:
    from client.python.tests.conftest import Media


class InProcess:
    """Runs the command in this process, with the folders and the environment of `media`."""

    def __init__(self, media: Media, monkeypatch: pytest.MonkeyPatch) -> None:
        self.media = media
        self._monkeypatch = monkeypatch

    def __call__(
        self, *arguments: str, stdin: str = "", stdout: TextIO | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command, and return its status and output. Results go to `stdout`, if given."""
        out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
        logger = logging.getLogger("media_client")
        handlers, level = list(logger.handlers), logger.level
        with self._monkeypatch.context() as patch:
            for name, value in {**self.media.environment, **environment}.items():
                patch.setenv(name, value)
            patch.chdir(self.media.files)
            patch.setattr(sys, "argv", ["media", *arguments])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            patch.setattr(sys, "stdout", stdout or out)
            patch.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as ended:
                main.run()
        logger.handlers, logger.level = handlers, level
        status = ended.value.code
        assert isinstance(status, int)
        text = out.buffer.getvalue().decode()
        return subprocess.CompletedProcess(arguments, status, text, err.getvalue())
