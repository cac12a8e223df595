"""Run the media upload service on this machine: MongoDB, an S3 server and the API.

Settings come from the environment and from .env in the current directory; .env.example lists them
all. The environment takes precedence. None is required:

  PORT       the port of the API (default: 8000)
  DATA_DIR   the directory for data and logs (default: .local)
  DB_URL     use this MongoDB replica set instead of starting a MongoDB server
  S3_BUCKET  use this bucket instead of starting an S3 server; needs AWS_ACCESS_KEY_ID and
             AWS_SECRET_ACCESS_KEY

Example: PORT=8001 DATA_DIR=.local2 python -m local

A server that exits is restarted. Exit status: 0 after Ctrl-C or SIGTERM, 1 if a server fails to
start or exits five times within a minute, 2 if a setting is invalid.
"""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from local.errors import ExitStatus, LocalError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """Run the stack until a signal arrives and return the exit status."""
    for number in _SIGNALS:
        signal.signal(number, _exit)
    arguments = _parser().parse_args()
    if sys.platform == "win32":
        print("This runs on Linux and macOS. On Windows, run it inside WSL.", file=sys.stderr)
        return ExitStatus.FAILED
    # Imported here, so that a signal during the imports does not print a traceback.
    import asyncio
    import logging
    import os
    from pathlib import Path

    from local import process
    from local.configuration import read_configuration

    if arguments.end_with_parent:
        process.end_with_parent(signal.SIGTERM)
    os.umask(0o077)  # Only the current user may read the data, whichever process writes it.
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for talkative in ("uvicorn", "gql_api.requests"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    try:
        configuration = read_configuration(os.environ, Path(".env"))
        from local import stack  # This takes a second, and most errors are found before.

        asyncio.run(stack.run_until_signal(configuration, _SIGNALS))
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return error.exit_status
    return ExitStatus.OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--end-with-parent",
        action="store_true",
        help="exit when the parent process dies, even by kill -9 (Linux only)",
    )
    return parser


def _exit(_number: int, _frame: FrameType | None) -> None:
    """Exit at once; no server has been started yet."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
