from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gql_api.domain.text import FILENAME_MAX_LENGTH, content_disposition, flaw, fold, reveal
from tests.random_work import examples

names = st.text(min_size=1, max_size=60)
_HEADER = re.compile(
    r"(?P<disposition>inline|attachment); filename=\"(?P<plain>[^\"\\]*)\""
    r"(; filename\*=UTF-8''(?P<exact>(?:%[0-9A-F]{2}|[A-Za-z0-9!#$&+.^_`|~-])*))?"
)


def decoded(header: str) -> tuple[str, str]:
    """Return the disposition and filename in a header (RFC 6266, 4.3; RFC 8187, 3.2)."""
    found = _HEADER.fullmatch(header)
    assert found is not None, header
    exact = found["exact"]
    name = found["plain"] if exact is None else unquote_to_bytes(exact).decode("utf-8")
    return found["disposition"], name


@examples(100)
@given(st.sampled_from(("inline", "attachment")), names)
@example("attachment", '写真「夏」/"海" 🌊\r\nSet-Cookie: a=b')
@example("inline", "100%41.txt")
@example("inline", "it's; filename=x")
@example("inline", 'a\\"b')
def test_every_name_comes_back(disposition: str, name: str) -> None:
    header = content_disposition(disposition, name)
    assert header.isascii()
    assert header.isprintable()  # So it contains neither CR nor LF.
    assert decoded(header) == (disposition, reveal(name))


def test_what_hides_is_revealed() -> None:
    assert reveal("holiday\u202egnp.exe") == "holiday_gnp.exe"
    assert reveal("a\r\nb\u200b.txt") == "a__b_.txt"
    assert reveal("\u0645\u06cc\u200c\u062e.pdf") == "\u0645\u06cc\u200c\u062e.pdf"


def test_headers() -> None:
    assert content_disposition("inline", "a b.txt") == 'inline; filename="a b.txt"'
    assert (
        content_disposition("attachment", 'ü "1".txt')
        == "attachment; filename=\"_ _1_.txt\"; filename*=UTF-8''%C3%BC%20%221%22.txt"
    )


def test_old_clients_get_no_path() -> None:
    plain = content_disposition("inline", "../..\\etc/passwd").split('"')[1]
    assert plain == ".._.._etc_passwd"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must not be empty"),
        (" \t\n", "must not be empty"),
        ("x" * 11, "has 11 characters; at most 10 are allowed"),
        ("a\0b", "must not contain the NUL character"),
        ("a\ud800", "contains an unpaired surrogate; send well-formed Unicode"),
        ("a\udfffb", "contains an unpaired surrogate; send well-formed Unicode"),
        ("x" * 10, None),
        ("🌊" * 10, None),
        ("a\nb", None),
    ],
)
def test_flaws(text: str, problem: str | None) -> None:
    assert flaw(text, 10) == problem


@examples(60)
@given(st.text(st.characters(), max_size=30))
def test_text_without_a_flaw_can_be_stored(text: str) -> None:
    if flaw(text, 20) is None:
        assert "\0" not in text.encode("utf-8").decode("utf-8")
        assert "\0" not in fold(text).encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("IMG_0001.JPG", "img_0001.jpg"),
        ("e\u0301te\u0301", "ÉTÉ"),
        ("ﬁle", "FILE"),
        ("ＡＢＣ", "abc"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("\u1e9e", "ss"),
    ],
)
def test_equal_when_folded(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_when_folded() -> None:
    assert len({fold(text) for text in ("a", "ä", "b", "a ", "", "1", "I1")}) == 7


@examples(200)
@given(names)
def test_composition_does_not_matter(name: str) -> None:
    forms = {fold(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert forms == {fold(name)}


def test_the_longest_name_fits_into_a_url() -> None:
    """Proxies and servers accept URLs of at least 8 KiB."""
    longest = "𝕏" * FILENAME_MAX_LENGTH

    assert flaw(longest, FILENAME_MAX_LENGTH) is None
    assert len(quote(content_disposition("attachment", longest))) < 7 * 1024
