"""Facts and pictures of images."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from PIL import Image

from gql_api.adapters.media.errors import Undecodable
from gql_api.domain.media import RenditionName
from tests.adapters.media import samples
from tests.adapters.media.profiles import adobe_rgb, display_p3

PLAIN = {"width": 64, "height": 48, "has_location": False}


def frames(format: str) -> bytes:
    others = [Image.new("RGB", (64, 48), "blue")] * 3
    return samples.encoded(samples.picture(), format, save_all=True, append_images=others)


def ten_bits() -> bytes:
    wide = b"".join(bytes([0, value]) for value in samples.picture().tobytes())
    return samples.heic_of("RGB;16", (64, 48), wide)


def encoded(format: str, mode: str = "RGB", **options: object) -> Callable[[], bytes]:
    return lambda: samples.encoded(samples.picture().convert(mode), format, **options)


@pytest.mark.parametrize(
    "make",
    [
        *map(encoded, ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")),
        lambda: samples.heic(samples.picture()),
        lambda: samples.heic(samples.picture(), tile_size=32),
        ten_bits,
        lambda: frames("GIF"),
        lambda: frames("WEBP"),
        lambda: frames("PNG"),
        lambda: frames("AVIF"),
        lambda: frames("TIFF"),
        encoded("TIFF", compression="tiff_lzw"),
        encoded("JPEG", progressive=True),
        encoded("JPEG", "CMYK"),
        encoded("PNG", "P"),
        encoded("PNG", "RGBA"),
    ],
    ids=[
        *(
            "JPEG",
            "PNG",
            "GIF",
            "WebP",
            "AVIF",
            "TIFF",
            "BMP",
            "HEIC",
            "HEIC in tiles",
            "HEIC of ten bits",
        ),
        *(
            "animated GIF",
            "animated WebP",
            "animated PNG",
            "animated AVIF",
            "TIFF of several pages",
            "LZW in TIFF",
        ),
        *("JPEG in scans", "CMYK", "palette", "alpha"),
    ],
)
def test_each_format(make: Callable[[], bytes]) -> None:
    data = make()
    derived = samples.derive(data)
    assert samples.facts(derived) == PLAIN
    thumbnail, preview = derived.renditions
    assert (thumbnail.name, preview.name) == (RenditionName.THUMBNAIL, RenditionName.PREVIEW)
    for rendition in derived.renditions:
        assert (rendition.width, rendition.height) == (64, 48)
        assert samples.red_corner(samples.shown(rendition)) == samples.UPPER_LEFT


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_pictures_are_upright(format: str, orientation: int) -> None:
    image = samples.stored(orientation)
    derived = samples.derive(samples.encoded(image, format, exif=samples.exif(orientation)))
    assert (derived.media.width, derived.media.height) == (64, 48)
    for rendition in derived.renditions:
        assert (rendition.width, rendition.height) == (64, 48)
        assert samples.red_corner(samples.shown(rendition)) == samples.UPPER_LEFT


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_phones_turn_heic_with_a_property_and_repeat_it_in_exif(orientation: int) -> None:
    data = samples.heic(samples.stored(orientation), exif=samples.exif(orientation))
    derived = samples.derive(data)
    assert (derived.media.width, derived.media.height) == (64, 48)
    assert samples.red_corner(samples.shown(derived.renditions[1])) == samples.UPPER_LEFT
    assert derived.media.camera == "Phone Maker P1"


@pytest.mark.parametrize(
    ("offset", "hour"), [("+02:00", 8), ("-05:00", 15), (None, 10), ("nonsense", 10)]
)
def test_what_the_camera_wrote(offset: str | None, hour: int) -> None:
    data = samples.encoded(samples.picture(), "JPEG", exif=samples.exif(offset=offset))
    assert samples.facts(samples.derive(data)) == PLAIN | {
        "captured_at": datetime(2024, 5, 1, hour, 20, 30, tzinfo=UTC),
        "camera": "Phone Maker P1",
    }


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_a_location_is_reported_and_not_passed_on(format: str) -> None:
    encode = samples.heic if format == "HEIC" else partial(samples.encoded, format=format)
    derived = samples.derive(encode(samples.picture(), exif=samples.exif(location=True)))
    assert derived.media.has_location
    for rendition in derived.renditions:
        assert samples.shown(rendition).getexif() == {}


def test_large_images_shrink_and_small_ones_do_not_grow() -> None:
    derived = samples.derive(samples.encoded(Image.new("RGB", (3000, 20)), "PNG"))
    sizes = [(rendition.width, rendition.height) for rendition in derived.renditions]
    assert sizes == [(320, 2), (1600, 11)]
    assert (derived.media.width, derived.media.height) == (3000, 20)
    one = samples.derive(samples.encoded(Image.new("RGB", (1, 1)), "PNG"))
    assert [(r.width, r.height) for r in one.renditions] == [(1, 1), (1, 1)]


def test_transparent_parts_stay_transparent() -> None:
    image = samples.picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (32, 0, 64, 48))
    indexed = image.convert("RGB").quantize(8)
    data = [samples.encoded(image, format) for format in ("PNG", "WEBP", "AVIF", "TIFF")]
    data.append(samples.encoded(indexed, "PNG", transparency=indexed.getpixel((60, 40))))
    for each in data:
        shown = samples.shown(samples.derive(each).renditions[1])
        assert shown.mode == "RGBA"
        assert shown.getpixel((60, 40))[3] == 0  # type: ignore[index]
        assert shown.getpixel((4, 4))[3] == 255  # type: ignore[index]


def test_sixteen_bits_keep_their_range() -> None:
    image = Image.new("I;16", (64, 48), 0xC000)
    for format in ("PNG", "TIFF"):
        shown = samples.shown(samples.derive(samples.encoded(image, format)).renditions[1])
        grey = shown.getpixel((30, 20))
        assert isinstance(grey, tuple)
        assert all(abs(value - 0xC0) <= 2 for value in grey)


def test_sixteen_bits_of_each_colour() -> None:
    """Pillow writes no such file."""
    pixel = struct.pack(">HHH", 0xC0FF, 0x4000, 0x80FF)
    header = samples.png_chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 16, 2, 0, 0, 0))
    pixels = samples.png_chunk(b"IDAT", zlib.compress((b"\x00" + 64 * pixel) * 48))
    png = b"\x89PNG\r\n\x1a\n" + header + pixels + samples.png_chunk(b"IEND", b"")
    derived = samples.derive(png)
    assert samples.facts(derived) == PLAIN
    shown = samples.shown(derived.renditions[1]).convert("RGB")
    assert shown.getpixel((30, 20)) == pytest.approx((0xC0, 0x40, 0x80), abs=4)


def test_fractions_get_a_range() -> None:
    image = Image.linear_gradient("L").resize((64, 48)).convert("F").point(lambda v: v * 3.0 - 90.0)
    shown = samples.shown(samples.derive(samples.encoded(image, "TIFF")).renditions[1])
    assert shown.convert("L").getextrema() == pytest.approx((0, 255), abs=10)


def test_the_profile_is_converted_to_srgb() -> None:
    image = Image.new("RGB", (64, 48), (255, 0, 0))
    for format in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        data = samples.encoded(image, format, icc_profile=samples.swapped_profile())
        shown = samples.shown(samples.derive(data).renditions[1]).convert("RGB")
        red, _, blue = shown.getpixel((30, 20))  # type: ignore[misc]
        assert blue > 200 > 60 > red, format


def linear(value: int, gamma: float | None) -> float:
    """Return how much light a value stands for; None is the curve of sRGB (IEC 61966-2-1)."""
    share = value / 255
    if gamma is not None:
        return float(share**gamma)
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def value_of(light: float) -> float:
    return 255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055)


# From linear light in one space to linear light in sRGB (CSS Color 4, and Bruce Lindbloom).
FROM_P3 = ((1.22494, -0.22494, 0.0), (-0.04206, 1.04206, 0.0), (-0.01964, -0.07864, 1.09827))
FROM_ADOBE = ((1.39836, -0.39836, 0.0), (0.0, 1.0, 0.0), (0.0, -0.04293, 1.04293))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
@pytest.mark.parametrize(
    ("profile", "gamma", "matrix"),
    [(display_p3, None, FROM_P3), (adobe_rgb, 563 / 256, FROM_ADOBE)],
    ids=["Display P3", "Adobe RGB"],
)
def test_wide_colours_are_shown_as_they_are(
    format: str,
    profile: Callable[[], bytes],
    gamma: float | None,
    matrix: tuple[tuple[float, ...], ...],
) -> None:
    colour = (200, 120, 80)
    image = Image.new("RGB", (64, 48), colour)
    encode = samples.heic if format == "HEIC" else partial(samples.encoded, format=format)
    shown = samples.shown(samples.derive(encode(image, icc_profile=profile())).renditions[1])
    light = [linear(value, gamma) for value in colour]
    expected = [
        value_of(sum(share * value for share, value in zip(row, light, strict=True)))
        for row in matrix
    ]
    # WebP keeps colours within about three steps.
    assert shown.convert("RGB").getpixel((30, 20)) == pytest.approx(expected, abs=4)
    assert expected != pytest.approx(colour, abs=8)


def test_no_metadata_is_passed_on() -> None:
    """EXIF, XMP, IPTC, an ICC profile and a comment: nothing of them is in the pictures."""
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0b\x1c\x02x\x00\x06SECRET"
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET</x:xmpmeta>"
    exif = samples.exif(6, location=True).replace(b"Phone", b"SECRE")
    options = {"exif": exif, "xmp": xmp, "icc_profile": display_p3(), "comment": b"SECRET"}
    jpeg = samples.encoded(samples.stored(6), "JPEG", **options)
    segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
    derived = samples.derive(jpeg[:2] + segment + jpeg[2:])
    assert derived.media.camera == "SECRE Maker P1"
    for rendition in derived.renditions:
        assert samples.red_corner(samples.shown(rendition)) == samples.UPPER_LEFT
        for part in (b"SECRE", b"Exif", b"EXIF", b"xmp", b"XMP", b"8BIM", b"ICC", b"acsp"):
            assert part not in rendition.data


def test_a_profile_that_does_not_fit_is_ignored() -> None:
    """It is damaged, or for images with other channels."""
    cmyk = samples.picture().convert("CMYK")
    for data in (
        samples.encoded(samples.picture(), "JPEG", icc_profile=samples.srgb()[:200]),
        samples.encoded(cmyk, "JPEG", icc_profile=samples.srgb()),
    ):
        shown = samples.shown(samples.derive(data).renditions[1])
        assert samples.red_corner(shown) == samples.UPPER_LEFT


def test_a_location_in_xmp_counts() -> None:
    xmp = b'<rdf:Description exif:GPSLatitude="48,8N" exif:GPSLongitude="11,34E"/>'
    for format in ("JPEG", "WEBP", "AVIF"):
        assert samples.derive(
            samples.encoded(samples.picture(), format, xmp=xmp)
        ).media.has_location


def test_damaged_exif_is_ignored() -> None:
    damaged = samples.exif(location=True)[:30] + b"\xff" * 60
    derived = samples.derive(samples.encoded(samples.picture(), "JPEG", exif=damaged))
    assert derived.renditions
    assert derived.media.captured_at is None


def test_a_truncated_image_is_refused() -> None:
    data = samples.encoded(samples.picture(), "JPEG")
    with pytest.raises(Undecodable, match=r"^The file is not a valid JPEG file: .*runcated"):
        samples.derive(data[: len(data) // 2])


def test_placeholders_have_the_colours_of_the_image() -> None:
    """The first bytes of the hash are the mean; red differs from blue."""
    red = samples.derive(samples.encoded(Image.new("RGB", (64, 48), "red"), "PNG"))
    blue = samples.derive(samples.encoded(Image.new("RGB", (64, 48), "blue"), "PNG"))
    assert red.media.thumbhash != blue.media.thumbhash
