"""What the parent makes of a decoding process that may say anything: an outcome, or an error."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gql_api.adapters.media import messages, webp
from gql_api.adapters.media.decoding import DecoderUnavailable, decode
from gql_api.domain import media
from gql_api.domain.media import Derived, Refusal
from tests.adapters.media import samples
from tests.adapters.media.mutations import mutated
from tests.random_work import SOAK_FACTOR, generator

FILE = samples.encoded(samples.picture(), "PNG")
COUNT = 500 * SOAK_FACTOR


def spoken() -> bytes:
    """Return what the process says of a picture, after two reads."""
    said = io.BytesIO()
    messages.send(said, messages.READY, b"")
    for offset in (0, 5):
        messages.send(said, messages.READ, messages.RANGE.pack(offset, 9))
    messages.send_derived(said, samples.derive(FILE))
    return said.getvalue()


class Speaker:
    """Stands in for a process that has said all that it will say, and has ended."""

    def __init__(self, said: bytes) -> None:
        receiving, sending = os.pipe()
        os.write(sending, said)  # Fits in the pipe.
        os.close(sending)
        self.stdout = os.fdopen(receiving, "rb", buffering=0)
        self._hears, sending = os.pipe()
        self.stdin = os.fdopen(sending, "wb", buffering=0)

    def wait(self, _seconds: float | None = None) -> int:
        return 0

    def kill(self) -> None:
        os.close(self._hears)


@contextmanager
def speaking(monkeypatch: pytest.MonkeyPatch, said: bytes) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", lambda *_, **__: Speaker(said))
        yield


def outcome(monkeypatch: pytest.MonkeyPatch, said: bytes) -> Derived | Refusal | None:
    with speaking(monkeypatch, said):
        return decode(lambda offset, length: FILE[offset : offset + length], len(FILE))


def test_the_undamaged_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(monkeypatch, spoken()) == samples.derive(FILE)


@pytest.mark.random
def test_a_damaged_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, said = generator(3), spoken()
    outcomes = {Derived: 0, Refusal: 0, DecoderUnavailable: 0}
    for _ in range(COUNT):
        # The mutations leave the first four bytes alone.
        damaged = mutated(said[:4] + said, chance)[4:]
        try:
            found = outcome(monkeypatch, damaged)
        except DecoderUnavailable:
            outcomes[DecoderUnavailable] += 1
            continue
        assert isinstance(found, Derived | Refusal), damaged
        outcomes[type(found)] += 1
        if isinstance(found, Refusal):
            assert 0 < len(found.reason) <= media.REASON_MAX_LENGTH
            assert found.reason.isprintable()
        else:
            media.from_json(media.to_json(found.media))
            for rendition in found.renditions:
                assert webp.dimensions(rendition.data) == (rendition.width, rendition.height)
                assert len(rendition.data) <= rendition.name.max_bytes
    assert min(outcomes.values()) > COUNT // 100, outcomes
