"""Local problems: files that are unreadable, vanish or change, and a home that is not writable.

Each is reported with a clear message and an exit status, and does not affect the other files.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client.python.tests.conftest import PASSWORD, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.service import wait_until

from media_client import UploadFilter, UploadStatus

MIB = 1024 * 1024
PART = 16 * MIB

# With these capabilities, root ignores file permissions.
_WITHOUT_ROOT_ACCESS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@pytest.fixture
def humble(media: Media) -> Iterator[Media]:
    """The command, subject to file permissions even if root runs the tests."""
    if os.geteuid() == 0:
        media.prefix = _WITHOUT_ROOT_ACCESS
    yield media
    for path in (media.home, *media.home.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o700)


def _names(result: subprocess.CompletedProcess[str]) -> list[str]:
    return sorted(line.partition("\t")[2] for line in result.stdout.splitlines())


def test_unreadable_files_and_folders_do_not_affect_others(humble: Media, tag: str) -> None:
    humble.write("photos/good.jpg")
    humble.write("photos/secret.jpg").chmod(0)
    humble.write("photos/locked/a.jpg")
    (humble.files / "photos/locked").chmod(0)
    humble.write("photos/unsearchable/b.jpg")
    (humble.files / "photos/unsearchable").chmod(0o600)
    result = humble("upload", "-r", "photos", "--tag", tag)
    assert result.returncode == 6
    assert sorted(result.stderr.splitlines()) == [
        "media: photos/locked can't be read: Permission denied.",
        "media: photos/secret.jpg can't be read: Permission denied.",
        "media: photos/unsearchable/b.jpg can't be read: Permission denied.",
    ]
    assert _names(result) == ["photos/good.jpg"]
    with humble.account.client() as client:
        pending = list(client.uploads(UploadFilter(tags=[tag], status=[UploadStatus.PENDING])))
    assert pending == []


def test_special_files_do_not_affect_others(media: Media, tag: str) -> None:
    media.write("good.txt")
    os.mkfifo(media.files / "pipe")
    os.symlink("nowhere", media.files / "broken")
    os.symlink("loop", media.files / "loop")
    result = media("upload", "pipe", "broken", "loop", "good.txt", "--tag", tag)
    assert result.returncode == 6
    assert sorted(result.stderr.splitlines()) == [
        "media: broken can't be read: No such file or directory.",
        "media: loop can't be read: Too many levels of symbolic links.",
        "media: pipe is a pipe, not a file. To upload what it contains, pass it as stdin: "
        "media upload - --name NAME < pipe",
    ]
    assert _names(result) == ["good.txt"]


def _while_sending(
    media: Media,
    proxy: FaultProxy,
    meddle: Callable[[], object],
    *names: str,
    after: int = PART + MIB,
) -> subprocess.CompletedProcess[str]:
    """Run an upload, and call `meddle` after some bytes: in the middle of the second part."""
    proxy.hold_after = after
    process = media.start("upload", *names, "--jobs", "1")
    wait_until(lambda: proxy.received >= after)
    meddle()
    proxy.hold_after = None
    stdout, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def _status(media: Media, filename: str) -> str:
    with media.account.client() as client:
        [newest] = client.uploads(UploadFilter(search=filename), limit=1)
        return str(newest.status)


def test_a_file_that_vanishes_before_its_upload_does_not_affect_others(
    far_media: Media, proxy: FaultProxy
) -> None:
    far_media.write("film.bin", 2 * PART)
    far_media.write("stays.txt")
    gone = far_media.write("gone.txt")
    names = ("film.bin", "gone.txt", "stays.txt")
    result = _while_sending(far_media, proxy, gone.unlink, *names, after=MIB)
    assert result.returncode == 6
    assert result.stderr == "media: gone.txt can't be read: No such file or directory.\n"
    assert _names(result) == ["film.bin", "stays.txt"]


def test_a_file_that_vanishes_between_its_parts_does_not_affect_others(
    far_media: Media, proxy: FaultProxy
) -> None:
    gone = far_media.write("gone.bin", 3 * PART)
    far_media.write("stays.txt")
    result = _while_sending(far_media, proxy, gone.unlink, "gone.bin", "stays.txt")
    assert result.returncode == 6
    assert result.stderr == "media: gone.bin can't be read: No such file or directory.\n"
    assert _names(result) == ["stays.txt"]


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _shrink(path: Path) -> None:
    os.truncate(path, PART + 2 * MIB)


def _rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"other")
    os.utime(path, ns=(0, 0))


@pytest.mark.parametrize(
    ("meddle", "change"),
    [
        (_grow, f"it has {2 * PART + 4} bytes instead of {2 * PART}"),
        (_shrink, f"it has {PART + 2 * MIB} bytes instead of {2 * PART}"),
        (_rewrite, "it was modified or replaced"),
    ],
    ids=["grows", "shrinks", "rewritten"],
)
def test_a_file_that_changes_during_its_upload_does_not_affect_others(
    far_media: Media, proxy: FaultProxy, meddle: Callable[[Path], None], change: str
) -> None:
    name = f"{meddle.__name__.strip('_')}.log"
    path = far_media.write(name, 2 * PART)
    far_media.write("stays.txt", 10)
    result = _while_sending(far_media, proxy, lambda: meddle(path), name, "stays.txt")
    assert result.returncode == 6
    assert result.stderr == f"media: {name} changed while it was being sent: {change}.\n"
    assert _names(result) == ["stays.txt"]
    assert _status(far_media, name) == "CANCELLED"
    assert far_media("resume", "--list").stdout == ""


def test_a_read_only_home(humble: Media, tag: str) -> None:
    """Uploads do not need a writable home. A login fails before it creates a session."""
    humble.write("a.txt")
    humble.home.chmod(0o500)
    result = humble("upload", "a.txt", "--tag", tag)
    assert result.returncode == 0
    assert result.stderr == (
        "media: The journal can't be written (Permission denied): this run can't be resumed.\n"
    )
    assert _names(result) == ["a.txt"]
    login = ("login", "-u", humble.account.username, "--password-stdin")
    refused = humble(*login, stdin=f"{PASSWORD}\n", MEDIA_TOKEN="")
    assert (refused.returncode, refused.stdout) == (6, "")
    assert refused.stderr == (
        f"media: Sessions can't be stored: {humble.home}/config/media is not writable (Permission "
        "denied). Set XDG_CONFIG_HOME to a writable directory, or MEDIA_TOKEN to an API key.\n"
    )


def test_an_unreadable_journal(humble: Media, tag: str) -> None:
    humble.write("a.txt")
    humble.write("../state/media/uploads/run-1.jsonl", 0).chmod(0)
    result = humble("upload", "a.txt", "--tag", tag)
    assert result.returncode == 0
    assert result.stderr == (
        "media: The journal can't be read (Permission denied): this run can't be resumed.\n"
    )


def test_a_download_folder_that_is_not_writable(humble: Media, tag: str) -> None:
    humble.write("a.txt")
    upload_id = humble("upload", "a.txt", "--tag", tag).stdout.partition("\t")[0]
    (humble.files / "down").mkdir(mode=0o500)
    result = humble("download", upload_id, "-o", "down")
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr == "media: down/a.txt can't be written: Permission denied.\n"


def test_a_file_whose_name_is_not_unicode_resumes(far_media: Media, proxy: FaultProxy) -> None:
    raw = os.fsencode(far_media.files) + b"/\xff\xfe.bin"
    os.rename(far_media.write("film.bin", 2 * PART), raw)
    proxy.hold_after = PART + MIB
    process = far_media.start("upload", "-r", ".", "--jobs", "1")
    wait_until(lambda: proxy.received >= PART + MIB)
    process.kill()
    process.communicate()
    proxy.let_go()
    listed = far_media("resume", "--list").stdout
    assert listed.partition("\t")[2] == f"32.0 MiB\t{far_media.files}/\ufffd\ufffd.bin\n"
    result = far_media("resume")
    assert (result.returncode, result.stderr) == (0, "")
    assert _names(result) == ["files/\ufffd\ufffd.bin"]
    assert proxy.received < PART + MIB
