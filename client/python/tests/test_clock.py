"""A clock of this machine that is wrong: sessions and signed URLs are used as long as others."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest
from client.python.tests.conftest import PASSWORD, Account, Media

from media_client import MediaClient, clock, tokens
from media_client.tokens import MemoryStore, SessionTokens

MIB = 1024 * 1024


class _Store(MemoryStore):
    saved = 0

    def save(self, tokens: SessionTokens | None) -> None:
        self.saved += 1
        super().save(tokens)


@pytest.mark.parametrize("minutes", [20, -20])
def test_a_wrong_clock_costs_no_requests(
    account: Account,
    media: Media,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    minutes: int,
) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(minutes=minutes)

    monkeypatch.setattr(clock, "datetime", Wrong)
    monkeypatch.setattr(tokens, "datetime", Wrong)
    path, store = media.write("film.bin", 17 * MIB), _Store()
    with MediaClient(account.url, store=store) as client:
        client.login(account.username, PASSWORD)
    caplog.set_level(logging.DEBUG, "media_client")
    with MediaClient(account.url, store=store) as client:  # It has not seen an answer yet.
        upload = client.upload_file(path)
        client.download_file(upload.id, media.home / "copy")
    assert store.saved == 1
    calls = [record for record in caplog.records if "POST" in record.getMessage()]
    # limits, requestUpload, completeUpload, upload, download: no URL was signed again.
    assert len(calls) <= 6


def test_dates_that_are_none_are_ignored() -> None:
    there = clock.Clock()
    before = there.now()
    for date in (None, "", "soon", "Fri, 99 Nov 2026 12:00:00 GMT"):
        there.observe(date)
    assert there.now() - before < timedelta(minutes=1)
