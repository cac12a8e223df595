"""Rules for user-supplied text: what can be stored, searched and sent in a header."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

# The limit of most file systems. A download URL contains the name encoded twice, which stays under
# 8 KiB even if every character takes four bytes.
FILENAME_MAX_LENGTH = 255
TAG_MAX_LENGTH = 100
TAGS_MAX = 50

# Characters that show nothing or reorder others: controls (C0, C1), what Unicode calls default
# ignorable (DerivedCoreProperties.txt), which includes the bidi controls, line separators, and
# interlinear annotations. `client/python/src/media_client/names.py` has the same rules.
_HIDDEN = (
    "\0-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
# Variation selectors and joiners shape the character before them, in emoji and in scripts from
# U+0600 on, such as Persian. Below, they only hide.
_SELECTOR = "[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_JOINER = "[\u180e\u200c\u200d]"
_SHAPED = f"(?![{_SPACES}{_HIDDEN}])[\u0600-\U0010ffff]{_SELECTOR}?{_JOINER}?"
_SIGN = "[0-9#*\u00a9\u00ae]\ufe0f"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_KEPT_OR_HIDDEN = f"({_FLAG}|{_SIGN}|{_SHAPED})|[{_HIDDEN}]"


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


def compose(text: str) -> str:
    """Return the composed form (NFC), in which texts that look the same are mostly equal."""
    return unicodedata.normalize("NFC", text)


def reveal(name: str) -> str:
    """Return the name with `_` in place of each character that shows nothing or reorders others.

    Otherwise `holiday\\u202egnp.exe` would look like a PNG where a browser saves it.
    """
    if name.isascii() and name.isprintable():
        return name
    # Compiled here, on first use: that takes 3 ms, and few names come this far.
    return re.sub(_KEPT_OR_HIDDEN, lambda match: match[1] or "_", name)


def content_disposition(disposition: str, filename: str) -> str:
    """Return a Content-Disposition value for any Unicode filename (RFC 6266 with RFC 8187).

    The `filename` parameter is an ASCII approximation for old clients, `filename*` the exact name,
    which is omitted if the approximation is exact. Hidden characters, such as line breaks, become
    `_` in both (see `reveal`).
    """
    filename = reveal(filename)
    plain = "".join(
        character if " " <= character <= "~" and character not in '"\\%/' else "_"
        for character in filename
    )
    if plain == filename:
        return f'{disposition}; filename="{plain}"'
    exact = quote(filename, safe="!#$&+-.^_`|~")  # the attr-char of RFC 8187
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
