"""The programs in `examples/`, run on the service."""

from __future__ import annotations

import json
import runpy
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from client.python.tests.conftest import Media
from client.python.tests.service import PROJECT

from media_client import MediaClient, UploadFilter, UploadStatus

EXAMPLES = PROJECT / "client/python/examples"

Run = Callable[..., Sequence[str]]


@pytest.fixture
def run(media: Media, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an example in the folder of the test, and return its lines on stdout."""
    monkeypatch.chdir(media.files)
    monkeypatch.setenv("MEDIA_URL", media.account.url)
    monkeypatch.setenv("MEDIA_TOKEN", media.account.token)

    def run(name: str, *arguments: str, status: int = 0) -> Sequence[str]:
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        out, err = capsys.readouterr()
        assert ended.value.code == status, err
        return out.splitlines()

    return run


@pytest.fixture
def client(media: Media) -> Iterator[MediaClient]:
    """A client of the same user."""
    with media.account.client() as client:
        yield client


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        return bytes(response.read())


def test_each_example_has_a_test_and_is_in_the_readme() -> None:
    names = {path.name for path in EXAMPLES.iterdir() if path.suffix == ".py"}
    source = Path(__file__).read_text()
    readme = (PROJECT / "client/python/README.md").read_text()
    assert {name for name in names if f'run("{name}"' in source} == names
    assert {name for name in names if f"`examples/{name}`" in readme} == names


def test_upload_folder(media: Media, run: Run, tag: str) -> None:
    media.write("photos/a.jpg")
    media.write("photos/2026/b.jpg")
    lines = run("upload_folder.py", "photos", "--tag", tag)
    assert {line.split(" ", 1)[1] for line in lines} == {"photos/a.jpg", "photos/2026/b.jpg"}


def test_share_link(media: Media, run: Run) -> None:
    path = media.write("report.pdf", 1000)
    [url] = run("share_link.py", "report.pdf")
    assert _get(url) == path.read_bytes()
    assert run("share_link.py", "missing.pdf", status=1) == []


def test_backup(media: Media, run: Run, client: MediaClient, tag: str) -> None:
    media.write(f"{tag}/notes.txt")
    lines = [line for _ in range(3) for line in run("backup.py", tag, "--keep", "2")]
    wanted = UploadFilter(tags=[f"backup-{tag}"], status=[UploadStatus.STORED])
    kept = [upload.id for upload in client.uploads(wanted)]
    assert [line.split(" ")[0] for line in lines[1:]] == kept[::-1]


def test_download_tagged(media: Media, run: Run, client: MediaClient, tag: str) -> None:
    for name in ("a.txt", "sub/b.txt"):
        client.upload_file(name.encode(), filename=name, tags=[tag])
    expected = [str(Path("down/a.txt")), str(Path("down/sub/b.txt"))]
    assert sorted(run("download_tagged.py", tag, "--folder", "down")) == expected
    assert (media.files / "down/sub/b.txt").read_bytes() == b"sub/b.txt"
    assert run("download_tagged.py", tag, "--folder", "down") == []


def test_signed_requests(run: Run, client: MediaClient) -> None:
    ticket = json.loads("\n".join(run("signed_requests.py", "a.txt", "--size", "5")))
    assert run("signed_requests.py", "--complete", ticket["id"], status=1) == []
    [part] = ticket["requests"]
    request = urllib.request.Request(part["url"], b"hello", part["headers"], method=part["method"])
    with urllib.request.urlopen(request) as response:
        assert response.status == 200
    assert run("signed_requests.py", "--complete", ticket["id"]) == [f"{ticket['id']} STORED"]
    assert client.get_upload(ticket["id"]).size == 5
