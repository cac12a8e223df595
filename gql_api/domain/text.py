"""Rules for text that people write: what can be stored, searched and sent in a header."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

# What file systems take. Encoded twice, as a download URL needs it, it stays under 8 KiB even if
# every character takes four bytes.
FILENAME_MAX_LENGTH = 255
TAG_MAX_LENGTH = 100
TAGS_MAX = 50


def flaw(text: str, max_length: int) -> str | None:
    """Why `text` can't be taken (empty, too long, not storable), or None if it can."""
    if not text.strip():
        return "must not be empty"
    if len(text) > max_length:
        return f"has {len(text)} characters; at most {max_length} are allowed"
    if "\0" in text:
        return "must not contain the NUL character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "contains half of a surrogate pair; send well-formed Unicode"
    return None


def fold(text: str) -> str:
    """The form in which text is compared, ignoring case and Unicode composition."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def content_disposition(disposition: str, filename: str) -> str:
    """A Content-Disposition value for any Unicode file name (RFC 6266 with RFC 8187).

    `filename` is an ASCII approximation for old clients, `filename*` the exact name. Where the
    name is plain, `filename` alone says it. A line break can't get into the header: in the
    approximation it becomes `_`, in the exact name it is percent-encoded.
    """
    plain = "".join(
        character if " " <= character <= "~" and character not in '"\\%/' else "_"
        for character in filename
    )
    if plain == filename:
        return f'{disposition}; filename="{plain}"'
    exact = quote(filename, safe="!#$&+-.^_`|~")  # the attr-char of RFC 8187
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
