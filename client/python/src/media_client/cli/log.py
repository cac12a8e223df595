"""--debug: the log of the package, on stderr."""

from __future__ import annotations

import logging
import time

from media_client.cli.streams import message
from media_client.transfer.source import shown


class _Messages(logging.Handler):
    """Prints records to stderr, above a live display if there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record, on one line."""
        message(shown(self.format(record)))


def log_to_stderr() -> None:
    """Print every record of the package's loggers."""
    logger = logging.getLogger("media_client")
    logger.setLevel(logging.DEBUG)
    if not any(isinstance(handler, _Messages) for handler in logger.handlers):
        handler = _Messages()
        formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime  # As in the service's log.
        handler.setFormatter(formatter)
        logger.addHandler(handler)
