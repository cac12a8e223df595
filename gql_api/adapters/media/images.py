"""Images: dimensions, what the camera recorded, and the pictures derived from them."""

from __future__ import annotations

import io
from importlib import import_module
from typing import BinaryIO, NamedTuple, cast

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from gql_api.adapters.media.colours import in_srgb, resizable
from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.exif import Exif, read_exif
from gql_api.adapters.media.formats import FORMATS, Format
from gql_api.adapters.media.pictures import fit, fitting, placeholder, renditions
from gql_api.adapters.media.ranges import RangeFile, in_memory
from gql_api.domain.media import Derived, Media, RenditionName, plausible

# 100 megapixels in four channels take 400 MB. JPEG is decoded at a fraction of its size, so cameras
# of 200 megapixels remain below.
MAX_PIXELS = 100_000_000

# The limit is checked below, with a sentence for the owner.
Image.MAX_IMAGE_PIXELS = None

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset({5, 6, 7, 8})


# What Pillow imports when it meets the first file that needs it, which may not be a plain one.
_LATE = ("ImageFile", "ImagePalette", "MpoImagePlugin", "TiffImagePlugin")


def warm_up(format: Format) -> None:
    """Import all that decoding this format needs."""
    for name in _LATE:
        import_module(f"PIL.{name}")
    sample, file = Image.new("RGB", (8, 8)), io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "None"
    exif[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSMapDatum: "WGS-84"}
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # There is no encoder for HEIC.
    written = FORMATS["jpeg" if format.reader == "HEIF" else format.name]
    _prepare(format.reader)
    _prepare(written.reader)
    sample.save(file, written.reader, exif=exif.tobytes(), icc_profile=srgb)
    derive(in_memory(file.getvalue()), written)


class Read(NamedTuple):
    """An image: its size as displayed, what the camera wrote, and the picture as a preview."""

    width: int
    height: int
    exif: Exif
    picture: Image.Image


def derive(file: RangeFile, format: Format) -> Derived:
    """Return what can be derived from an image.

    Raises:
        Undecodable: it has too many pixels.
        Exception: anything that Pillow raises for damaged files.
    """
    width, height, exif, picture = read(cast(BinaryIO, file), format.reader)
    media = Media(
        width=width,
        height=height,
        thumbhash=placeholder(picture),
        captured_at=exif.captured_at,
        camera=exif.camera,
        has_location=exif.has_location,
    )
    return Derived(plausible(media), renditions(picture))


def read(file: BinaryIO, reader: str) -> Read:
    """Return an image, upright, in sRGB and in the size of the preview.

    Of several frames, the first counts. The others are not even counted, which would take reading
    all of them. `reader` is Pillow's name of the format; no other is tried. Raises as `derive`.
    """
    _prepare(reader)
    with _opened(file, reader) as image:
        width, height = image.size
        side = RenditionName.PREVIEW.max_side
        # Decodes a JPEG at 1/2, 1/4 or 1/8 of its size, and has no effect for other formats.
        image.draft(None, fitting(image.size, side))
        _check_pixels(image)
        # May decode the image: in a PNG file, the data can follow the pixels.
        exif = read_exif(image)
        image.load()
        picture = in_srgb(fit(resizable(image), side))
    if reader == "TIFF":  # Pillow turns these itself.
        exif = exif._replace(orientation=1)
    if exif.orientation in _SIDEWAYS:
        width, height = height, width
    turn = _TURNS.get(exif.orientation)
    return Read(width, height, exif, picture if turn is None else picture.transpose(turn))


def _opened(file: BinaryIO, reader: str) -> Image.Image:
    try:
        return Image.open(file, formats=(reader,))
    except UnidentifiedImageError as error:  # Its message names the file object.
        raise ValueError("its header is damaged") from error


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        megapixels = f"{image.width * image.height / 1e6:.0f} megapixels"
        raise Undecodable(
            f"The image has {megapixels}; at most {MAX_PIXELS // 1_000_000} can be processed."
        )


def _prepare(reader: str) -> None:
    """Import the reader alone: by itself, Pillow imports all of its readers.

    One thread is enough, and each would count against the memory.
    """
    if reader == "HEIF":
        from pi_heif import register_heif_opener

        register_heif_opener(
            thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
        )
    elif reader == "AVIF":
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    else:
        import_module(f"PIL.{reader.title() if reader != 'WEBP' else 'WebP'}ImagePlugin")
