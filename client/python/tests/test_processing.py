"""What the service really derives from media: from the bytes to the SDK and the command."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping

import pytest
import urllib3
from client.python.tests.conftest import Account, Media, account_of
from client.python.tests.service import Service
from PIL import ExifTags, Image

from media_client import AsyncMediaClient, ProcessingStatus, RenditionName
from media_client.errors import UploadNotFound
from media_client.models import Media as Facts

UNKNOWN_ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"


def photo() -> bytes:
    """Return a JPEG that a phone took upright on the first of May 2026, at a place."""
    data = Image.Exif()
    data[ExifTags.Base.Model] = "Phone P1"
    data[ExifTags.Base.Orientation] = 6
    data.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:05:01 12:30:00"
    place = data.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 0.0)
    place[ExifTags.GPS.GPSLongitudeRef] = "E"
    place[ExifTags.GPS.GPSLongitude] = (13.0, 24.0, 0.0)
    file = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(file, "JPEG", exif=data)
    return file.getvalue()


def test_a_photo_is_processed(account: Account) -> None:
    with account.client() as client:
        stored = client.upload_file(photo(), filename="photo.jpg")
        upload = client.wait_until_processed(stored.id)
        assert (upload.processing, upload.processing_error) == (ProcessingStatus.DONE, None)
        media = upload.media
        assert media is not None
        assert (media.width, media.height, media.camera) == (300, 400, "Phone P1")
        assert media.has_location
        assert media.captured_at is not None
        assert media.captured_at.isoformat() == "2026-05-01T12:30:00+00:00"
        assert client.find_upload(stored.id) == upload
        assert upload in client.uploads()
        rendition = client.rendition(upload.id, RenditionName.THUMBNAIL)
        assert rendition is not None
        assert rendition.url not in repr(rendition)
        answer = urllib3.request("GET", rendition.url)
        assert (answer.status, len(answer.data)) == (200, rendition.size)
        shown = Image.open(io.BytesIO(answer.data))
        assert shown.size == (rendition.width, rendition.height) == (240, 320)


def test_other_files_have_no_facts(account: Account) -> None:
    with account.client() as client:
        text = client.upload_file(b"words", filename="words.txt")
        assert (text.processing, text.media) == (ProcessingStatus.NONE, None)
        assert client.rendition(text.id, RenditionName.PREVIEW) is None
        broken = client.upload_file(b"no picture", filename="a.png", content_type="image/png")
        broken = client.wait_until_processed(broken.id)
        assert broken.processing is ProcessingStatus.FAILED
        assert broken.processing_error
        assert client.rendition(UNKNOWN_ID, RenditionName.PREVIEW) is None
        with pytest.raises(UploadNotFound):
            client.wait_until_processed(UNKNOWN_ID)


def test_the_asynchronous_client_waits_too(account: Account) -> None:
    async def facts() -> Facts | None:
        async with AsyncMediaClient(account.url, token=account.token) as client:
            stored = await client.upload_file(photo(), filename="photo.jpg")
            upload = await client.wait_until_processed(stored.id)
            assert await client.rendition(stored.id, RenditionName.PREVIEW) is not None
            return upload.media

    media = asyncio.run(facts())
    assert media is not None
    assert media.pages is None


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """A user of a service that processes media, unlike that of the other tests."""
    service = Service(tmp_path_factory.mktemp("service") / "processing", {})
    with account_of(service) as account:
        yield account


@pytest.fixture
def uploaded(account: Account) -> Mapping[str, str]:
    """The ids of a photo, a text and a broken picture, all processed."""
    with account.client() as client:
        files = {"photo.jpg": photo(), "words.txt": b"words", "broken.png": b"no picture"}
        ids = {name: client.upload_file(data, filename=name).id for name, data in files.items()}
        for upload_id in ids.values():
            client.wait_until_processed(upload_id)
    return ids


def test_a_rendition_is_shared(media: Media, uploaded: Mapping[str, str]) -> None:
    result = media("share", uploaded["photo.jpg"], "--rendition", "preview")
    answer = urllib3.request("GET", result.stdout.strip())
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.format, picture.size) == ("WEBP", (300, 400))
    assert not picture.getexif()
    for name, why in (("words.txt", "derived nothing"), ("broken.png", "none of the formats")):
        refused = media("share", uploaded[name], "--rendition", "thumbnail")
        assert refused.returncode == 4
        assert why in refused.stderr
    both = ("--rendition", "preview", "--expires", "1h")
    assert "exclude each other" in media("share", "a", *both).stderr
