"""Downloads of folders and large files: where they go, what they never touch, how they end."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from client.python.tests.conftest import Account, Media
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.service import wait_until

from media_client import AsyncMediaClient, MediaClient, Source
from media_client.api import Api
from media_client.cli.main import media as media_command
from media_client.errors import Stopped, TargetError, UploadClosed
from media_client.models import Upload, UploadStatus
from media_client.transfer import folder
from media_client.transfer.download import partial_name
from media_client.transfer.downloads import DownloadOutcome, Downloads
from media_client.transfer.fetcher import RANGE_BYTES
from media_client.transfer.progress import Silent
from media_client.transfer.sink import download_to

FILM_BYTES = 2 * RANGE_BYTES + 1000
HIDDEN = {".git/config": "_.git/config", "-rf": "_-rf", "../up.txt": "_../up.txt"}
PLAIN = ("photos/2026/a.jpg", "photos/2026/b.jpg", "写" * 70 + ".jpg", "holiday\u202egnp.exe")


@pytest.fixture(scope="module")
def client(account: Account) -> Iterator[MediaClient]:
    with account.client() as client:
        yield client


@pytest.fixture(scope="module")
def uploads(client: MediaClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Upload]:
    """Uploads by name: small ones with the names above, and a large one."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "small").write_bytes(b"small")
    with (folder / "film").open("wb") as film:
        film.write(b"start")
        film.seek(RANGE_BYTES + 5)
        film.write(b"middle")
        film.truncate(FILM_BYTES)
    sources = [Source.at(folder / "small", filename=name) for name in (*PLAIN, *HIDDEN)]
    outcomes = client.upload_all([*sources, Source.at(folder / "film")])
    return {outcome.source.filename: outcome.upload for outcome in outcomes if outcome.upload}


@pytest.fixture
def run(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    environment = {"MEDIA_URL": account.url, "MEDIA_TOKEN": account.token}
    return lambda *words: CliRunner(env=environment).invoke(media_command, words)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _download(client: MediaClient, wanted: list[tuple[Upload, Path]], **options: Any) -> list[Any]:
    outcomes: list[DownloadOutcome] = []
    run = Downloads(client.api, 4, Silent(), outcomes.append, threading.Event())
    run.run(wanted, **{"overwrite": False, **options})
    return outcomes


# ---------------------------------------------------------------- names and folders


def test_a_folder_comes_down_as_the_same_folder(
    run: Callable[..., Result],
    uploads: dict[str, Upload],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = [upload for name, upload in uploads.items() if name != "film"]
    ids = [upload.id for upload in small]
    sent: list[str] = []
    original = Api.run

    def counted(self: Api, operation: Any) -> Any:
        sent.append(operation.document)
        return original(self, operation)

    monkeypatch.setattr(Api, "run", counted)
    here = run("download", *ids)
    assert (here.exit_code, here.stderr) == (0, "")
    spoofed = "holiday_gnp.exe"
    assert _files(tmp_path) == {*PLAIN[:3], spoofed, *HIDDEN.values()}
    assert {*here.stdout.splitlines()} == _files(tmp_path)
    assert len(sent) == 2, "one request for the uploads, one for their URLs"
    there = run("download", *ids, "-o", "out")
    assert there.exit_code == 0, there.stderr
    assert _files(tmp_path / "out") == {*PLAIN[:3], spoofed, ".git/config", "-rf", "_../up.txt"}
    sent.clear()
    again = run("download", *ids, "-o", "out")
    assert again.exit_code == 6
    assert "media: out/-rf already exists. --force replaces it.\n" in again.stderr
    assert len(sent) == 1, "no URLs for files that exist"


@pytest.mark.parametrize("has_descriptors", [True, False])
def test_links_below_the_target_are_not_followed(
    client: MediaClient,
    uploads: dict[str, Upload],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_descriptors: bool,
) -> None:
    monkeypatch.setattr(folder, "_HAS_DESCRIPTORS", has_descriptors)  # Windows has none.
    target, outside = tmp_path / "target", tmp_path / "outside"
    target.mkdir()
    outside.mkdir()
    (target / "photos").symlink_to(outside)
    upload = uploads["photos/2026/a.jpg"]
    [outcome] = _download(client, [(upload, Path("photos/2026/a.jpg"))], folder=target)
    assert "photos is a link" in str(outcome.error)
    assert [*outside.iterdir()] == []
    (tmp_path / "link").symlink_to(target)  # The user named this one.
    [named] = _download(client, [(upload, Path("b/a.jpg"))], folder=tmp_path / "link")
    assert named.error is None
    assert _files(target) == {"b/a.jpg"}


@pytest.mark.parametrize("kind", ["symlink", "dangling", "hard link", "FIFO", "other user"])
def test_planted_partial_files_are_not_written_to(
    client: MediaClient, uploads: dict[str, Upload], tmp_path: Path, kind: str
) -> None:
    upload, victim = uploads["photos/2026/a.jpg"], tmp_path / "victim"
    victim.write_bytes(b"precious")
    partial = tmp_path / partial_name("a.jpg", upload.id)
    if kind == "symlink":
        partial.symlink_to(victim)
    elif kind == "dangling":
        partial.symlink_to(tmp_path / "created")
    elif kind == "hard link":
        partial.hardlink_to(victim)
    elif kind == "FIFO":
        os.mkfifo(partial)
    elif os.geteuid() != 0:
        pytest.skip("only root can give a file to another user")
    else:
        partial.write_bytes(b"planted")
        os.chown(partial, 12345, 12345)
    target = client.download_file(upload.id, tmp_path / "a.jpg")
    assert target.read_bytes() == b"small"
    assert victim.read_bytes() == b"precious"
    assert target.stat().st_uid == os.geteuid()
    assert _files(tmp_path) == {"a.jpg", "victim"}


def test_nothing_is_overwritten_silently(
    client: MediaClient, uploads: dict[str, Upload], tmp_path: Path
) -> None:
    one, other = uploads["photos/2026/a.jpg"], uploads["photos/2026/b.jpg"]
    both = _download(client, [(one, Path("x")), (other, Path("x"))], folder=tmp_path)
    [error] = [outcome.error for outcome in both if outcome.error]
    assert f"{tmp_path}/x is already the file of upload {one.id}." in str(error)
    [below] = _download(client, [(other, Path("x/y"))], folder=tmp_path, overwrite=True)
    assert str(below.error) == f"{tmp_path}/x/y can't be written: Not a directory."
    os.mkfifo(tmp_path / "pipe")
    [pipe] = _download(client, [(one, Path("pipe"))], folder=tmp_path, overwrite=True)
    assert str(pipe.error) == f"{tmp_path}/pipe is not replaced: it is not a regular file."
    # A file that appears during the download is kept.
    here = folder.Folder.at(tmp_path)
    (tmp_path / "part").write_bytes(b"new")
    with pytest.raises(FileExistsError):
        here.publish("part", "x", overwrite=False)
    here.publish("part", "z", overwrite=False)
    here.close()
    assert ((tmp_path / "x").read_bytes(), (tmp_path / "z").read_bytes()) == (b"small", b"new")


@pytest.mark.parametrize("names", [("x", "x/y"), ("x/y", "x")])
def test_a_file_and_a_folder_of_one_name(
    names: tuple[str, str], client: MediaClient, uploads: dict[str, Upload], tmp_path: Path
) -> None:
    both = (uploads["photos/2026/a.jpg"], uploads["photos/2026/b.jpg"])
    wanted = [(upload, Path(name)) for upload, name in zip(both, names, strict=True)]
    outcomes = _download(client, wanted, folder=tmp_path)
    [error] = [str(outcome.error) for outcome in outcomes if outcome.error]
    assert "need a file and a folder of one name. Rename one of them." in error
    assert _files(tmp_path) == {names[0]}, "no partial file is left"


# ---------------------------------------------------------------- stdout, pipes, devices


def test_stdout(run: Callable[..., Result], uploads: dict[str, Upload], tmp_path: Path) -> None:
    film, small = uploads["film"], uploads["-rf"]
    whole = run("download", film.id, "-o", "-")
    assert (whole.exit_code, whole.stderr) == (0, "")
    assert len(whole.stdout_bytes) == FILM_BYTES
    assert whole.stdout_bytes[RANGE_BYTES + 5 :].startswith(b"middle")
    assert run("cat", small.id, uploads[".git/config"].id).stdout == "smallsmall"
    assert _files(tmp_path) == set()
    assert run("download", small.id, film.id, "-o", "-").exit_code == 2
    assert run("download", small.id, "-o", "-", "--json").exit_code == 2


def test_pipes_and_devices_are_written_to_and_stay(
    run: Callable[..., Result], uploads: dict[str, Upload], tmp_path: Path
) -> None:
    small = uploads["-rf"]
    os.mkfifo(tmp_path / "pipe")
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    assert run("download", small.id, "-f", "-o", "pipe").exit_code == 0
    reader.join()
    assert received == [b"small"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    full = run("download", small.id, "-f", "-o", "/dev/full")
    assert full.stderr == "media: /dev/full can't be written: No space left on device.\n"
    assert full.exit_code == 6
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_what_differs_from_its_checksum(
    client: MediaClient, uploads: dict[str, Upload], tmp_path: Path
) -> None:
    wrong = replace(uploads["-rf"], checksum="x" * 44, checksum_algorithm="SHA256")
    [outcome] = _download(client, [(wrong, Path("a"))], folder=tmp_path)
    assert "is corrupt: its SHA256 is" in str(outcome.error)
    assert [*tmp_path.iterdir()] == []
    with (tmp_path / "b").open("wb") as file, pytest.raises(TargetError, match="Discard what was"):
        download_to(client.api, wrong, file, Silent(), threading.Event())
    shorter = replace(wrong, size=3, checksum_algorithm=None)
    [other] = _download(client, [(shorter, Path("a"))], folder=tmp_path)
    assert str(other.error) == (
        f"The bucket sent bytes 0-2/5 instead of bytes 0-2/3 of upload {wrong.id}."
    )
    pending = replace(wrong, status=UploadStatus.PENDING)
    [closed] = _download(client, [(pending, Path("a"))], folder=tmp_path)
    assert isinstance(closed.error, UploadClosed)


# ---------------------------------------------------------------- endings


def test_a_full_disk_ends_a_download_at_once(
    media: Media, uploads: dict[str, Upload], run: Callable[..., Result]
) -> None:
    small_disk = 'mount -t tmpfs -o size=4m none . && cd . && exec "$@"'
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    media.prefix = ("unshare", "-rm", "sh", "-c", small_disk, "sh")
    result = media("download", uploads["film"].id)
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr == "media: film can't be written: No space left on device.\n"


def test_a_stopped_download_continues_where_it_stopped(
    client: MediaClient, uploads: dict[str, Upload], tmp_path: Path
) -> None:
    stop, started = threading.Event(), []

    class StopInTheSecondRange(Silent):
        def begin(self, key: object, name: str, size: int, done: int) -> None:
            started.append(done)

        def advance(self, key: object, count: int) -> None:
            if (tmp_path / partial).stat().st_size > FILM_BYTES:
                stop.set()

    film, partial = uploads["film"], partial_name("film", uploads["film"].id)
    progress = StopInTheSecondRange()
    with pytest.raises(Stopped, match="Run the same command again to continue it"):
        client.download_file(film.id, tmp_path / "film", jobs=1, progress=progress, stop=stop)
    assert _files(tmp_path) == {partial}
    client.download_file(film.id, tmp_path / "film", progress=progress)
    assert started == [0, RANGE_BYTES]
    content = (tmp_path / "film").read_bytes()
    assert len(content) == FILM_BYTES
    assert content[RANGE_BYTES + 5 :].startswith(b"middle")
    assert content.startswith(b"start")
    assert _files(tmp_path) == {"film"}


def test_small_files_do_not_wait_behind_a_large_one(
    client: MediaClient, uploads: dict[str, Upload], tmp_path: Path
) -> None:
    names = ("film", "-rf", ".git/config")
    wanted = [(uploads[name], Path(str(number))) for number, name in enumerate(names)]
    outcomes = _download(client, wanted, folder=tmp_path)
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert outcomes[2].upload.filename == "film"


@pytest.mark.parametrize("method", ["begin", "advance", "end", "finished"])
def test_a_callback_that_raises_ends_the_run(
    client: MediaClient, uploads: dict[str, Upload], tmp_path: Path, method: str
) -> None:
    def broken(*_: object) -> None:
        raise BrokenPipeError("stderr is closed")

    progress, stop = Silent(), threading.Event()
    if method != "finished":
        setattr(progress, method, broken)
    finished = broken if method == "finished" else lambda _outcome: None
    run = Downloads(client.api, 2, progress, finished, stop)
    with pytest.raises(BrokenPipeError):
        run.run([(uploads["-rf"], Path("a"))] * 2, overwrite=False, folder=tmp_path)
    assert not stop.is_set()
    with pytest.raises(RuntimeError, match="this run has ended"):
        run.run([], overwrite=False)
    assert not [thread for thread in threading.enumerate() if thread.name == "download"]


def test_wrong_arguments(client: MediaClient, run: Callable[..., Result]) -> None:
    with pytest.raises(ValueError, match="jobs must be at least 1, not 0"):
        client.download_file("any", "a", jobs=0)
    with pytest.raises(TargetError, match="The path to download to is empty"):
        client.download_file("any", "")
    assert "-o has an empty name." in run("download", "any", "-o", "").stderr


async def test_the_iterators_of_many_downloads(
    account: Account, uploads: dict[str, Upload], tmp_path: Path
) -> None:
    wanted = [uploads[name] for name in PLAIN[:2]]
    async with AsyncMediaClient(account.url, token=account.token) as client:
        found = {outcome.path async for outcome in client.download_all(wanted, tmp_path)}
        assert found == {tmp_path / name for name in PLAIN[:2]}
        async for _ in client.download_all(wanted, tmp_path, overwrite=True):
            break
        buffer = io.BytesIO()
        await client.download_to(wanted[0].id, buffer)
        assert buffer.getvalue() == b"small"


def test_ctrl_c_while_the_bucket_is_silent(far_media: Media, proxy: FaultProxy) -> None:
    far_media.write("a.txt")
    upload_id = far_media("upload", "a.txt").stdout.partition("\t")[0]
    proxy.reset()
    proxy.hold_after = 1
    process = far_media.start("download", upload_id, "-o", "copy")
    wait_until(lambda: proxy.received > 0)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    again = "Run the same command again to continue it."
    assert stderr == f"media: The transfer was stopped. {again}\n"
    proxy.let_go()
    assert far_media("download", upload_id, "-o", "copy").returncode == 0
    assert (far_media.files / "copy").read_bytes() == (far_media.files / "a.txt").read_bytes()
    assert _files(far_media.files) == {"a.txt", "copy"}
