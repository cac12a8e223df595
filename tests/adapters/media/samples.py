"""Small files of each format, made with the libraries; a red square marks the upper left corner."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import av
import pillow_heif
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import ExifTags, Image, ImageCms, ImageDraw

from gql_api.adapters.media import decoders, webp
from gql_api.adapters.media.formats import sniff
from gql_api.adapters.media.ranges import RangeFile, in_memory
from gql_api.domain.media import Derived, Rendition

WIDTH, HEIGHT = 64, 48
# What a camera does to a picture that is upright with this orientation: the reverse of a viewer.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Return a grey gradient with a red square in the upper left corner."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 3), fill=(255, 0, 0))
    return image


def stored(orientation: int) -> Image.Image:
    """Return the picture as a camera stores it that was held in this orientation."""
    turn = _STORED.get(orientation)
    return picture() if turn is None else picture().transpose(turn)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def exif(orientation: int = 1, *, offset: str | None = None, location: bool = False) -> bytes:
    """Return the EXIF data that a phone writes."""
    data = Image.Exif()
    data[ExifTags.Base.Make] = "Phone Maker"
    data[ExifTags.Base.Model] = "Phone Maker P1"
    data[ExifTags.Base.Orientation] = orientation
    details: dict[int, Any] = {ExifTags.Base.DateTimeOriginal: "2024:05:01 10:20:30"}
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    data[ExifTags.IFD.Exif] = details
    if location:
        data[ExifTags.IFD.GPSInfo] = {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (48.0, 8.0, 0.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (11.0, 34.0, 0.0),
        }
    return data.tobytes()


def heic(image: Image.Image, **options: Any) -> bytes:
    """Return a HEIC file; an orientation in `exif` becomes a property, too, as phones have it."""
    return heic_of(image.mode, image.size, image.tobytes(), **options)


def heic_of(mode: str, size: tuple[int, int], pixels: bytes, **options: Any) -> bytes:
    file = io.BytesIO()
    pillow_heif.encode(mode, size, pixels, file, quality=90, **options)
    return file.getvalue()


def srgb() -> bytes:
    """Return an ICC profile."""
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile


def swapped_profile() -> bytes:
    """Return an sRGB profile whose red and blue primaries have changed places."""
    profile = srgb()
    return profile.replace(b"rXYZ", b"none").replace(b"bXYZ", b"rXYZ").replace(b"none", b"bXYZ")


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@functools.cache
def video(
    format: str = "mp4",
    video_codec: str = "libx264",
    audio_codec: str | None = "aac",
    *,
    frames: int = 25,
    rotation: int = 0,
    black: int = 0,
    aspect: Fraction | None = None,
    variable: bool = False,
    tags: tuple[tuple[str, str], ...] = (),
    options: tuple[tuple[str, str], ...] = (),
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> bytes:
    """Return a video of 25 frames per second, the first `black` ones of which are black."""
    file = io.BytesIO()
    with av.open(file, "w", format=format, options=dict(options)) as container:
        container.metadata.update(tags)
        stream = _video_stream(container, video_codec, size)
        if aspect is not None:
            stream.sample_aspect_ratio = aspect
        if rotation:
            stream.set_display_rotation(rotation)
        if variable:
            # Frames in their order, whose times are then the durations that the file records.
            stream.codec_context.max_b_frames = 0
        sound = audio_codec and container.add_stream(audio_codec, rate=48000, layout="stereo")
        for number in range(frames):
            image = Image.new("RGB", size) if number < black else picture(*size)
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number * (1 + variable * number), Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if isinstance(sound, AudioStream):
            silence(container, sound, frames / 25)
    return file.getvalue()


def _video_stream(container: Any, codec: str, size: tuple[int, int]) -> VideoStream:
    quiet = {"libx265": {"x265-params": "log-level=none"}}
    stream: VideoStream = container.add_stream(codec, rate=25, options=quiet.get(codec, {}))
    stream.width, stream.height = size
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    stream.codec_context.gop_size = 5
    stream.codec_context.thread_count = 1
    return stream


def silence(container: Any, stream: AudioStream, seconds: float) -> None:
    """Encode silence."""
    samples = stream.codec_context.frame_size or 1024
    for at in range(0, int(48000 * seconds), samples):
        frame = av.AudioFrame(format=stream.format.name, layout="stereo", samples=samples)
        frame.sample_rate, frame.pts, frame.time_base = 48000, at, Fraction(1, 48000)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


@functools.cache
def audio(format: str, codec: str, *, tags: tuple[tuple[str, str], ...] = ()) -> bytes:
    """Return a second of silence."""
    file = io.BytesIO()
    with av.open(file, "w", format=format) as container:
        container.metadata.update(tags)
        stream = container.add_stream(codec, rate=48000, layout="stereo")
        assert isinstance(stream, AudioStream)
        silence(container, stream, 1)
    return file.getvalue()


def id3_with_cover(mp3: bytes, cover: bytes) -> bytes:
    """Return an MP3 file with a picture in front (ID3v2.3, frame APIC)."""
    body = b"\x00image/png\x00\x03\x00" + cover
    frame = b"APIC" + struct.pack(">IH", len(body), 0) + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    start = mp3.index(b"\xff\xfb")
    return b"ID3\x03\x00\x00" + size + frame + mp3[start:]


def pdf(pages: int = 2, *, box: str = "0 0 300 200", content: bytes = b"", more: str = "") -> bytes:
    """Return a PDF whose pages have a red square in the upper left corner, and some text."""
    content = content or (
        b"1 0 0 rg 0 130 100 70 re f 0 0 0 rg BT /F 24 Tf 120 20 Td (Invoice) Tj ET"
    )
    kids = " ".join(f"{4 + n} 0 R" for n in range(pages))
    parts = [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        f"2 0 obj<</Type/Pages/Count {pages}/Kids[{kids}]>>endobj",
        f"3 0 obj<</Length {len(content)}>>stream\n{content.decode('latin-1')}\nendstream endobj",
        "99 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
        *(
            f"{4 + n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 3 0 R"
            "/Resources<</Font<</F 99 0 R>>>>>>endobj"
            for n in range(pages)
        ),
        f"trailer<</Root 1 0 R{more}>>\n%%EOF",
    ]
    return ("%PDF-1.4\n" + "\n".join(parts)).encode("latin-1")


_load = functools.cache(decoders.load)


def derive(data: bytes) -> Derived:
    """Return what a decoder derives from a file, in this process."""
    return derive_from(in_memory(data), data)


def derive_from(file: RangeFile, start: bytes) -> Derived:
    format = sniff(start)
    assert format is not None
    return decoders.derive(_load(format), file, format)


def shown(rendition: Rendition) -> Image.Image:
    """Return a rendition, decoded; it must have no metadata."""
    image = Image.open(io.BytesIO(rendition.data), formats=("WEBP",))
    assert webp.dimensions(rendition.data) == (rendition.width, rendition.height)
    assert not {"exif", "icc_profile", "xmp"} & image.info.keys()
    assert image.size == (rendition.width, rendition.height)
    return image


def red_corner(image: Image.Image) -> tuple[bool, bool]:
    """Return whether the red square is in the left and in the upper half."""
    pixels = image.convert("RGB")
    for left in (True, False):
        for upper in (True, False):
            x = image.width * (1 if left else 9) // 10
            y = image.height * (1 if upper else 9) // 10
            value = pixels.getpixel((x, y))
            assert isinstance(value, tuple)
            if value[0] > 180 and value[1] < 90 and value[2] < 90:
                return left, upper
    raise AssertionError("there is no red square")


UPPER_LEFT = (True, True)
Facts = Mapping[str, Any]


def facts(derived: Derived) -> dict[str, Any]:
    """Return the known facts but the thumbhash, which has its own test."""
    values = derived.media._asdict()
    del values["thumbhash"]
    return {name: value for name, value in values.items() if value is not None}


@functools.cache
def noise(width: int = 1280, height: int = 720, *, black: int = 0) -> bytes:
    """Return a video of four frames, the first `black` ones of which are black.

    The key frame of noise has 1.7 bytes for each pixel: 1.6 MB.
    """
    file, size = io.BytesIO(), (width, height)
    with av.open(file, "w", format="mov") as container:
        stream = _video_stream(container, "mpeg4", size)
        stream.codec_context.options = {"qmin": "1", "qmax": "1"}
        image = Image.effect_noise(size, 100).convert("RGB")
        for number in range(4):
            shown = Image.new("RGB", size) if number < black else image
            frame = av.VideoFrame.from_image(shown)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def motion_jpeg(frame: bytes) -> bytes:
    """Return a video of one frame, which may have another size than the container says."""
    file = io.BytesIO()
    with av.open(file, "w", format="mov") as container:
        stream = _video_stream(container, "mjpeg", (WIDTH, HEIGHT))
        packet = av.Packet(frame)
        packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 25), True
        packet.pts = packet.dts = 0
        container.mux(packet)
    return file.getvalue()
