"""Locks on open files, which the kernel lets go of when the process dies."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    def try_lock(file: int) -> bool:
        """Lock the open file, or say that another process holds it."""
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def lock(file: int) -> None:
        """Wait for the lock of the open file."""
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def try_lock(file: int) -> bool:
        """Lock the open file, or say that another process holds it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def lock(file: int) -> None:
        """Wait for the lock of the open file."""
        fcntl.flock(file, fcntl.LOCK_EX)
