"""The headers of WebP files, which are all that is read of a picture outside of the decoders."""

from __future__ import annotations

import pytest
from PIL import Image

from gql_api.adapters.media import webp
from tests.adapters.media import samples

PLAIN = samples.encoded(samples.picture(), "WEBP")


@pytest.mark.parametrize("size", [(1, 1), (64, 48), (1600, 3), (320, 320)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [True, False])
def test_dimensions(size: tuple[int, int], mode: str, lossless: bool) -> None:
    image = Image.new(mode, size, (200, 100, 50, 120)[: len(mode)])
    assert webp.dimensions(samples.encoded(image, "WEBP", lossless=lossless)) == size


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a WebP file"),
        (samples.encoded(samples.picture(), "PNG"), "not a WebP file"),
        (PLAIN[:-2], "another size"),
        (PLAIN + b"more", "another size"),
        (PLAIN[:16] + b"\xff\xff" + PLAIN[18:], "incomplete"),
        (b"RIFF" + (22).to_bytes(4, "little") + b"WEBPALPH\x0a\0\0\0" + bytes(10), "incomplete"),
        (samples.encoded(samples.picture(), "WEBP", exif=samples.exif()), "more than"),
        (samples.encoded(samples.picture(), "WEBP", icc_profile=samples.srgb()), "more than"),
        (
            samples.encoded(
                samples.picture(),
                "WEBP",
                save_all=True,
                append_images=[Image.new("RGB", (64, 48))],
            ),
            "more than",
        ),
    ],
)
def test_others_are_rejected(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        webp.dimensions(data)
