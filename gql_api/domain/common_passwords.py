"""The passwords that everybody tries first (OWASP ASVS 5.0, 6.2.4, asks for 3,000 of them).

`common_passwords.txt.gz` has 8,354 with 8 characters or more, in lower case, a line each. They are
those of the list that Django compares with; `common_passwords.LICENSE` names source and licence.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files


def is_common(password: str) -> bool:
    """Whether the password, in any letter case, is on the list."""
    return password.lower() in _passwords()


@cache
def _passwords() -> frozenset[str]:
    """Read at the first sign-up: nothing else needs the list, and it takes some milliseconds."""
    packed = files(__package__).joinpath("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())
