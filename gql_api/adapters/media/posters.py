"""The frame of a video that is shown in its place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import av
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from gql_api.adapters.media.formats import VIDEO_FURTHER
from gql_api.adapters.media.pictures import fitting
from gql_api.adapters.media.ranges import Ranges
from gql_api.domain.media import RenditionName

# 8K, as decoded.
MAX_PIXELS = 8192 * 4352
DECODER_OPTIONS = {"max_pixels": str(MAX_PIXELS), "threads": "1"}

# Where to look when the first frame is black or of one colour, as shares of the duration.
_FURTHER = (0.1, 0.25, 0.5, 0.75)
# The standard deviation of the brightness, of 255, that a frame must have.
_CONTRAST = 12.0
# How far a quarter turn is, counter-clockwise, as Pillow turns.
_TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


class Poster(NamedTuple):
    """An upright frame; None if no frame can be decoded. `sideways`: its sides changed places."""

    picture: Image.Image | None = None
    sideways: bool = False


def find_poster(container: InputContainer, video: VideoStream, ranges: Ranges) -> Poster:
    """Return the first of a few frames that has enough contrast, or the one that has most.

    Each frame after the first may read `VIDEO_FURTHER` more of the file.
    """
    best, most = Poster(), -1.0
    if not _has_decoder(video) or video.width * video.height > MAX_PIXELS:
        return best
    # Frames may be larger than the container says.
    video.codec_context.options = DECODER_OPTIONS
    for stream in container.streams:
        stream.discard = Discard.default if stream is video else Discard.all
    for frame in _frames(container, video, ranges):
        poster = _poster(frame, video)
        contrast = _contrast(poster)
        if contrast > most:
            best, most = poster, contrast
        if most >= _CONTRAST:
            break
    return best


def display_size(video: VideoStream) -> tuple[int, int]:
    """Return the width and height of a video with square pixels, before it is rotated.

    Both are 0 if the codec is unknown.
    """
    if not _has_decoder(video):
        return 0, 0
    aspect = video.sample_aspect_ratio or Fraction(1)
    return (round(video.width * aspect) if aspect > 0 else video.width), video.height


def _has_decoder(video: VideoStream) -> bool:
    context: CodecContext | None = video.codec_context
    return context is not None


def _frames(container: InputContainer, video: VideoStream, ranges: Ranges) -> Iterator[VideoFrame]:
    """Yield the first frame and those at `_FURTHER`, without those that cannot be decoded.

    Without a known duration, the key frames after the first are taken.
    """
    yield from _next_frame(container, video)
    start, length = container.start_time or 0, container.duration or 0
    for share in _FURTHER:
        ranges.budget = ranges.used.plus(VIDEO_FURTHER)
        try:
            if length > 0:
                container.seek(start + int(length * share))
        except av.FFmpegError:
            return
        yield from _next_frame(container, video)


def _next_frame(container: InputContainer, video: VideoStream) -> Iterator[VideoFrame]:
    """Yield the next whole key frame; none if it is damaged, or if the file or the budget ends.

    The decoder gets no other packet, which might be far away. Flushed, it returns the frame.
    """
    context = video.codec_context
    try:
        # A corrupt packet lacks its end, so part of the picture would be grey.
        packets = (packet for packet in container.demux(video) if not packet.is_corrupt)
        packet = next(packet for packet in packets if packet.is_keyframe)
        yield from (context.decode(packet) + context.decode(None))[:1]
    except (av.FFmpegError, StopIteration):
        return
    finally:
        context.flush_buffers()


def _poster(frame: VideoFrame, video: VideoStream) -> Poster:
    width, height = fitting(display_size(video), RenditionName.PREVIEW.max_side)
    picture: Image.Image = frame.reformat(width, height, "rgb24").to_image()  # type: ignore[no-untyped-call]
    # The angle is that of the recording, in any number of degrees.
    angle = round(frame.rotation / 90) * 90 % 360
    turn = _TURNS.get(angle)
    return Poster(picture if turn is None else picture.transpose(turn), angle in (90, 270))


def _contrast(poster: Poster) -> float:
    return 0.0 if poster.picture is None else ImageStat.Stat(poster.picture.convert("L")).stddev[0]
