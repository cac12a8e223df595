"""Photos and a video as phones write them: texture at all scales, edges, noise and metadata.

python -m benchmarks.media.samples DIRECTORY PHOTOS VIDEO_BYTES

Writes that many different JPEG files and, if VIDEO_BYTES is not 0, one file of each other format.
A process of its own does it, because Linux counts the memory of a parent as its children's peak.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pillow_heif
from PIL import ExifTags, Image, ImageChops, ImageDraw

from local.child import PROJECT

PHOTO = (4032, 3024)
VIDEO = (1920, 1080)
FRAME_RATE = 30
# Blended from the coarsest to the finest: the size of a grain, its contrast, and its share.
_GRAINS = (
    (512, 60, 1.0),
    (128, 70, 0.4),
    (32, 80, 0.35),
    (8, 70, 0.3),
    (2, 60, 0.25),
    (1, 50, 0.2),
)
_SHAPES = 300


def texture(size: tuple[int, int]) -> Image.Image:
    """Return a picture without large areas of one colour; the same each time."""
    light = _grain(size, *_GRAINS[0][:2])
    for cell, contrast, share in _GRAINS[1:]:
        light = Image.blend(light, _grain(size, cell, contrast), share)
    channels = [Image.blend(light, _grain(size, 256, 90), 0.35) for _ in range(3)]
    picture = Image.merge("RGB", channels)
    draw, chance = ImageDraw.Draw(picture, "RGBA"), random.Random(1)
    for number in range(_SHAPES):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        side = size[0] // chance.randrange(10, 80)
        colour = (*chance.randbytes(3), 90)
        shape = draw.ellipse if number % 2 else draw.rectangle
        shape((x, y, x + side, y + side * 3 // 2), fill=colour)
    return picture


def _grain(size: tuple[int, int], cell: int, contrast: int) -> Image.Image:
    width, height = (max(2, side // cell) for side in size)
    return Image.effect_noise((width, height), contrast).resize(size, Image.Resampling.BICUBIC)


def photos(count: int) -> Iterator[bytes]:
    """Yield different JPEG files of 12 megapixels and about 5 MB, upright only when turned."""
    picture = texture(PHOTO)
    for number in range(count):
        yield encoded(ImageChops.offset(picture, 211 * number, 97 * number), "JPEG", quality=94)


def encoded(picture: Image.Image, format: str, **options: object) -> bytes:
    """Return a picture as a file of a phone: with an orientation, a location and a camera."""
    file = io.BytesIO()
    picture.save(file, format, exif=_exif().tobytes(), **options)
    return file.getvalue()


def heic() -> bytes:
    """Return a HEIC file of 12 megapixels in tiles, as phones write it."""
    file, picture = io.BytesIO(), texture(PHOTO)
    pillow_heif.encode(
        *(picture.mode, picture.size, picture.tobytes(), file),
        quality=50,
        exif=_exif().tobytes(),
        tile_size=512,
        enc_params={"preset": "ultrafast"},
    )
    return file.getvalue()


def avif() -> bytes:
    """Return an AVIF file of 12 megapixels."""
    return encoded(texture(PHOTO), "AVIF", quality=60, speed=9)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Phone Maker", "P1"
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2024:05:01 10:20:30"}
    exif[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (48.0, 8.0, 0.0),
    }
    return exif


def write_video(path: Path, size_bytes: int) -> None:
    """Write an MP4 file of about this size: 1080p, H.264, its index at the end.

    One second is encoded, and repeated: encoding all of it would take minutes.
    """
    with (
        av.open(io.BytesIO(_second()), "r") as second,
        av.open(str(path), "w", format="mp4") as file,
    ):
        [source] = second.streams.video
        packets = [packet for packet in second.demux(source) if packet.size]
        frames = [(bytes(packet), packet.is_keyframe) for packet in packets]
        stream = file.add_stream_from_template(source)
        count = -(-size_bytes // sum(len(data) for data, _ in frames)) * FRAME_RATE
        for number in range(count):
            data, is_key = frames[number % FRAME_RATE]
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, FRAME_RATE)
            packet.pts = packet.dts = number
            packet.duration, packet.is_keyframe = 1, is_key
            file.mux(packet)


def _second() -> bytes:
    """Return a second of video at about the bit rate of phones."""
    file, picture = io.BytesIO(), texture(VIDEO)
    options = {"preset": "superfast", "crf": "23", "bf": "0"}
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FRAME_RATE, options=options)
        stream.width, stream.height = VIDEO
        stream.pix_fmt = "yuv420p"
        for number in range(FRAME_RATE):
            moved = ImageChops.offset(picture, 4 * number, number)
            frame = av.VideoFrame.from_image(moved)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def main(directory: Path, count: int, video_bytes: int) -> None:
    """Write the files."""
    for number, photo in enumerate(photos(count)):
        (directory / f"photo-{number}.jpg").write_bytes(photo)
    if video_bytes:
        (directory / "photo.heic").write_bytes(heic())
        (directory / "photo.avif").write_bytes(avif())
        write_video(directory / "video.mp4", video_bytes)


def write(directory: Path, count: int, video_bytes: int = 0) -> None:
    """Write the files in another process."""
    words = (sys.executable, "-m", "benchmarks.media.samples", directory, count, video_bytes)
    subprocess.run([str(word) for word in words], cwd=PROJECT, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
