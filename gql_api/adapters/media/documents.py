"""PDFs: the number of pages, and a picture of the first one."""

from __future__ import annotations

import contextlib
from typing import Any

import pypdfium2
from PIL import Image

from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.formats import Format
from gql_api.adapters.media.pictures import placeholder, renditions
from gql_api.adapters.media.ranges import RangeFile, in_memory
from gql_api.domain.media import Derived, Media, RenditionName

_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


_SAMPLE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R>>
"""


def warm_up(format: Format) -> None:
    """Import all that decoding PDFs needs."""
    derive(in_memory(_SAMPLE), format)


def derive(file: RangeFile, format: Format) -> Derived:
    """Return what can be derived from a PDF.

    Raises:
        Undecodable: it needs a password.
        PdfiumError: it is damaged, or has no pages.
    """
    with contextlib.closing(_open(file)) as document:
        pages, picture = len(document), _first_page(document)
    media = Media(pages=pages, thumbhash=placeholder(picture))
    return Derived(media, renditions(picture))


def _open(file: RangeFile) -> Any:
    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_NEEDED:
            raise Undecodable("The PDF needs a password.") from error
        raise


def _first_page(document: Any) -> Image.Image:
    """Return the first page on white, as large as the preview may be: pages have no pixels."""
    page = document[0]
    side = RenditionName.PREVIEW.max_side
    # Sizes are rounded up to whole pixels.
    scale = (side - 0.01) / max(page.get_size())
    picture = page.render(scale=scale, fill_color=(255, 255, 255, 255), rev_byteorder=True)
    image: Image.Image = picture.to_pil().convert("RGB")
    return image
