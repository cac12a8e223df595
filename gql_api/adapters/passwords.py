"""Password hashing: argon2id through passlib.

The parameters are those of the OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from passlib.context import CryptContext

MEMORY_KIB = 19_456
PASSES = 2
LANES = 1


class Argon2Hasher:
    """Hashes passwords in at most `at_once` threads, by default one per processor.

    More threads would not be faster, and each uses `memory_kib` of memory while it runs.
    """

    def __init__(
        self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES, at_once: int | None = None
    ) -> None:
        self._memory_kib = memory_kib
        self._passes = passes
        self._slots = asyncio.Semaphore(at_once or os.cpu_count() or 1)
        self._loading = threading.Lock()
        self._loaded: tuple[CryptContext, str] | None = None

    async def hash(self, password: str) -> str:
        """Hash a password with a new salt. The result is in the PHC string format."""
        async with self._slots:
            return await asyncio.to_thread(self._hash, password)

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Return whether the password matches, and a new hash if its parameters are outdated.

        If there is no hash, or it is not an argon2 hash, the result is (False, None). That takes
        the same time, so that the response time does not reveal whether a user exists.
        """
        async with self._slots:
            return await asyncio.to_thread(self._verify, password, password_hash)

    def _hash(self, password: str) -> str:
        context, _ = self._load()
        return context.hash(password)

    def _verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        context, dummy = self._load()
        if password_hash is None or context.identify(password_hash) is None:
            context.verify(password, dummy)
            return False, None
        return context.verify_and_update(password, password_hash)

    def _load(self) -> tuple[CryptContext, str]:
        """Return the passlib context and the hash of a random dummy password.

        They are loaded on first use: only sign-up and login need them, so the cold start of other
        requests does not include them. The first request creates the dummy hash even if its user
        exists, so that its duration does not reveal whether the user exists.
        """
        with self._loading:
            if self._loaded is None:
                context = _context(self._memory_kib, self._passes)
                self._loaded = context, _dummy_hash(context)
            return self._loaded


def _context(memory_kib: int, passes: int) -> CryptContext:
    with warnings.catch_warnings():
        # passlib 1.7.4, the last release, imports `crypt`, which is deprecated since Python 3.11.
        # passlib also works without it.
        warnings.simplefilter("ignore", DeprecationWarning)
        from passlib.context import CryptContext

    return CryptContext(
        schemes=["argon2"],
        argon2__type="ID",
        argon2__memory_cost=memory_kib,
        argon2__time_cost=passes,
        argon2__parallelism=LANES,
    )


def _dummy_hash(context: CryptContext) -> str:
    with warnings.catch_warnings():
        # When it loads its back end, passlib reads argon2-cffi's version in a deprecated way.
        warnings.simplefilter("ignore", DeprecationWarning)
        return context.hash(secrets.token_urlsafe())
