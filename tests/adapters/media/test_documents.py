"""Facts and pictures of PDFs."""

from __future__ import annotations

import pytest

from gql_api.adapters.media.errors import Undecodable
from tests.adapters.media import samples

ENCRYPTED = (
    "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
    "/Encrypt<</Filter/Standard/V 1/R 2/P -4"
    f"/O<{'28bf4e5e4e758a41' * 4}>/U<{'00' * 32}>>>"
)


def test_pages_and_the_first_one() -> None:
    derived = samples.derive(samples.pdf(pages=3))
    assert samples.facts(derived) == {"pages": 3, "has_location": False}
    thumbnail, preview = derived.renditions
    assert (preview.width, preview.height) == (1600, 1067)
    assert thumbnail.width == 320
    shown = samples.shown(preview)
    assert samples.red_corner(shown) == samples.UPPER_LEFT
    assert shown.convert("RGB").getpixel((1500, 100)) == (255, 255, 255)
    lower = shown.convert("L").crop((600, 800, 1400, 1060))
    assert lower.getextrema()[0] < 60, "the text is not drawn"  # type: ignore[operator]


def test_extreme_pages_stay_within_the_preview() -> None:
    for box in ("0 0 14400 1", "0 0 1 14400", "0 0 0.01 0.02", "-5 -5 9000000 9000"):
        derived = samples.derive(samples.pdf(pages=1, box=box))
        assert max(derived.renditions[1][1:3]) <= 1600


def test_a_header_may_follow_other_bytes() -> None:
    assert samples.derive(b"\x00" * 500 + samples.pdf()).media.pages == 2


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(Undecodable, match=r"^The PDF needs a password\.$"):
        samples.derive(samples.pdf(more=ENCRYPTED))


def test_a_pdf_without_pages_is_refused() -> None:
    with pytest.raises(Undecodable, match=r"^The file is not a valid PDF file: "):
        samples.derive(samples.pdf(pages=0))
