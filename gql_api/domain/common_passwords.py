"""The most common passwords (OWASP ASVS 5.0, 6.2.4, requires a check against 3,000 of them).

`common_passwords.txt.gz` contains 8,354 passwords of 8 or more characters, in lower case, one per
line. They come from the list that Django uses; `common_passwords.LICENSE` names its source and
license.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files


def is_common(password: str) -> bool:
    """Return whether the password is on the list, ignoring case."""
    return password.lower() in _passwords()


@cache
def _passwords() -> frozenset[str]:
    """Return the list, read on first use: reading takes milliseconds that only a sign-up needs."""
    packed = files(__package__).joinpath("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())
