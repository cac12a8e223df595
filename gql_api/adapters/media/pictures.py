"""From a decoded picture to the WebP files that are served, and its thumbhash."""

from __future__ import annotations

import io

from PIL import Image, WebPImagePlugin

from gql_api.adapters.media.thumbhash import MAX_SIDE, thumbhash
from gql_api.domain.media import Rendition, RenditionName

# Imported, so that Pillow does not import its writers of all formats.
_FORMAT = WebPImagePlugin.WebPImageFile.format
# Measured with a photo of 12 megapixels: higher methods take half as much CPU time again, for files
# that are 5 % smaller.
_QUALITY, _METHOD = 80, 2


def renditions(picture: Image.Image) -> tuple[Rendition, ...]:
    """Return all renditions of an upright picture in sRGB, RGB or RGBA."""
    preview = fit(picture, RenditionName.PREVIEW.max_side)
    thumbnail = fit(preview, RenditionName.THUMBNAIL.max_side)
    return (
        _rendition(RenditionName.THUMBNAIL, thumbnail),
        _rendition(RenditionName.PREVIEW, preview),
    )


def placeholder(picture: Image.Image) -> str:
    """Return the thumbhash of a picture."""
    small = fit(picture, MAX_SIDE).convert("RGBA")
    return thumbhash(small.width, small.height, small.tobytes())


def fit(picture: Image.Image, side: int) -> Image.Image:
    """Return the picture with at most `side` pixels a side; never enlarged."""
    size = fitting(picture.size, side)
    if size == picture.size:
        return picture
    # Averages whole pixels first, as decoding a JPEG at a fraction does: half the CPU time.
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.25)


def fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return the size of a picture that was shrunk to at most `side` pixels a side."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(length * side / longest)) for length in size)
    return width, height


def _rendition(name: RenditionName, picture: Image.Image) -> Rendition:
    file = io.BytesIO()
    # Pillow copies a profile and EXIF data from `info`, where they are not given as empty.
    picture.save(
        file, _FORMAT, quality=_QUALITY, method=_METHOD, exif=b"", icc_profile=b"", xmp=b""
    )
    return Rendition(name, picture.width, picture.height, file.getvalue())
