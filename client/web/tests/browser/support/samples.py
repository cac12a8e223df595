"""Write media files for the browser tests: samples.py DIRECTORY GROUP [NAME...].

The groups are `mixed`, a library as people have it, and `photos`, a dozen photos. Without names,
all of the group's files are written.
"""

from __future__ import annotations

import io
import math
import random
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import pillow_heif
from PIL import Image, ImageDraw

from tests.adapters.media import samples

pillow_heif.register_heif_opener()

Files = dict[str, Callable[[], bytes]]


def landscape(seed: int, width: int, height: int) -> Image.Image:
    """Return hills below a sky with a sun."""
    chosen = random.Random(seed)  # noqa: S311 - not a secret.
    sky = tuple(chosen.randrange(120, 240) for _ in range(3))
    ground = tuple(chosen.randrange(30, 140) for _ in range(3))
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image = Image.blend(image, Image.new("RGB", (width, height), sky), 0.75)
    draw = ImageDraw.Draw(image)
    x, y = chosen.randrange(width), chosen.randrange(height // 2)
    sun = min(width, height) // 9
    draw.ellipse((x - sun, y - sun, x + sun, y + sun), fill=(255, 244, 214))
    for layer in range(4):
        share = 1 - layer / 5
        colour = tuple(int(part * share) for part in ground)
        phase, wide = chosen.uniform(0, 6), chosen.uniform(0.6, 2.2) * width / 6
        base = height * (0.5 + layer * 0.14)
        top = [
            (px, base + math.sin(px / wide + phase) * height / 12) for px in range(0, width + 8, 8)
        ]
        draw.polygon([*top, (width, height), (0, height)], fill=colour)
    noise = Image.effect_noise((width, height), 60).convert("RGB")
    return Image.blend(image, noise, 0.06)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def upright(seed: int) -> bytes:
    """Return a portrait as a phone stores it that was held upright: turned, with orientation 6."""
    picture = landscape(seed, 900, 1200)
    ImageDraw.Draw(picture).rectangle((0, 0, 300, 300), fill=(255, 0, 0))
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    return encoded(turned, "JPEG", quality=85, exif=samples.exif(6, location=True))


def sticker(seed: int) -> bytes:
    """Return a disc with a ring on nothing."""
    image = Image.new("RGBA", (600, 600))
    draw = ImageDraw.Draw(image)
    hue = Image.new("HSV", (1, 1), (seed * 67 % 256, 190, 225)).convert("RGB").getpixel((0, 0))
    draw.ellipse((60, 60, 540, 540), fill=hue)
    draw.ellipse((160, 160, 440, 440), outline=(255, 255, 255, 230), width=44)
    return encoded(image, "PNG")


def film(seed: int, pictures: int, *, portrait: bool = False, **options: Any) -> bytes:
    """Return a video that pans over a landscape, two pictures per second unless `rate` is given."""
    width, height = (360, 640) if portrait else (640, 360)
    view = landscape(seed, width + 200, height)
    file = io.BytesIO()
    with av.open(file, "w", format=options.get("format", "mp4")) as container:
        stream = container.add_stream(
            options.get("codec", "libx264"), rate=options.get("rate", Fraction(2))
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(pictures):
            left = int(100 + 100 * math.sin(number / 9))
            frame = av.VideoFrame.from_image(view.crop((left, 0, left + width, height)))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def report(seed: int, pages: int) -> bytes:
    """Return a PDF with a heading and lines of grey."""
    chosen = random.Random(seed)  # noqa: S311 - not a secret.
    lines = "".join(
        f"60 {690 - n * 22} {chosen.randrange(300, 470)} 8 re f\n" for n in range(24) if n % 6 != 5
    )
    colour = " ".join(f"{chosen.uniform(0.1, 0.7):.2f}" for _ in range(3))
    heading = f"{colour} rg 60 740 240 26 re f 0.75 g\n{lines}"
    return samples.pdf(pages, box="0 0 595 842", content=heading.encode())


def svg(hue: int) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<circle cx="20" cy="20" r="16" fill="hsl({hue} 70% 50%)"/></svg>'
    ).encode()


def song() -> bytes:
    """Return a second of music with a cover."""
    sound = samples.audio("mp3", "libmp3lame", tags=(("title", "Evening"),))
    return samples.id3_with_cover(sound, encoded(landscape(61, 600, 600), "PNG"))


def picture(format: str, seed: int, width: int, height: int) -> Callable[[], bytes]:
    return lambda: encoded(landscape(seed, width, height), format)


def mixed() -> Files:
    return {
        "Notes.txt": lambda: b"Bring the tripod.\n",
        "Logo.svg": lambda: svg(220),
        "Map pin.svg": lambda: svg(10),
        **{f"Coast {n}.jpg": picture("JPEG", n, 1600, 1200) for n in range(1, 4)},
        **{f"Portrait {n}.jpg": picture("JPEG", 20 + n, 900, 1350) for n in range(1, 3)},
        "Panorama.jpg": picture("JPEG", 31, 3200, 640),
        "Tower.jpg": picture("JPEG", 32, 500, 2000),
        "Upright.jpg": lambda: upright(33),
        "Broken.jpg": lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8,
        **{f"Sticker {n}.png": partial(sticker, n) for n in range(1, 3)},
        "Loop.gif": picture("GIF", 201, 480, 360),
        "Harbour.webp": picture("WEBP", 41, 1200, 800),
        "Morning.heic": picture("HEIF", 43, 1200, 900),
        "Dunes.avif": picture("AVIF", 45, 1200, 900),
        "Scan.tiff": picture("TIFF", 47, 800, 600),
        "Old.bmp": picture("BMP", 48, 320, 240),
        "Ferry.mp4": lambda: film(51, 166),
        "Dance.mov": lambda: film(52, 24, portrait=True, format="mov"),
        "Waves.webm": lambda: film(53, 14, format="webm", codec="libvpx-vp9"),
        "Long walk.mkv": lambda: film(
            *(54, 372), rate=Fraction(1, 10), format="matroska", codec="mpeg4"
        ),
        "Evening song.mp3": song,
        "Memo.mp3": lambda: samples.audio("mp3", "libmp3lame"),
        "Take 2.flac": lambda: samples.audio("flac", "flac"),
        "Bell.wav": lambda: samples.audio("wav", "pcm_s16le"),
        "Invoice.pdf": lambda: report(71, 1),
        "Travel guide.pdf": lambda: report(72, 128),
        "Contract.pdf": lambda: report(73, 4),
        "Waiting.jpg": picture("JPEG", 81, 1600, 1200),
        "A very long name of a photo from the northern coast in autumn.jpg": picture(
            *("JPEG", 82, 1600, 1200)
        ),
    }


def photos() -> Files:
    return {f"Photo {n:02}.jpg": picture("JPEG", n, 1200, 800) for n in range(1, 13)}


GROUPS: dict[str, Callable[[], Files]] = {"mixed": mixed, "photos": photos}

if __name__ == "__main__":
    directory, group, *names = sys.argv[1:]
    for name, make in GROUPS[group]().items():
        if not names or name in names:
            Path(directory, name).write_bytes(make())
