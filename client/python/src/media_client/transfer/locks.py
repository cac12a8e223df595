"""Locks on open files. The kernel releases them when the process dies."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    def try_lock(file: int) -> bool:
        """Lock an open file. Returns False if another process holds the lock."""
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def lock(file: int) -> None:
        """Lock an open file, waiting for another process to release it."""
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def try_lock(file: int) -> bool:
        """Lock an open file. Returns False if another process holds the lock."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def lock(file: int) -> None:
        """Lock an open file, waiting for another process to release it."""
        fcntl.flock(file, fcntl.LOCK_EX)
