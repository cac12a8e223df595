"""A contender: Pillow in the process that was asked, as most services use it.

python -m benchmarks.media.pillow_only URL COUNT
"""

from __future__ import annotations

import io
import sys
from urllib.request import urlopen

from PIL import Image, ImageOps

from benchmarks.media.usage import report


def main(url: str, count: int) -> None:
    """Resize an image `count` times, and print the figures."""
    if url.endswith(".heic"):
        from pi_heif import register_heif_opener

        register_heif_opener()

    def once() -> None:
        with urlopen(url) as response:
            data = response.read()
        for side in (1600, 320):
            with Image.open(io.BytesIO(data)) as image:
                picture = ImageOps.exif_transpose(image)
                picture.thumbnail((side, side))
                picture.save(io.BytesIO(), "WEBP")

    report(once, count)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
