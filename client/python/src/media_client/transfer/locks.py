"""A lock on an open file. The kernel releases it when the process dies."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    def lock(file: int) -> None:
        """Lock an open file, waiting for another process to release it."""
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def lock(file: int) -> None:
        """Lock an open file, waiting for another process to release it."""
        fcntl.flock(file, fcntl.LOCK_EX)
