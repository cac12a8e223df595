"""Password hashes: argon2id by passlib, with the parameters of the OWASP Password Storage Cheat
Sheet (19 MiB, 2 passes, 1 lane)."""

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
    """Hashes passwords in threads, `at_once` of them: by default as many as there are processors.

    More would not be faster, and each takes `memory_kib` of memory while it runs.
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
        """The hash of a password with a new salt, in the PHC string format."""
        async with self._slots:
            return await asyncio.to_thread(self._hash, password)

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Whether it matches, and a new hash where the old one's parameters are outdated.

        With no hash, or one that is no argon2 hash, the same effort is made, so that the time
        does not tell whether a user exists; the answer is (False, None).
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
        """The context, and the hash of a password that nobody has.

        Loaded at first use: only signing up and in need it, and a Lambda function's cold start
        for anything else need not pay. The dummy is made for whoever comes first, known or not.
        """
        with self._loading:
            if self._loaded is None:
                context = _context(self._memory_kib, self._passes)
                self._loaded = context, _first_hash(context)
            return self._loaded


def _context(memory_kib: int, passes: int) -> CryptContext:
    with warnings.catch_warnings():
        # passlib 1.7.4, the last release, imports `crypt`, which Python 3.11 warns about. It
        # does without where there is none.
        warnings.simplefilter("ignore", DeprecationWarning)
        from passlib.context import CryptContext

    return CryptContext(
        schemes=["argon2"],
        argon2__type="ID",
        argon2__memory_cost=memory_kib,
        argon2__time_cost=passes,
        argon2__parallelism=LANES,
    )


def _first_hash(context: CryptContext) -> str:
    with warnings.catch_warnings():
        # On loading its back end, passlib asks argon2-cffi for its version in an outdated way.
        warnings.simplefilter("ignore", DeprecationWarning)
        return context.hash(secrets.token_urlsafe())
