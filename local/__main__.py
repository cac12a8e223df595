"""Run the media upload service on this machine: MongoDB, an S3 server and the API.

Settings come from the environment and from .env in the current directory; .env.example lists them.
PORT (8000) is where the API listens, DATA_DIR (.local) keeps the data. Where DB_URL, or S3_BUCKET
with credentials, is set, that server is used and none of its kind started.

Exit status: 0 after Ctrl-C or SIGTERM, 2 where a setting is wrong, 1 where a part does not start
or ended by itself.
"""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from local.errors import ExitStatus, LocalError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """Run until a signal comes; the exit status."""
    for number in _SIGNALS:
        signal.signal(number, _leave)
    arguments = _parser().parse_args()
    if sys.platform == "win32":
        print("This runs on Linux and macOS. On Windows, run it inside WSL.", file=sys.stderr)
        return ExitStatus.FAILED
    # These take a second, in which a signal must already end us without a traceback.
    import asyncio
    import logging
    import os
    from pathlib import Path

    from local import process, stack
    from local.configuration import read_configuration

    if arguments.end_with_parent:
        process.end_with_parent(signal.SIGTERM)
    os.umask(0o077)  # The data is the owner's alone, whichever part writes it.
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        configuration = read_configuration(os.environ, Path(".env"))
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
        help="end when the process that started this one has died, even by kill -9 (Linux)",
    )
    return parser


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Nothing has been started yet."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
