"""Facts and pictures of videos and audio files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from gql_api.adapters.media.errors import Undecodable
from gql_api.domain.media import Derived
from tests.adapters.media import covers, samples


def upright(derived: Derived) -> bool:
    shown = [samples.shown(rendition) for rendition in derived.renditions]
    return bool(shown) and all(samples.red_corner(each) == samples.UPPER_LEFT for each in shown)


@pytest.mark.parametrize(
    ("format", "video", "audio", "codecs"),
    [
        ("mp4", "libx264", "aac", ("h264", "aac")),
        ("mov", "libx265", "aac", ("hevc", "aac")),
        ("webm", "libvpx-vp9", "libopus", ("vp9", "opus")),
        ("matroska", "libx264", "flac", ("h264", "flac")),
        ("avi", "mpeg4", "libmp3lame", ("mpeg4", "mp3")),
        ("mpegts", "libx264", "aac", ("h264", "aac")),
        ("mp4", "libx264", None, ("h264", None)),
    ],
)
def test_each_format(
    format: str, video: str, audio: str | None, codecs: tuple[str, str | None]
) -> None:
    derived = samples.derive(samples.video(format, video, audio))
    media = derived.media
    assert (media.width, media.height, media.frame_rate) == (64, 48, 25.0)
    assert (media.video_codec, media.audio_codec) == codecs
    assert media.duration_seconds is not None
    assert 0.99 <= media.duration_seconds <= 1.06
    assert not media.has_location
    assert media.thumbhash is not None
    assert upright(derived)


@pytest.mark.parametrize("format", ["mp4", "mov", "matroska"])
@pytest.mark.parametrize(("rotation", "size"), [(90, (48, 64)), (180, (64, 48)), (-90, (48, 64))])
def test_a_rotated_video_is_shown_upright(
    format: str, rotation: int, size: tuple[int, int]
) -> None:
    """The recorded corner lands where the rotation, counter-clockwise, brings it."""
    derived = samples.derive(samples.video(format, audio_codec=None, frames=2, rotation=rotation))
    assert (derived.media.width, derived.media.height) == size
    corner = {90: (True, False), 180: (False, False), -90: (False, True)}[rotation]
    for rendition in derived.renditions:
        assert (rendition.width, rendition.height) == size
        assert samples.red_corner(samples.shown(rendition)) == corner


def test_pixels_that_are_not_square_are_stretched() -> None:
    data = samples.video("mp4", audio_codec=None, frames=2, aspect=Fraction(4, 3))
    derived = samples.derive(data)
    assert (derived.media.width, derived.media.height) == (85, 48)
    assert derived.renditions[1][1:3] == (85, 48)


def test_the_frame_rate_of_a_variable_one_is_the_mean() -> None:
    """The frames are shown 2, 4, 6, 8, 10 times as long as at 25 per second, and the last once."""
    data = samples.video("mp4", audio_codec=None, frames=6, variable=True)
    media = samples.derive(data).media
    assert media.duration_seconds == pytest.approx(31 / 25, abs=0.001)
    assert media.frame_rate == pytest.approx(6 / (31 / 25), abs=0.001)


def test_a_black_start_is_not_the_poster() -> None:
    assert upright(samples.derive(samples.video("mp4", frames=50, black=8)))
    assert upright(samples.derive(samples.video("matroska", frames=50, black=30)))
    # What a browser records says nothing of its duration.
    live = samples.video("webm", "libvpx", "libopus", black=8, options=(("live", "1"),))
    derived = samples.derive(live)
    assert derived.media.duration_seconds is None
    assert upright(derived)


def test_a_video_that_is_black_throughout_still_has_a_poster() -> None:
    derived = samples.derive(samples.video("mp4", audio_codec=None, frames=5, black=5))
    assert len(derived.renditions) == 2


@pytest.mark.parametrize("audio", ["aac", None])
def test_an_unknown_codec_leaves_the_other_facts(audio: str | None) -> None:
    video = samples.video("mp4", "libx264", audio, frames=25)
    derived = samples.derive(video.replace(b"avc1", b"none").replace(b"avcC", b"none"))
    assert samples.facts(derived)["duration_seconds"] == pytest.approx(1, abs=0.01)
    assert (derived.media.video_codec, derived.media.audio_codec) == (None, audio)
    assert derived.renditions == ()


def test_a_video_in_fragments() -> None:
    options = (("movflags", "frag_keyframe+empty_moov"),)
    derived = samples.derive(samples.video("mp4", frames=50, black=8, options=options))
    assert derived.media.duration_seconds == pytest.approx(2, abs=0.1)
    assert upright(derived)


def test_what_the_camera_wrote() -> None:
    tags = (
        ("com.apple.quicktime.make", "Phone Maker"),
        ("com.apple.quicktime.model", "P1"),
        ("com.apple.quicktime.creationdate", "2024-05-01T10:20:30+0200"),
        ("com.apple.quicktime.location.ISO6709", "+48.1333+011.5667/"),
    )
    options = (("movflags", "use_metadata_tags"),)
    media = samples.derive(samples.video("mov", frames=2, tags=tags, options=options)).media
    assert media.camera == "Phone Maker P1"
    assert media.captured_at == datetime(2024, 5, 1, 8, 20, 30, tzinfo=UTC)
    assert media.has_location


def test_when_an_mp4_was_made_and_where() -> None:
    tags = (("creation_time", "2024-05-01T08:20:30Z"), ("location", "+48.1333+011.5667/"))
    media = samples.derive(samples.video("mp4", frames=2, tags=tags)).media
    assert media.captured_at == datetime(2024, 5, 1, 8, 20, 30, tzinfo=UTC)
    assert media.has_location


@pytest.mark.parametrize(
    ("format", "encoder", "codec"),
    [
        ("mp3", "libmp3lame", "mp3"),
        ("ipod", "aac", "aac"),
        ("flac", "flac", "flac"),
        ("ogg", "libopus", "opus"),
        ("wav", "pcm_s16le", "pcm_s16le"),
        ("mp4", "aac", "aac"),
        ("matroska", "libopus", "opus"),
    ],
)
def test_each_format_of_audio(format: str, encoder: str, codec: str) -> None:
    derived = samples.derive(samples.audio(format, encoder))
    facts = samples.facts(derived)
    assert 0.98 <= facts.pop("duration_seconds") <= 1.1
    assert facts == {"audio_codec": codec, "has_location": False}
    assert derived.renditions == ()


@pytest.mark.parametrize(
    ("make", "codec"),
    [
        (covers.in_mp3, "mp3"),
        (covers.in_m4a, "aac"),
        (covers.in_flac, "flac"),
        (covers.in_ogg, "opus"),
    ],
)
def test_the_cover_is_the_picture_of_a_song(make: Callable[[bytes], bytes], codec: str) -> None:
    derived = samples.derive(make(samples.encoded(samples.picture(), "PNG")))
    facts = samples.facts(derived)
    assert 0.98 <= facts.pop("duration_seconds") <= 1.1
    assert facts == {"audio_codec": codec, "has_location": False}
    assert derived.media.thumbhash is not None
    assert upright(derived)


def test_a_damaged_cover_is_left_out() -> None:
    cover = samples.encoded(samples.picture(), "PNG")[:60]
    derived = samples.derive(samples.id3_with_cover(samples.audio("mp3", "libmp3lame"), cover))
    assert derived.media.audio_codec == "mp3"
    assert derived.renditions == ()


def test_an_index_without_streams_is_refused() -> None:
    expected = "The file is not a valid MP4 file: Invalid data found when processing input\\."
    with pytest.raises(Undecodable, match=f"^{expected}$"):
        samples.derive(samples.video()[:60])
