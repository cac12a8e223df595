"""Derivation: what the media function writes for an object, in which order, and when nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gql_api.domain.ids import new_id
from gql_api.domain.media import Derived, Media, Refusal, Rendition, RenditionName
from gql_api.domain.media_objects import ObjectGone, OpenObject
from gql_api.domain.processing import MediaRequest, StoredRendition, read_facts
from gql_api.services.derivation import Derivation

OWNER, UPLOAD = (new_id(datetime(2030, 1, 31, tzinfo=UTC)) for _ in range(2))
REQUEST = MediaRequest(f"uploads/{OWNER}/{UPLOAD}", '"abc-2"', UPLOAD)
FOLDER = f"renditions/{OWNER}/{UPLOAD}/abc-2"
MEDIA = Media(width=64, height=48)
DERIVED = Derived(
    MEDIA,
    (
        Rendition(RenditionName.THUMBNAIL, 8, 6, b"small"),
        Rendition(RenditionName.PREVIEW, 64, 48, b"larger"),
    ),
)

Outcome = Derived | Refusal | None


class Objects:
    """Implements `MediaObjects` with one object, which may be gone or break off."""

    def __init__(self, content: bytes = b"content", broken: Exception | None = None) -> None:
        self.content = content
        self.broken = broken
        self.fails_at: str | None = None
        self.written: list[tuple[str, bytes, str]] = []

    def open(self, key: str, etag: str) -> OpenObject:
        assert (key, etag) == (REQUEST.key, REQUEST.etag)

        def fetch(offset: int, length: int) -> bytes:
            if self.broken is not None:
                raise self.broken
            return self.content[offset : offset + length]

        return OpenObject(len(self.content), fetch)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        if self.fails_at is not None and key.endswith(self.fails_at):
            raise ConnectionError
        self.written.append((key, content, content_type))

    @property
    def names(self) -> list[str]:
        return [key.removeprefix(f"{FOLDER}/") for key, _, _ in self.written]


def derivation(objects: Objects, outcome: Outcome) -> Derivation:
    def decode(fetch: Callable[[int, int], bytes], size_bytes: int) -> Outcome:
        assert fetch(0, size_bytes) == objects.content
        return outcome

    return Derivation(
        objects=objects, decode=decode, key_prefix="uploads", renditions_prefix="renditions"
    )


def test_the_facts_are_written_last() -> None:
    objects = Objects()
    derivation(objects, DERIVED).derive(REQUEST)
    assert objects.written[:2] == [
        (f"{FOLDER}/thumbnail.webp", b"small", "image/webp"),
        (f"{FOLDER}/preview.webp", b"larger", "image/webp"),
    ]
    key, content, content_type = objects.written[2]
    assert (key, content_type) == (f"{FOLDER}/facts.json", "application/json")
    facts = read_facts(content)
    assert (facts.upload_id, facts.etag, facts.media) == (UPLOAD, REQUEST.etag, MEDIA)
    assert facts.renditions == (
        StoredRendition(RenditionName.THUMBNAIL, 8, 6, 5),
        StoredRendition(RenditionName.PREVIEW, 64, 48, 6),
    )


def test_the_same_request_gives_the_same_files() -> None:
    objects = Objects()
    for _ in range(2):
        derivation(objects, DERIVED).derive(REQUEST)
    assert objects.written[:3] == objects.written[3:]


@pytest.mark.parametrize("outcome", [Refusal("The file is damaged."), None])
def test_why_nothing_was_derived_is_written(outcome: Outcome) -> None:
    objects = Objects()
    derivation(objects, outcome).derive(REQUEST)
    [(key, content, _)] = objects.written
    facts = read_facts(content)
    assert key == f"{FOLDER}/facts.json"
    assert facts.media is None
    expected = "The file has none of the formats that can be decoded."
    assert facts.refusal == (outcome.reason if isinstance(outcome, Refusal) else expected)


def test_nothing_is_written_for_an_object_that_goes_while_it_is_read() -> None:
    objects = Objects(broken=ObjectGone())
    derivation(objects, DERIVED).derive(REQUEST)
    assert objects.written == []


def test_nothing_is_written_for_an_object_that_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    objects = Objects()

    def gone(_key: str, _etag: str) -> OpenObject:
        raise ObjectGone

    monkeypatch.setattr(objects, "open", gone)
    derivation(objects, DERIVED).derive(REQUEST)
    assert objects.written == []


def test_an_error_passes_through_and_no_facts_are_written() -> None:
    objects = Objects(broken=TimeoutError())
    with pytest.raises(TimeoutError):
        derivation(objects, DERIVED).derive(REQUEST)
    assert objects.written == []


def test_there_are_no_facts_without_the_renditions_that_they_name() -> None:
    objects = Objects()
    objects.fails_at = "preview.webp"
    with pytest.raises(ConnectionError):
        derivation(objects, DERIVED).derive(REQUEST)
    assert objects.names == ["thumbnail.webp"]


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST._replace(key=f"others/{OWNER}/{UPLOAD}"),
        REQUEST._replace(key=f"uploads/{OWNER}/{UPLOAD}/more"),
        REQUEST._replace(key=f"uploads/{OWNER}/../{UPLOAD}"),
        REQUEST._replace(key=""),
        REQUEST._replace(upload_id=OWNER),
    ],
)
def test_only_uploads_are_read(request_: MediaRequest) -> None:
    objects = Objects()
    with pytest.raises(ValueError, match="does not name an upload"):
        derivation(objects, DERIVED).derive(request_)
    assert objects.written == []
