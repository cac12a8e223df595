"""Upload.media, .processing, .processingError and .rendition, as clients see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from mypy_boto3_s3 import S3Client

from gql_api.adapters.mongo.documents import processing_fields, set_or_unset
from gql_api.container import Container
from gql_api.domain.media import Media, RenditionName
from gql_api.domain.processing import (
    TO_PROCESS,
    Processing,
    ProcessingStatus,
    StoredRendition,
    file_name,
    folder,
)
from tests.api import Api, Json, new_user
from tests.clock import SettableClock
from tests.services.media_world import PROCESSED

FACTS = Media(
    width=4000,
    height=3000,
    duration_seconds=61.25,
    frame_rate=29.97,
    video_codec="h264",
    audio_codec="aac",
    pages=3,
    thumbhash="3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    captured_at=datetime(2026, 7, 9, 18, 30, 5, 250_000, tzinfo=UTC),
    camera="Fairphone FP5",
    has_location=True,
)
MEDIA = {
    "width": 4000,
    "height": 3000,
    "durationSeconds": 61.25,
    "frameRate": 29.97,
    "videoCodec": "h264",
    "audioCodec": "aac",
    "pages": 3,
    "thumbhash": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    "capturedAt": "2026-07-09T18:30:05.250Z",
    "camera": "Fairphone FP5",
    "hasLocation": True,
}
PICTURES = {
    RenditionName.THUMBNAIL: (StoredRendition(RenditionName.THUMBNAIL, 320, 240, 5), b"small"),
    RenditionName.PREVIEW: (StoredRendition(RenditionName.PREVIEW, 1600, 1200, 6), b"larger"),
}
RENDITION = "{ name contentType width height size url expiresAt }"
UPLOAD = f"""query ($id: ID!) {{ upload(id: $id) {{
  media {{ {" ".join(MEDIA)} }} processing processingError
  thumbnail: rendition(name: THUMBNAIL) {RENDITION} preview: rendition(name: PREVIEW) {RENDITION}
}} }}"""
NOTHING = {
    "media": None,
    "processing": "NONE",
    "processingError": None,
    "thumbnail": None,
    "preview": None,
}


async def seen(api: Api, id: str) -> Any:
    """Return what a caller sees of an upload's media."""
    return (await api.data(UPLOAD, id=id))["upload"]


async def record(container: Container, id: str, processing: Processing, **more: Any) -> None:
    """Write what was derived into the record of an upload."""
    changes = set_or_unset({**processing_fields(processing), **more})
    changed = await container.database["uploads"].update_one({"_id": id}, changes)
    assert changed.matched_count == 1


async def etag_of(container: Container, id: str) -> str:
    found = await container.database["uploads"].find_one({"_id": id})
    assert found is not None
    return str(found["etag"])


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> Api:
    return await new_user(client)


@pytest.fixture
async def photo(ada: Api, container: Container) -> Json:
    """A processed photo of Ada's, with its renditions in the bucket."""
    upload = await ada.store(b"a photo")
    etag = await etag_of(container, upload["id"])
    pictures = tuple(known for known, _ in PICTURES.values())
    done = Processing(ProcessingStatus.DONE, None, etag, FACTS, pictures)
    await record(container, upload["id"], done)
    return upload


async def put_renditions(container: Container, s3: S3Client, id: str) -> None:
    found = await container.database["uploads"].find_one({"_id": id})
    assert found is not None
    prefix = container.upload_policy.renditions_prefix
    place = folder(prefix, found["owner"], id, found["etag"])
    for name, (_, data) in PICTURES.items():
        s3.put_object(
            Bucket=container.settings.s3_bucket, Key=f"{place}/{file_name(name)}", Body=data
        )


async def test_each_field_of_a_processed_upload(
    ada: Api, photo: Json, container: Container, s3_client: S3Client
) -> None:
    await put_renditions(container, s3_client, photo["id"])
    shown = await seen(ada, photo["id"])
    assert shown["media"] == MEDIA
    assert (shown["processing"], shown["processingError"]) == ("DONE", None)
    for alias, name in (("thumbnail", "THUMBNAIL"), ("preview", "PREVIEW")):
        known, data = PICTURES[RenditionName(name)]
        rendition = shown[alias]
        assert rendition["name"] == name
        assert rendition["contentType"] == "image/webp"
        assert (rendition["width"], rendition["height"]) == (known.width, known.height)
        assert rendition["size"] == len(data)
        async with httpx.AsyncClient(trust_env=False) as bucket:
            response = await bucket.get(rendition["url"])
        assert (response.status_code, response.content) == (200, data)
        assert response.headers["content-type"] == "image/webp"
        assert response.headers["cache-control"] == "private, max-age=3600, immutable"


async def test_facts_without_pictures(ada: Api, photo: Json, container: Container) -> None:
    etag = await etag_of(container, photo["id"])
    song = Media(duration_seconds=180.0, audio_codec="mp3")
    await record(container, photo["id"], Processing(ProcessingStatus.DONE, None, etag, song))
    shown = await seen(ada, photo["id"])
    unknown = dict.fromkeys(MEDIA) | {"hasLocation": False}
    assert shown["media"] == unknown | {"durationSeconds": 180.0, "audioCodec": "mp3"}
    assert (shown["processing"], shown["thumbnail"], shown["preview"]) == ("DONE", None, None)


async def test_what_could_not_be_decoded(ada: Api, photo: Json, container: Container) -> None:
    etag = await etag_of(container, photo["id"])
    refused = Processing(ProcessingStatus.FAILED, "The file is broken.", etag)
    await record(container, photo["id"], refused)
    expected = {"processing": "FAILED", "processingError": "The file is broken."}
    assert await seen(ada, photo["id"]) == NOTHING | expected


@pytest.mark.settings(**PROCESSED)
async def test_a_stored_photo_is_pending_and_a_text_is_not(ada: Api) -> None:
    pending = await ada.request_and_send(b"a photo")
    assert await seen(ada, pending["id"]) == NOTHING, "not stored yet"
    await ada.complete_upload(pending["id"])
    assert await seen(ada, pending["id"]) == NOTHING | {"processing": "PENDING"}
    text = await ada.store(b"a text", filename="a.txt", content_type="text/plain")
    assert await seen(ada, text["id"]) == NOTHING


@pytest.mark.settings(**PROCESSED)
@pytest.mark.parametrize("filename", ["a.svg"])
async def test_svg_is_not_processed(ada: Api, filename: str) -> None:
    drawing = await ada.store(b"<svg/>", filename=filename, content_type="image/svg+xml")
    assert await seen(ada, drawing["id"]) == NOTHING


async def test_facts_stay_while_an_upload_is_processed_again(
    ada: Api, photo: Json, container: Container
) -> None:
    etag = await etag_of(container, photo["id"])
    pictures = tuple(known for known, _ in PICTURES.values())
    again = Processing(ProcessingStatus.DONE, None, etag, FACTS, pictures).again()
    await record(container, photo["id"], again)
    shown = await seen(ada, photo["id"])
    assert (shown["processing"], shown["media"]) == ("PENDING", MEDIA)
    assert shown["thumbnail"]["width"] == 320


@pytest.mark.parametrize("status", ["REJECTED", "CANCELLED", "EXPIRED", "PENDING"])
async def test_an_upload_that_is_not_stored_shows_nothing(
    ada: Api, photo: Json, container: Container, status: str
) -> None:
    """A file that was replaced by other bytes is REJECTED after it was STORED."""
    changed = {"$set": {"status": status}}
    await container.database["uploads"].update_one({"_id": photo["id"]}, changed)
    assert await seen(ada, photo["id"]) == NOTHING


async def test_an_upload_in_the_trash_still_shows_them(ada: Api, photo: Json) -> None:
    await ada.trash_uploads([photo["id"]])
    shown = await seen(ada, photo["id"])
    assert (shown["media"], shown["preview"]["size"]) == (MEDIA, 6)


async def test_the_rendition_of_a_replaced_object_is_not_shown(
    ada: Api, photo: Json, container: Container
) -> None:
    other = {"$set": {"etag": '"another"'}}
    await container.database["uploads"].update_one({"_id": photo["id"]}, other)
    shown = await seen(ada, photo["id"])
    assert (shown["thumbnail"], shown["preview"]) == (None, None)
    await record(container, photo["id"], TO_PROCESS)
    assert await seen(ada, photo["id"]) == NOTHING | {"processing": "PENDING"}


async def test_another_user_sees_no_upload(
    ada: Api, client: httpx.AsyncClient, photo: Json
) -> None:
    eve = await new_user(client)
    assert await seen(eve, photo["id"]) is None
    assert await seen(ada, photo["id"]) is not None


async def test_scopes_of_api_keys(ada: Api, client: httpx.AsyncClient, photo: Json) -> None:
    """A key that may only upload sees facts of single uploads, and no picture."""
    create = """mutation ($scope: ApiKeyScope!) { createApiKey(input: {name: "k", scope: $scope}) {
      ... on ApiKeyCreated { token } } }"""
    for scope, allowed in (("ALL", True), ("READ", True), ("UPLOAD", False)):
        key = Api(client, (await ada.data(create, scope=scope))["createApiKey"]["token"])
        body = (await key.post(UPLOAD, id=photo["id"])).json()
        assert body["data"]["upload"]["media"] == MEDIA
        assert bool(body["data"]["upload"]["thumbnail"]) is allowed
        errors = body.get("errors", [])
        assert [error["extensions"]["code"] for error in errors] == (
            [] if allowed else ["FORBIDDEN"] * 2
        )
        if not allowed:
            assert errors[0]["path"] == ["upload", "thumbnail"]
            assert "can't use Upload.rendition" in errors[0]["message"]


async def test_the_url_of_a_rendition_is_the_same_for_an_hour(
    ada: Api, photo: Json, clock: SettableClock
) -> None:
    key = ada.with_token((await ada.create_api_key("k"))["token"])
    clock.now = clock.now.replace(minute=1) + timedelta(hours=1)
    first = (await seen(key, photo["id"]))["thumbnail"]
    clock.advance(minutes=58)
    later = (await seen(key, photo["id"]))["thumbnail"]
    assert later == first
    assert datetime.fromisoformat(first["expiresAt"]) - clock.now >= timedelta(hours=1)
    clock.advance(minutes=1)
    assert (await seen(key, photo["id"]))["thumbnail"]["url"] != first["url"]


async def test_lists_have_media(ada: Api, photo: Json) -> None:
    query = (
        "{ uploads { nodes { id processing media { camera } rendition(name: PREVIEW) { size } } } }"
    )
    [node] = (await ada.data(query))["uploads"]["nodes"]
    assert node == {
        "id": photo["id"],
        "processing": "DONE",
        "media": {"camera": "Fairphone FP5"},
        "rendition": {"size": 6},
    }


async def test_facts_of_a_newer_version_can_be_read(
    ada: Api, photo: Json, container: Container
) -> None:
    """After a release was rolled back, the records have fields that this one does not know."""
    newer = {
        "$set": {"media.channels": 2, "media.lens": {"name": "f/1.8"}},
        "$push": {"renditions": {"name": "STRIP", "width": 9, "height": 9, "size": 9}},
    }
    await container.database["uploads"].update_one({"_id": photo["id"]}, newer)
    shown = await seen(ada, photo["id"])
    assert (shown["media"], shown["preview"]["size"]) == (MEDIA, 6)
