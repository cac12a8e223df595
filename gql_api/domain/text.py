"""Rules for user-supplied text: what can be stored, searched and sent in a header."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

# The limit of most file systems. A download URL contains the name encoded twice, which stays under
# 8 KiB even if every character takes four bytes.
FILENAME_MAX_LENGTH = 255
TAG_MAX_LENGTH = 100
TAGS_MAX = 50


def flaw(text: str, max_length: int) -> str | None:
    """Return why `text` is invalid (empty, too long, not storable), or None if it is valid."""
    if not text.strip():
        return "must not be empty"
    if len(text) > max_length:
        return f"has {len(text)} characters; at most {max_length} are allowed"
    if "\0" in text:
        return "must not contain the NUL character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "contains an unpaired surrogate; send well-formed Unicode"
    return None


def fold(text: str) -> str:
    """Return the form in which text is compared, ignoring case and Unicode composition."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def content_disposition(disposition: str, filename: str) -> str:
    """Return a Content-Disposition value for any Unicode filename (RFC 6266 with RFC 8187).

    The `filename` parameter is an ASCII approximation for old clients, `filename*` the exact name,
    which is omitted if the approximation is exact. A line break cannot enter the header: it becomes
    `_` in the approximation and is percent-encoded in the exact name.
    """
    plain = "".join(
        character if " " <= character <= "~" and character not in '"\\%/' else "_"
        for character in filename
    )
    if plain == filename:
        return f'{disposition}; filename="{plain}"'
    exact = quote(filename, safe="!#$&+-.^_`|~")  # the attr-char of RFC 8187
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
