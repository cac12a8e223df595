"""Paths by which the files of both sides are matched: relative, with `/`, in Unicode's NFC."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from media_client.names import NAME_MAX_BYTES, is_valid_on_windows


def composed(text: str) -> str:
    """Return the composed form (NFC). File systems may store names in another form."""
    return unicodedata.normalize("NFC", text)


def library_prefix(address: str) -> str:
    """Return the prefix of the names in a folder of the library; "" for the whole library.

    Raises:
        ValueError: the address is not a relative path.
    """
    prefix = composed(address).rstrip("/")
    if address and not is_safe(prefix):
        raise ValueError(f"{address!r} is not a folder of the library, such as photos/2026/")
    return f"{prefix}/" if prefix else ""


def is_safe(path: str, *, windows: bool = os.name == "nt") -> bool:
    """Return whether a path can be written below a folder and found there under the same name."""
    return all(_is_safe_name(name, windows) for name in path.split("/"))


def _is_safe_name(name: str, windows: bool) -> bool:
    if name in ("", ".", "..") or "\0" in name:
        return False
    if windows:
        return is_valid_on_windows(name)
    return len(name.encode("utf-8", "surrogatepass")) <= NAME_MAX_BYTES


def has_link(folder: Path, path: Path) -> bool:
    """Return whether a folder between `folder` and `path` is a symbolic link."""
    return any(parent.is_symlink() for parent in path.parents if folder in parent.parents)
