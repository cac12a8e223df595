"""The most common passwords (OWASP ASVS 5.0, 6.2.4, requires a check against 3,000 of them).

`common_passwords.txt.gz` contains 8,354 passwords of 8 or more characters, in lower case, one per
line. They come from the list that Django uses; `common_passwords.LICENSE` names its source and
license.
"""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache
from importlib.resources import files

from gql_api.domain.text import fold


def is_common(password: str) -> bool:
    """Return whether the password is on the list, as `bare` compares it."""
    return bare(password) in _passwords()


def bare(text: str) -> str:
    """Return the text as a guesser sees it.

    Case, full-width and other compatible forms of letters, spaces around the text and invisible
    characters make a password look different without making it harder to guess.
    """
    return "".join(it for it in fold(text) if unicodedata.category(it) != "Cf").strip()


@cache
def _passwords() -> frozenset[str]:
    """Return the list, read on first use: reading takes milliseconds that only a sign-up needs."""
    packed = files(__package__).joinpath("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())
