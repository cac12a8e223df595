"""Progress off a terminal: a line of totals per interval on stderr."""

from __future__ import annotations

import re

import pytest
from client.python.tests.conftest import Media
from client.python.tests.in_process import InProcess

from media_client.cli import summary
from media_client.cli.summary import Summary

MIB = 1024 * 1024


def test_totals_speed_and_time_left() -> None:
    times = iter((0.0, 10.0, 20.0, 30.0, 40.0))
    progress = Summary(clock=lambda: next(times))
    progress.begin("a", "a", 600 * MIB, 100 * MIB)
    progress.begin("b", "b", 8000 * MIB, 0)
    progress.advance("a", 20 * MIB)
    assert progress.text() == "0 of 2 files, 120.0 MiB of 8.4 GiB, 2.0 MiB/s, 1:10:40 left"
    assert progress.text() == "0 of 2 files, 120.0 MiB of 8.4 GiB, stalled"
    progress.advance("b", -10 * MIB)
    assert progress.text().endswith("110.0 MiB of 8.4 GiB, stalled")
    progress.advance("a", 490 * MIB)
    progress.end("a", None)
    assert progress.text() == "1 of 2 files, 600.0 MiB of 8.4 GiB, 49.0 MiB/s, 0:02:43 left"


def test_uploads_print_it_unless_they_are_quiet(
    media: Media, tag: str, run: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "INTERVAL_SECONDS", 0.001)
    media.write("a.bin", MIB)
    shown = run("upload", "a.bin", "--tag", tag)
    assert shown.returncode == 0
    assert re.fullmatch(
        r"(media: [01] of 1 files, [\d.]+ \w+ of 1\.0 MiB, "
        r"(stalled|[\d.]+ \w+/s, \d+:\d\d:\d\d left)\n)+",
        shown.stderr,
    )
    quiet = run("upload", "a.bin", "--tag", tag, "--quiet")
    assert (quiet.returncode, quiet.stderr) == (0, "")
