import asyncio
import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import argon2
import pytest
from argon2 import low_level

from gql_api.adapters.passwords import Argon2Hasher

PARAMETERS = "$argon2id$v=19$m=19456,t=2,p=1$"
PASSWORD = "correct horse battery staple"
ACCENTED = "fivé cafés"


@pytest.fixture
def computations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the argon2 functions called, in order."""
    calls: list[str] = []

    def counting(name: str) -> Callable[..., Any]:
        real = getattr(low_level, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return real(*args, **kwargs)

        return call

    for name in ("hash_secret", "verify_secret"):
        monkeypatch.setattr(low_level, name, counting(name))
    return calls


async def test_hashes_have_owasp_parameters_and_a_salt() -> None:
    hasher = Argon2Hasher()
    first, second = await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)
    assert first.startswith(PARAMETERS)
    assert second.startswith(PARAMETERS)
    assert first != second


async def test_only_the_right_password_matches() -> None:
    hasher = Argon2Hasher()
    password_hash = await hasher.hash(PASSWORD)
    assert await hasher.verify(PASSWORD, password_hash) == (True, None)
    for wrong in ("", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1]):
        assert await hasher.verify(wrong, password_hash) == (False, None)


async def test_all_of_a_long_password_counts() -> None:
    hasher = Argon2Hasher(memory_kib=64, passes=1)
    password_hash = await hasher.hash("😀" * 1024)
    assert await hasher.verify("😀" * 1024, password_hash) == (True, None)
    assert await hasher.verify("😀" * 1023 + "😁", password_hash) == (False, None)


@pytest.mark.parametrize(("memory_kib", "passes"), [(9_216, 4), (19_456, 1), (19_456, 3), (64, 1)])
async def test_outdated_hashes_are_renewed(memory_kib: int, passes: int) -> None:
    old = await Argon2Hasher(memory_kib=memory_kib, passes=passes).hash(PASSWORD)
    hasher = Argon2Hasher()
    matches, new = await hasher.verify(PASSWORD, old)
    assert matches
    assert new is not None
    assert new.startswith(PARAMETERS)
    assert await hasher.verify(PASSWORD, new) == (True, None)
    assert await hasher.verify("wrong password", old) == (False, None)


async def test_hashes_of_another_type_are_renewed() -> None:
    old = low_level.hash_secret(
        PASSWORD.encode(),
        b"s" * 16,
        time_cost=2,
        memory_cost=19_456,
        parallelism=1,
        hash_len=32,
        type=low_level.Type.I,
    ).decode()
    matches, new = await Argon2Hasher().verify(PASSWORD, old)
    assert matches
    assert new is not None
    assert new.startswith(PARAMETERS)


@pytest.mark.parametrize("password_hash", [None, "", "!", "$2b$12$abc"])
@pytest.mark.parametrize(("wrong", "verifications"), [("wrong password", 1), ("wróng ﬁle", 2)])
async def test_without_a_hash_the_effort_is_the_same(
    password_hash: str | None, wrong: str, verifications: int, computations: list[str]
) -> None:
    hasher = Argon2Hasher(memory_kib=64, passes=1)
    known = await hasher.hash(PASSWORD)
    computations.clear()
    assert await hasher.verify(wrong, known) == (False, None)
    effort = computations.copy()
    computations.clear()
    assert await hasher.verify(wrong, password_hash) == (False, None)
    assert computations == effort == ["verify_secret"] * verifications


@pytest.mark.parametrize("other", [unicodedata.normalize("NFD", ACCENTED), "ﬁvé cafés"])
async def test_the_same_text_in_other_code_points_matches(other: str) -> None:
    hasher = Argon2Hasher(memory_kib=64, passes=1)
    for first, second in ((ACCENTED, other), (other, ACCENTED)):
        assert await hasher.verify(second, await hasher.hash(first)) == (True, None)


async def test_hashes_of_what_was_typed_are_accepted_and_renewed() -> None:
    """Releases up to 0.2 hashed the text without normalizing it."""
    typed = unicodedata.normalize("NFD", ACCENTED)
    old = argon2.PasswordHasher(memory_cost=64, time_cost=1, parallelism=1).hash(typed)
    hasher = Argon2Hasher(memory_kib=64, passes=1)
    matches, new = await hasher.verify(typed, old)
    assert matches
    assert new is not None
    assert await hasher.verify(ACCENTED, new) == (True, None)
    assert await hasher.verify(typed, new) == (True, None)


async def test_no_more_hash_at_once_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = Argon2Hasher(memory_kib=64, passes=1, at_once=2)
    await hasher.hash(PASSWORD)
    real, lock, now, most = low_level.hash_secret, threading.Lock(), 0, 0
    # Each computation waits until the maximum number are running, so one more would be noticed.
    together = threading.Barrier(2)

    def watched(*args: Any, **kwargs: Any) -> bytes:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait(30)
        result = real(*args, **kwargs)
        with lock:
            now -= 1
        return result

    monkeypatch.setattr(low_level, "hash_secret", watched)
    count = 8
    hashes = await asyncio.gather(*(hasher.hash(PASSWORD) for _ in range(count)))
    assert len(set(hashes)) == count
    assert most == 2
