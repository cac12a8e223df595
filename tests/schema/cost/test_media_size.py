"""The estimate covers the facts and the signed URLs of renditions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gql_api.adapters.mongo.documents import processing_fields
from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.container import Container
from gql_api.domain.media import (
    CAMERA_MAX_LENGTH,
    CODEC_MAX_LENGTH,
    REASON_MAX_LENGTH,
    Media,
    RenditionName,
    from_json,
    to_json,
)
from gql_api.domain.processing import (
    RENDITION_TYPE,
    Processing,
    ProcessingStatus,
    StoredRendition,
    file_name,
    folder,
)
from gql_api.schema.cost.answer_files import LARGEST_FILES, FileFacts, Measure
from gql_api.schema.cost.answer_shapes import Formula, Shape, Term
from gql_api.schema.cost.wire import QUOTES_BYTES, wire_bytes
from gql_api.services.signing import PartSigner
from gql_api.settings import read_settings
from tests.api import new_user

ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"
LONGEST_ETAG = "0" * 64
RENDITION = "{ name contentType width height size url expiresAt }"
QUERY = f"""{{ uploads(first: 10) {{ nodes {{
  media {{ width height durationSeconds frameRate videoCodec audioCodec pages thumbhash capturedAt
    camera hasLocation }}
  processing processingError
  a: rendition(name: THUMBNAIL) {RENDITION} rendition(name: PREVIEW) {RENDITION}
}} }} }}"""
CHARACTERS = ('"', "\\", "🌊", "é", "a")


def longest(character: str) -> Media:
    """Return facts that take the most bytes, with texts of one character."""
    return Media(
        width=1_000_000,
        height=1_000_000,
        duration_seconds=123456789.12345679,
        frame_rate=123456.12345678912,
        video_codec="x" * CODEC_MAX_LENGTH,
        audio_codec="y" * CODEC_MAX_LENGTH,
        pages=10_000_000,
        thumbhash="A" * 34 + "==",
        captured_at=datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        camera=character * CAMERA_MAX_LENGTH,
        has_location=False,
    )


def test_the_longest_facts_are_accepted_by_the_service() -> None:
    for character in CHARACTERS:
        media = longest(character)
        assert from_json(to_json(media)) == media


# The limit is small enough that the records are looked at.
@pytest.mark.settings(AWS_SESSION_TOKEN="/+" * 600, GRAPHQL_MAX_RESPONSE_BYTES="131072")
async def test_no_answer_is_larger_than_the_measure_of_its_records(
    client: httpx.AsyncClient, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []

    def file_bytes(measure: Measure, file: FileFacts) -> int:
        size_bytes = estimate(measure, file)
        if file not in LARGEST_FILES:
            measured.append(size_bytes)
        return size_bytes

    pictures = tuple(
        StoredRendition(name, name.max_side, name.max_side, name.max_bytes)
        for name in RenditionName
    )
    ada = await new_user(client)
    for character in CHARACTERS:
        media = longest(character)
        reason = character * REASON_MAX_LENGTH
        failed = Processing(ProcessingStatus.FAILED, reason, LONGEST_ETAG, media, pictures)
        [upload] = await ada.request_uploads([{"filename": "a", "contentType": "a/b", "size": 1}])
        changed: dict[str, Any] = {"status": "STORED", "etag": LONGEST_ETAG}
        await container.database["uploads"].update_one(
            {"_id": upload["upload"]["id"]}, {"$set": changed | processing_fields(failed)}
        )
    estimate = Measure.file_bytes
    monkeypatch.setattr(Measure, "file_bytes", file_bytes)
    response = await ada.post(QUERY)
    nodes = response.json()["data"]["uploads"]["nodes"]
    assert [node["processingError"][0] for node in nodes] == list(reversed(CHARACTERS))
    assert all(node["a"]["url"] and node["media"]["camera"] for node in nodes)
    assert len(measured) == len(CHARACTERS)
    assert wire_bytes(response.content) <= sum(measured) + 100


@pytest.mark.parametrize("session_token", [None, "/+=" * 700])
@pytest.mark.parametrize(
    ("endpoint_url", "bucket"),
    [(None, "media"), (None, "my.media"), ("https://s3.example:9000", "media")],
)
@pytest.mark.parametrize("key_prefix", ["uploads", "t", "a/long/prefix-of-another-deployment"])
def test_a_url_of_a_rendition_is_not_longer_than_the_estimate(
    endpoint_url: str | None, bucket: str, session_token: str | None, key_prefix: str
) -> None:
    now = datetime(2030, 5, 17, 12, 34, 56, tzinfo=UTC)
    presigner = S3Presigner(
        credentials=FixedCredentials(Credentials("AKIDEXAMPLE", "secret", session_token, None)),
        session_token_seconds=900,
        region="ap-southeast-2",
        bucket=bucket,
        endpoint_url=endpoint_url,
    )
    policy = read_settings(NEEDED | {"S3_KEY_PREFIX": key_prefix}).uploads
    key = f"{folder(policy.renditions_prefix, ID, ID, LONGEST_ETAG)}/"
    key += file_name(RenditionName.THUMBNAIL)
    request = presigner.get_rendition(key, RENDITION_TYPE, at=now)
    lengths = PartSigner(presigner, lambda: now, policy).url_lengths()
    one_url = Measure(Shape(Formula({Term.DOWNLOAD_URL: 1})), (), lengths, policy)
    shortest = FileFacts(1 + QUOTES_BYTES, 0, 3 + QUOTES_BYTES, 0, 0, 1, multipart=False)
    assert len(request.url) + QUOTES_BYTES <= one_url.file_bytes(shortest)


NEEDED = {
    "DB_URL": "mongodb://db.example.com/",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "S3_BUCKET": "my-media",
    "JWT_SECRET_KEY": "k" * 64,
}
