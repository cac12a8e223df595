"""`python -m local`: run the media upload service on this machine.

Reads .env in the current directory. PORT (8000) is where the API listens, DATA_DIR (.local) keeps
the data. Ends with 0 on Ctrl-C or SIGTERM, with 2 where a setting is wrong, and with 1 where a
part does not start or ended by itself.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """Run until a signal comes; the exit status."""
    for number in _SIGNALS:  # Before the imports, which take a second.
        signal.signal(number, _leave)
    import asyncio

    from local.errors import LocalError

    try:
        return asyncio.run(_run())
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return error.exit_status


async def _run() -> int:
    import asyncio
    import logging
    import os
    from pathlib import Path

    from local.configuration import read_configuration

    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:  # A second Ctrl-C must not break off the end of the servers.
            stopping = True
            print("Stopping…", file=sys.stderr)
            running.cancel()

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    os.umask(0o077)  # The data is the owner's alone, whichever part writes it.
    configuration = read_configuration(os.environ, Path(".env"))
    from local import stack

    running = asyncio.create_task(stack.run(configuration))
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        if not stopping:
            raise
    return 0


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Nothing has been started yet."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
