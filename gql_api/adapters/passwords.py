"""Password hashing: argon2id through passlib, which the package libpass provides.

The parameters are those of the OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
Passwords are hashed in the normalization form NFKC (NIST SP 800-63B-4, 3.1.1.2): keyboards produce
different characters for the same text, such as an é in one or in two code points.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
import unicodedata
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
        """Return whether the password matches, and a new hash if the old one is outdated.

        A hash is outdated if it has other parameters, or was made from the password as it was
        typed: releases up to 0.2 did not normalize. The typed form is therefore tried as well.

        If there is no hash, or it is not an argon2 hash, the result is (False, None). That takes
        the same time, so that the response time does not reveal whether a user exists.
        """
        async with self._slots:
            return await asyncio.to_thread(self._verify, password, password_hash)

    def _hash(self, password: str) -> str:
        context, _ = self._load()
        return context.hash(_normalized(password))

    def _verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        context, dummy = self._load()
        is_hash = password_hash is not None and context.identify(password_hash) is not None
        known = password_hash if is_hash else None
        normalized = _normalized(password)
        for form in dict.fromkeys((normalized, password)):
            if context.verify(form, known or dummy) and known is not None:
                outdated = form != normalized or context.needs_update(known)
                return True, context.hash(normalized) if outdated else None
        return False, None

    def _load(self) -> tuple[CryptContext, str]:
        """Return the passlib context and the hash of a random dummy password.

        They are loaded on first use: only sign-up and login need them, so the cold start of other
        requests does not include them. The first request creates the dummy hash even if its user
        exists, so that its duration does not reveal whether the user exists.
        """
        with self._loading:
            if self._loaded is None:
                context = _context(self._memory_kib, self._passes)
                self._loaded = context, context.hash(secrets.token_urlsafe())
            return self._loaded


def _normalized(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _context(memory_kib: int, passes: int) -> CryptContext:
    from passlib.context import CryptContext

    return CryptContext(
        schemes=["argon2"],
        argon2__type="ID",
        argon2__memory_cost=memory_kib,
        argon2__time_cost=passes,
        argon2__parallelism=LANES,
    )
