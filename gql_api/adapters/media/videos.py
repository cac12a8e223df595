"""Videos and audio files: dimensions, duration, codecs, and a picture."""

from __future__ import annotations

import io
import wave

import av
import av.subtitles.stream
from av.audio.stream import AudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream
from PIL import Image

from gql_api.adapters.media import images, tags
from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.formats import FORMATS, VIDEO_START, Format, Kind, sniff
from gql_api.adapters.media.pictures import placeholder, renditions
from gql_api.adapters.media.posters import DECODER_OPTIONS, display_size, find_poster
from gql_api.adapters.media.ranges import RangeFile, TooMuchRead, in_memory
from gql_api.domain.media import Derived, Media, plausible

_OPTIONS = {
    # How much is read to learn what the container's header does not say.
    "probesize": str(1024**2),
    **DECODER_OPTIONS,
}
# These have an index, from which the frame rate follows: no frames need to be read for it.
_INDEXED = frozenset({"mov", "avi"})
# What the tags of MP3 and M4A files allow.
_COVERS = (FORMATS["jpeg"], FORMATS["png"])


class _Readable:
    """A file for FFmpeg. It ends where the budget does, so that what was read so far is used."""

    def __init__(self, file: RangeFile) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except TooMuchRead:
            return b""


def warm_up() -> None:
    """Import all that decoding needs: PyAV does so when it meets the first stream."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    derive(in_memory(file.getvalue()), FORMATS["wav"])
    picture = av.VideoFrame(16, 16, "yuv420p").reformat(8, 8, "rgb24").to_image()  # type: ignore[no-untyped-call]
    placeholder(picture)
    renditions(picture)
    for cover in _COVERS:
        images.warm_up(cover)


def derive(file: RangeFile, format: Format) -> Derived:
    """Return what can be derived from a video or an audio file.

    Only the demuxer of `format` is used: others follow references to further files.

    Raises:
        Undecodable: it has neither video nor audio.
        FFmpegError: it is damaged.
    """
    if format.kind is Kind.VIDEO:
        file.ranges.budget = VIDEO_START
    options = _OPTIONS | ({"fpsprobesize": "0"} if format.reader in _INDEXED else {})
    with av.open(
        _Readable(file), "r", format=format.reader, options=options, metadata_errors="replace"
    ) as container:
        video = _video(container)
        if video is not None:
            return _with_poster(container, video, file)
        if not container.streams.audio:
            raise Undecodable("The file has neither video nor audio.")
        return _with_cover(container, next(iter(container.streams.video), None))


def _video(container: InputContainer) -> VideoStream | None:
    return next((s for s in container.streams.video if not _is_cover(s)), None)


def _is_cover(stream: VideoStream) -> bool:
    return Disposition.attached_pic in stream.disposition


def _with_poster(container: InputContainer, video: VideoStream, file: RangeFile) -> Derived:
    """Return the facts of a video, and its pictures if a frame can be decoded."""
    width, height = display_size(video)
    poster = find_poster(container, video, file.ranges)
    if poster.sideways:
        width, height = height, width
    rate = video.average_rate
    media = _facts(container)._replace(
        width=width or None,
        height=height or None,
        frame_rate=round(float(rate), 3) if rate else None,
        video_codec=_codec(video),
    )
    return _with_picture(media, poster.picture)


def _with_cover(container: InputContainer, cover: VideoStream | None) -> Derived:
    """Return the facts of an audio file, and its cover as pictures."""
    media = _facts(container)
    return _with_picture(media, None if cover is None else _picture_of(container, cover))


def _with_picture(media: Media, picture: Image.Image | None) -> Derived:
    if picture is None:
        return Derived(plausible(media))
    return Derived(plausible(media._replace(thumbhash=placeholder(picture))), renditions(picture))


def _facts(container: InputContainer) -> Media:
    """Return the facts that videos and audio files share."""
    audio = next(iter(container.streams.audio), None)
    known = {name.lower(): value for name, value in container.metadata.items()}
    duration = container.duration
    return Media(
        duration_seconds=round(duration / av.time_base, 3) if duration and duration > 0 else None,
        audio_codec=None if audio is None else _codec(audio),
        captured_at=tags.captured_at(known),
        camera=tags.camera_of(known),
        has_location=tags.has_location(known),
    )


def _codec(stream: VideoStream | AudioStream) -> str | None:
    """Return the name of a codec, such as "av1" for all decoders of AV1; None if it is unknown."""
    context: CodecContext | None = stream.codec_context
    return None if context is None else context.codec.canonical_name


def _picture_of(container: InputContainer, cover: VideoStream) -> Image.Image | None:
    """Return the cover that an audio file contains; None if it is damaged or of another format."""
    packet = next(container.demux(cover), None)
    data = b"" if packet is None else bytes(packet)
    format = sniff(data)
    if format not in _COVERS:
        return None
    try:
        return images.read(io.BytesIO(data), format.reader).picture
    except ImportError:
        raise
    except Exception:
        return None
