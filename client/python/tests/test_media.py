"""Facts, renditions and the state of processing: in the SDK and in the command."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from client.python.tests.conftest import Account, Media
from client.python.tests.in_process import InProcess
from client.python.tests.older_service import OlderService
from client.python.tests.processed import FILM, PAPER, PHOTO, PREVIEW, THUMBNAIL, MediaFunction
from client.python.tests.recorder import Recorder
from client.python.tests.service import Service

from media_client import (
    AsyncMediaClient,
    MediaClient,
    ProcessingStatus,
    RenditionName,
    Source,
    UploadFilter,
    backoff,
    operations,
)
from media_client.errors import ApiError, StillProcessing, Stopped, UploadNotFound
from media_client.models import Media as Facts

REASON = "The file is not a valid image."
UNKNOWN = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"


@pytest.fixture(scope="module")
def function(service: Service) -> Iterator[MediaFunction]:
    function = MediaFunction(service)
    yield function
    function.close()


@pytest.fixture
def client(account: Account) -> Iterator[MediaClient]:
    with account.client() as client:
        yield client


@pytest.fixture
def ids(media: Media, client: MediaClient, function: MediaFunction, tag: str) -> dict[str, str]:
    """Uploads in all states of processing, by name."""
    path = media.write("bytes", 2000)
    states = ("photo.jpg", "film.mp4", "paper.pdf", "broken.gif", "new.png", "plain.txt")
    outcomes = client.upload_all(
        [Source.at(path, filename=f"{tag}/{name}", tags=[tag]) for name in states]
    )
    found = {
        outcome.source.filename.partition("/")[2]: outcome.upload.id
        for outcome in outcomes
        if outcome.upload
    }
    function.done(found["photo.jpg"], PHOTO)
    function.done(found["film.mp4"], FILM)
    function.done(found["paper.pdf"], PAPER, pictures=False)
    function.failed(found["broken.gif"], REASON)
    function.pending(found["new.png"])
    return found


# ---------------------------------------------------------------- the SDK


def test_an_upload_has_its_facts(client: MediaClient, ids: dict[str, str], tag: str) -> None:
    photo = client.get_upload(ids["photo.jpg"])
    assert photo.processing is ProcessingStatus.DONE
    assert photo.media == Facts(
        width=3000,
        height=4000,
        duration_seconds=None,
        frame_rate=None,
        video_codec=None,
        audio_codec=None,
        pages=None,
        thumbhash="3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
        captured_at=datetime(2026, 7, 9, 18, 30, 5, tzinfo=UTC),
        camera="Fairphone FP5",
        has_location=True,
    )
    listed = {it.id: it for it in client.uploads(UploadFilter(tags=[tag]))}
    assert listed[photo.id] == photo
    states = {name: listed[upload_id].processing for name, upload_id in ids.items()}
    assert states == {
        "photo.jpg": "DONE",
        "film.mp4": "DONE",
        "paper.pdf": "DONE",
        "broken.gif": "FAILED",
        "new.png": "PENDING",
        "plain.txt": "NONE",
    }
    broken = listed[ids["broken.gif"]]
    assert (broken.media, broken.processing_error) == (None, REASON)


def test_a_rendition_is_fetched_by_its_url(client: MediaClient, ids: dict[str, str]) -> None:
    found = client.rendition(ids["photo.jpg"])
    assert found
    assert (found.name, found.content_type) == (RenditionName.THUMBNAIL, "image/webp")
    assert (found.width, found.height, found.size) == (240, 320, len(THUMBNAIL))
    assert found.expires_at > datetime.now(UTC)
    assert found.url not in repr(found), "the URL is a secret"
    preview = client.rendition(ids["photo.jpg"], RenditionName.PREVIEW)
    assert preview
    assert preview.name is RenditionName.PREVIEW
    absent = [client.rendition(ids[name]) for name in ids if name not in ("photo.jpg", "film.mp4")]
    assert absent == [None] * 4
    assert client.rendition(UNKNOWN) is None


def test_renditions_are_downloaded(
    client: MediaClient, ids: dict[str, str], tmp_path: Path, tag: str
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    saved = client.download_file(ids["photo.jpg"], folder, rendition=RenditionName.PREVIEW)
    assert saved == folder / tag / "photo.jpg.preview.webp"
    assert saved.read_bytes() == PREVIEW
    target = client.download_file(
        ids["photo.jpg"], tmp_path / "small.webp", rendition=RenditionName.THUMBNAIL
    )
    assert target.read_bytes() == THUMBNAIL
    file = io.BytesIO()
    client.download_to(ids["film.mp4"], file, rendition=RenditionName.THUMBNAIL)
    assert file.getvalue() == THUMBNAIL
    with pytest.raises(UploadNotFound, match=f"has no preview: {REASON}"):
        client.download_file(ids["broken.gif"], tmp_path, rendition=RenditionName.PREVIEW)


async def test_the_asynchronous_client_has_renditions(
    account: Account, ids: dict[str, str], tmp_path: Path
) -> None:
    async with AsyncMediaClient(account.url, token=account.token) as client:
        found = await client.rendition(ids["photo.jpg"])
        path = await client.download_file(
            ids["photo.jpg"], tmp_path / "a", rendition=RenditionName.THUMBNAIL
        )
        done = await client.wait_until_processed(ids["photo.jpg"])
    assert found
    assert path.stat().st_size == found.size
    assert done.processing is ProcessingStatus.DONE


# ---------------------------------------------------------------- waiting


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of a client, whose clock only they advance."""
    made: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: sum(made))
    monkeypatch.setattr(backoff, "wait", lambda seconds, _stop: made.append(seconds))
    return made


def test_waiting_ends_when_the_file_is_processed(
    client: MediaClient,
    ids: dict[str, str],
    function: MediaFunction,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[float] = []

    def wait(seconds: float, _stop: Event | None) -> None:
        made.append(seconds)
        if len(made) == 3:
            function.done(ids["new.png"], PHOTO)

    monkeypatch.setattr(backoff, "wait", wait)
    upload = client.wait_until_processed(ids["new.png"])
    assert (upload.processing, len(made)) == (ProcessingStatus.DONE, 3)
    assert upload.media
    assert client.wait_until_processed(ids["broken.gif"]).processing_error == REASON
    assert client.wait_until_processed(ids["plain.txt"]).processing is ProcessingStatus.NONE
    assert len(made) == 3, "no pause where nothing is to come"


def test_waiting_is_bounded(
    recorder: Recorder, account: Account, ids: dict[str, str], pauses: list[float]
) -> None:
    with MediaClient(recorder.url, token=account.token) as client:
        with pytest.raises(StillProcessing, match="was not processed within 60 s"):
            client.wait_until_processed(ids["new.png"])
        assert sum(pauses) == pytest.approx(60)
        assert len(recorder.operations) == len(pauses) + 1 == 19
        assert pauses[:-1] == sorted(pauses[:-1])
        assert max(pauses) == 5.0
        with pytest.raises(StillProcessing):
            client.wait_until_processed(ids["new.png"], 0)
        assert len(recorder.operations) == 20
        with pytest.raises(UploadNotFound):
            client.wait_until_processed(UNKNOWN)


def test_waiting_can_be_stopped(client: MediaClient, ids: dict[str, str]) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        client.wait_until_processed(ids["new.png"], stop=stop)


# ---------------------------------------------------------------- the command


def test_info_shows_facts(run: InProcess, ids: dict[str, str]) -> None:
    def shown(name: str) -> dict[str, str]:
        lines = run("info", ids[name]).stdout.splitlines()
        return {line[:12].strip(): line[12:] for line in lines}

    photo = shown("photo.jpg")
    assert photo["Processing"] == "DONE"
    assert photo["Dimensions"] == "3000 × 4000 pixels"
    assert photo["Captured"] == "2026-07-09T18:30:05"
    assert photo["Camera"] == "Fairphone FP5"
    assert photo["Location"] == "The file carries GPS coordinates; its renditions do not."
    film = shown("film.mp4")
    assert (film["Duration"], film["Frame rate"]) == ("1:02:03.0", "29.97 per second")
    assert (film["Video"], film["Sound"]) == ("h264", "aac")
    assert "Location" not in film
    assert shown("paper.pdf")["Pages"] == "12"
    assert shown("broken.gif")["Processing"] == f"FAILED: {REASON}"
    assert shown("new.png")["Processing"] == "PENDING"
    assert "Processing" not in run("info", ids["plain.txt"]).stdout


def test_json_has_facts_under_the_names_of_the_api(
    run: InProcess, ids: dict[str, str], tag: str
) -> None:
    lines = run("ls", "--tag", tag, "--json").stdout.splitlines()
    listed = {fields["id"]: fields for fields in map(json.loads, lines)}
    photo = listed[ids["photo.jpg"]]
    assert json.loads(run("info", ids["photo.jpg"], "--json").stdout) == photo
    assert (photo["processing"], photo["processingError"]) == ("DONE", None)
    assert photo["media"] == {
        "width": 3000,
        "height": 4000,
        "durationSeconds": None,
        "frameRate": None,
        "videoCodec": None,
        "audioCodec": None,
        "pages": None,
        "thumbhash": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
        "capturedAt": "2026-07-09T18:30:05Z",
        "camera": "Fairphone FP5",
        "hasLocation": True,
    }
    assert listed[ids["film.mp4"]]["media"]["durationSeconds"] == 3723.04
    broken = listed[ids["broken.gif"]]
    assert (broken["media"], broken["processing"]) == (None, "FAILED")
    assert broken["processingError"] == REASON


def test_download_of_renditions(run: InProcess, media: Media, ids: dict[str, str]) -> None:
    single = run("download", ids["photo.jpg"], "--rendition", "thumbnail", "-o", "a.webp")
    assert (single.returncode, single.stdout) == (0, "a.webp\n"), single.stderr
    assert (media.files / "a.webp").read_bytes() == THUMBNAIL
    several = run(
        *("download", ids["photo.jpg"], ids["film.mp4"], ids["new.png"], "-o", "out", "--json"),
        *("--rendition", "PREVIEW"),
    )
    assert several.returncode == 4
    lines = {fields["id"]: fields for fields in map(json.loads, several.stdout.splitlines())}
    photo = lines[ids["photo.jpg"]]
    assert photo["path"].endswith("/photo.jpg.preview.webp")
    assert (photo["size"], photo["contentType"]) == (2000, "image/jpeg"), "those of the upload"
    assert (media.files / photo["path"]).read_bytes() == PREVIEW
    assert lines[ids["new.png"]]["error"]["code"] == "UPLOAD_NOT_FOUND"
    to_stdout = run("download", ids["film.mp4"], "--rendition", "preview", "-o", "-")
    assert to_stdout.stdout == PREVIEW.decode()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("new.png", "has no thumbnail yet: it is being processed."),
        ("broken.gif", f"has no thumbnail: {REASON}"),
        ("plain.txt", "has no thumbnail: the service derived nothing from it."),
        ("paper.pdf", "has no thumbnail: there is no picture in it."),
    ],
)
@pytest.mark.parametrize("output", ["out", "-"])
def test_download_of_a_rendition_that_is_not_there(
    run: InProcess, media: Media, ids: dict[str, str], name: str, reason: str, output: str
) -> None:
    result = run("download", ids[name], "--rendition", "thumbnail", "-o", output)
    assert (result.returncode, result.stdout) == (4, "")
    assert result.stderr == f"media: Upload {ids[name]} {reason}\n"
    assert not (media.files / "out").exists()


# ---------------------------------------------------------------- an older service


@pytest.fixture
def older(account: Account) -> Iterator[OlderService]:
    older = OlderService(account.url)
    yield older
    older.close()


def test_a_service_from_before_media(
    older: OlderService, account: Account, ids: dict[str, str], tmp_path: Path
) -> None:
    with MediaClient(older.url, token=account.token) as client:
        photo = client.get_upload(ids["photo.jpg"])
        assert (photo.media, photo.processing) == (None, ProcessingStatus.NONE)
        assert client.rendition(photo.id) is None
        assert client.upload_file(b"new", filename="a.txt").status == "STORED"
        assert client.wait_until_processed(photo.id).id == photo.id
        with pytest.raises(UploadNotFound, match="derived nothing"):
            client.download_file(photo.id, tmp_path / "a", rendition=RenditionName.PREVIEW)
        assert client.download_file(photo.id, tmp_path / "b").stat().st_size == 2000
        assert len(older.rejected) == 1, "the first answer is remembered"


def test_the_command_with_a_service_from_before_media(
    older: OlderService, run: InProcess, ids: dict[str, str], tag: str
) -> None:
    result = run("ls", "--tag", tag, "--json", MEDIA_URL=older.url)
    assert (result.returncode, len(result.stdout.splitlines())) == (0, len(ids))


def test_a_document_that_is_wrong_in_another_way_stays_an_error(
    older: OlderService, account: Account, ids: dict[str, str]
) -> None:
    with MediaClient(older.url, token=account.token) as client:
        wrong = operations.find_upload(ids["photo.jpg"])
        wrong = replace(wrong, document=wrong.document.replace("filename", "nonsense"))
        with pytest.raises(ApiError, match="nonsense"):
            client.api.run(wrong)
        assert len(older.rejected) == 2
        assert client.find_upload(ids["photo.jpg"])
        assert len(older.rejected) == 3, "it was not taken for an older service"
