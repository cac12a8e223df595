"""What the service and the media function exchange; both directions may have been tampered with."""

from __future__ import annotations

import base64
import contextlib
import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gql_api.domain import media
from gql_api.domain.media import Media, RenditionName
from gql_api.domain.processing import (
    FACTS_MAX_BYTES,
    FILE_NAMES,
    NOT_PROCESSED,
    TO_PROCESS,
    DerivedFile,
    Facts,
    MediaRequest,
    Processing,
    ProcessingStatus,
    StoredRendition,
    derived_file,
    file_name,
    folder,
    is_media,
    read_facts,
    request_of,
    to_message,
    undecodable,
    write_facts,
)

# Constants, because xdist compares the names of tests, which contain keys.
OWNER = "01b977d7-aa00-7420-8e98-e939a6310bbf"
UPLOAD = "01b977d7-aa00-750f-bce1-7f947a498882"
THUMBNAIL, PREVIEW = RenditionName
FACTS = Facts(UPLOAD, '"e"', Media(width=3, camera="C"), (StoredRendition(PREVIEW, 3, 2, 9),))
CONTENT: dict[str, Any] = json.loads(write_facts(FACTS))

texts = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=50)
codecs = st.none() | st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,31}", fullmatch=True)
hashes = st.binary(min_size=5, max_size=25).map(lambda data: base64.b64encode(data).decode())
sides = st.none() | st.integers(1, 1_000_000)
medias = st.builds(
    Media,
    width=sides,
    height=sides,
    duration_seconds=st.none() | st.floats(0, 1e9),
    frame_rate=st.none() | st.floats(0, 1e6),
    video_codec=codecs,
    audio_codec=codecs,
    thumbhash=st.none() | hashes,
    pages=st.none() | st.integers(1, 10_000_000),
    captured_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    camera=st.none() | texts,
    has_location=st.booleans(),
)


@st.composite
def stored(draw: st.DrawFn, name: RenditionName) -> StoredRendition:
    side = st.integers(1, name.max_side)
    return StoredRendition(name, draw(side), draw(side), draw(st.integers(1, name.max_bytes)))


found = st.builds(
    Facts,
    upload_id=st.just(UPLOAD),
    etag=texts,
    media=medias,
    renditions=st.sets(st.sampled_from(RenditionName)).flatmap(
        lambda names: st.tuples(*map(stored, sorted(names, key=lambda it: it.value)))
    ),
    refusal=st.none(),
)
refused = st.builds(
    Facts,
    upload_id=st.just(UPLOAD),
    etag=texts,
    media=st.none(),
    renditions=st.just(()),
    refusal=st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=200),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


# ---------------------------------------------------------------- the file of facts


@given(found | refused)
def test_facts_come_back_as_they_were_written(facts: Facts) -> None:
    content = write_facts(facts)
    assert len(content) <= FACTS_MAX_BYTES
    assert read_facts(content) == facts


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 10_000)
@example(b'{"a":' * 2_000)
@example(b"9" * 5_000)
@example(b"\x00\x00\x00[")
def test_any_content_is_read_or_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_facts(content)


@given(st.sampled_from([*CONTENT]), values)
def test_any_value_of_a_field_is_read_or_refused(name: str, value: object) -> None:
    with contextlib.suppress(ValueError):
        read_facts(json.dumps(CONTENT | {name: value}).encode())


@given(st.sampled_from([*CONTENT["media"]]), values)
@example("capturedAt", "0001-01-01T00:00:00+14:00")
@example("capturedAt", "9999-12-31T23:59:59-14:00")
@example("durationSeconds", 10**400)
def test_any_fact_is_read_or_refused(name: str, value: object) -> None:
    facts = CONTENT["media"] | {name: value}
    try:
        read = read_facts(json.dumps(CONTENT | {"media": facts}).encode()).media
    except ValueError:
        return
    assert read is not None
    assert media.from_json(media.to_json(read)) == read


@given(st.sampled_from(["name", "width", "height", "size"]), values)
def test_any_rendition_is_read_or_refused(name: str, value: object) -> None:
    [rendition] = CONTENT["renditions"]
    with contextlib.suppress(ValueError):
        read_facts(json.dumps(CONTENT | {"renditions": [rendition | {name: value}]}).encode())


@pytest.mark.parametrize("name", RenditionName)
def test_a_rendition_has_its_limits(name: RenditionName) -> None:
    largest = StoredRendition(name, name.max_side, name.max_side, name.max_bytes)
    assert read_facts(write_facts(FACTS._replace(renditions=(largest,)))).renditions == (largest,)
    smallest = StoredRendition(name, 1, 1, 1)
    assert read_facts(write_facts(FACTS._replace(renditions=(smallest,)))).renditions == (smallest,)
    for wrong in (
        largest._replace(width=name.max_side + 1),
        largest._replace(height=name.max_side + 1),
        largest._replace(size_bytes=name.max_bytes + 1),
        smallest._replace(width=0),
        smallest._replace(height=-1),
        smallest._replace(size_bytes=0),
        smallest._replace(width=True),
        smallest._replace(height=1.0),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match="exceeds its limits"):
            read_facts(write_facts(FACTS._replace(renditions=(wrong,))))


WRONG: dict[str, dict[str, Any]] = {
    "true as version": {"version": True},
    "a version with a fraction": {"version": 1.0},
    "a later version": {"version": 2},
    "no upload": {"uploadId": None},
    "a number as ETag": {"etag": 1},
    "another field": {"more": None},
    "no list of renditions": {"renditions": None},
    "a rendition twice": {"renditions": CONTENT["renditions"] * 2},
    "more in a rendition": {"renditions": [CONTENT["renditions"][0] | {"key": "uploads/a"}]},
    "a refusal that is too long": {"media": None, "renditions": [], "refusal": "x" * 201},
    "an empty refusal": {"media": None, "renditions": [], "refusal": ""},
    "a list as refusal": {"media": None, "renditions": [], "refusal": []},
    "an empty refusal beside facts": {"refusal": ""},
    "false instead of facts": {"media": False},
}


@pytest.mark.parametrize("kind", WRONG)
def test_facts_of_another_form_are_refused(kind: str) -> None:
    assert read_facts(json.dumps(CONTENT).encode()) == FACTS
    with pytest.raises(ValueError, match=r"."):
        read_facts(json.dumps(CONTENT | WRONG[kind]).encode())


def test_facts_have_a_largest_size() -> None:
    content = write_facts(FACTS)
    assert read_facts(content.ljust(FACTS_MAX_BYTES)) == FACTS
    with pytest.raises(ValueError, match="16384 bytes"):
        read_facts(content.ljust(FACTS_MAX_BYTES + 1))


def test_what_is_recorded() -> None:
    assert FACTS.processing() == Processing(
        ProcessingStatus.DONE, None, '"e"', FACTS.media, FACTS.renditions
    )
    failed = undecodable(UPLOAD, '"e"').processing()
    assert (failed.status, failed.etag, failed.media) == (ProcessingStatus.FAILED, '"e"', None)
    assert failed.reason


def test_processing_again_keeps_what_is_known() -> None:
    done = FACTS.processing()
    assert done.again() == done._replace(status=ProcessingStatus.PENDING)
    assert done.again().stopped() == done
    assert TO_PROCESS.stopped() == NOT_PROCESSED
    failed = done.again().failed("Why.")
    assert failed == done._replace(status=ProcessingStatus.FAILED, reason="Why.")
    assert failed.again() == done.again()


# ---------------------------------------------------------------- messages


@given(st.text(), st.text(), st.text())
def test_a_request_comes_back_as_it_was_sent(key: str, etag: str, upload_id: str) -> None:
    request = MediaRequest(key, etag, upload_id)
    assert request_of(to_message(request)) == request


@given(st.text() | values.map(json.dumps))
@example("[" * 100_000)
@example('{"media": {"key": "a", "etag": null, "uploadId": "b"}}')
@example('{"readBack": {"key": "a"}}')
def test_other_messages_are_refused(message: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        request_of(message)


# ---------------------------------------------------------------- types and keys


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("image/png", True),
        ("image/heic", True),
        ("video/mp4; codecs=avc1", True),
        ("audio/flac", True),
        ("application/pdf", True),
        ("image/svg+xml", False),
        ("image/svg+xml; charset=utf-8", False),
        ("text/plain", False),
        ("application/octet-stream", False),
        ("application/pdfx", False),
    ],
)
def test_media_are_known_by_their_type(content_type: str, expected: bool) -> None:
    assert is_media(content_type, 1) is expected
    assert not is_media(content_type, 0)


@given(st.text(st.characters(codec="utf-8"), max_size=100))
@example('"d41d8cd98f00b204e9800998ecf8427e-12"')
@example('W/"a"')
@example("..")
@example("")
def test_each_etag_has_a_folder_of_its_own(etag: str) -> None:
    place = folder("renditions", OWNER, UPLOAD, etag)
    for name in FILE_NAMES:
        expected = DerivedFile(OWNER, UPLOAD, place, name)
        assert derived_file("renditions", f"{place}/{name}") == expected
    assert folder("renditions", OWNER, UPLOAD, f'"{etag}"') == place
    assert folder("renditions", OWNER, UPLOAD, etag.strip('"') + "x") != place


def test_the_names_of_derived_files() -> None:
    place = f"a/b-renditions/{OWNER}/{UPLOAD}/e1"
    assert folder("a/b-renditions", OWNER, UPLOAD, '"e1"') == place
    assert [file_name(name) for name in RenditionName] == ["thumbnail.webp", "preview.webp"]
    assert derived_file("a/b-renditions", f"{place}/facts.json") is not None
    assert derived_file("a/b", f"{place}/facts.json") is None


PLACE = f"renditions/{OWNER}/{UPLOAD}"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "renditions",
        "renditions/",
        f"{PLACE}/facts.json",
        f"{PLACE}//facts.json",
        f"{PLACE}/../facts.json",
        f"{PLACE}/./facts.json",
        f"{PLACE}/e1/facts.json/",
        f"{PLACE}/e1/more/facts.json",
        f"{PLACE}/e1/facts.json\n",
        f"{PLACE}/e1\n/facts.json",
        f"{PLACE}/e1/FACTS.JSON",
        f"{PLACE}/e1/original.webp",
        f"{PLACE}/{'e' * 65}/facts.json",
        f"{PLACE}/\ud800/facts.json",
        f"/{PLACE}/e1/facts.json",
        f"uploads/{OWNER}/{UPLOAD}/e1/facts.json",
        f"renditions/{OWNER}/{UPLOAD.upper()}/e1/facts.json",
        f"renditions/../{UPLOAD}/e1/facts.json",
    ],
)
def test_other_keys_are_none_of_derived_files(key: str) -> None:
    assert derived_file("renditions", f"{PLACE}/e1/facts.json") is not None
    assert derived_file("renditions", key) is None
