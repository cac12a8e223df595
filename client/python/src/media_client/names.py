"""Names as they are shown and saved: no character of a name is hidden or reorders the others.

The web client and the service's downloads show names in the same way;
`tests/attacks/visible_names.json` lists what each of them must return.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import PurePath, PurePosixPath, PureWindowsPath

BLANK = "(blank)"

_SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
# Controls (C0, C1), default ignorable characters (Unicode's DerivedCoreProperties.txt, with the
# bidi controls), line separators, interlinear annotations, and unpaired surrogates.
_HIDDEN = (
    "\0-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Joiners and variation selectors shape the character before them. No script below U+0600 (Latin,
# Greek, Cyrillic, Hebrew) uses them, so after such a character they are hidden. All others keep
# at most one selector, followed by at most one joiner.
_SELECTOR = "[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_JOINER = "[\u180e\u200c\u200d]"
_SHAPED = f"(?![{_SPACES}{_HIDDEN}])[\u0600-\U0010ffff]{_SELECTOR}?{_JOINER}?"
_SIGN = "[0-9#*\u00a9\u00ae]\ufe0f"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_KEPT_OR_HIDDEN = re.compile(f"({_FLAG}|{_SIGN}|{_SHAPED})|[{_HIDDEN}]")
_BLANK = re.compile(f"[{_SPACES}{_HIDDEN}]*")

NAME_MAX_BYTES = 255
_ENDING_MAX_BYTES = 32
# Windows: Microsoft, "Naming Files, Paths, and Namespaces".
_NOT_ON_WINDOWS = re.compile(r'[\x00-\x1f<>:"|?*\\]|[. ]$')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.I)


def visible(name: str) -> str:
    """Return the name with every hidden character as `[U+202E]`, or `(blank)` if it shows nothing.

    Controls, bidi controls and zero-width characters are hidden. Joiners and variation selectors
    stay where a script or an emoji needs them.
    """
    return BLANK if _BLANK.fullmatch(name) else _replaced(name, _code_point)


def as_file_name(name: str) -> str:
    """Return the name with `_` in place of each hidden character, as the service's downloads do."""
    return _replaced(name, lambda _: "_")


def escaped_in_json(text: str) -> str:
    """Return JSON with its hidden characters escaped, which keeps its meaning."""
    return _replaced(text, lambda character: json.dumps(character)[1:-1])


def _replaced(text: str, replacement: Callable[[str], str]) -> str:
    return _KEPT_OR_HIDDEN.sub(lambda match: match[1] or replacement(match[0]), text)


def _code_point(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def local_path(
    filename: str, *, keep_leading: bool = False, windows: bool = os.name == "nt"
) -> PurePath:
    """Return an upload's name, which may contain `/`, as a relative path that is safe to create.

    The path has no `..`, no hidden characters, and no component of more than 255 bytes. Components
    that begin with `.` or `-` get a leading `_`, so that no name becomes a configuration file or
    looks like an option; `keep_leading` keeps them, for folders that the caller names. On Windows,
    characters and names with a meaning there are replaced, too; see `is_valid_on_windows`.
    """
    names = [name for name in filename.split("/") if name not in ("", ".")]
    kind = PureWindowsPath if windows else PurePosixPath
    return kind(*(_local_name(name, keep_leading, windows) for name in names or ["_"]))


def _local_name(name: str, keep_leading: bool, windows: bool) -> str:
    name = as_file_name(name).replace("\\", "_")
    if windows:
        name = _NOT_ON_WINDOWS.sub("_", name)
    reserved = windows and not is_valid_on_windows(name)
    if name == ".." or reserved or (not keep_leading and name[0] in ".-"):
        name = f"_{name}"
    return shortened(name, NAME_MAX_BYTES)


def is_valid_on_windows(name: str) -> bool:
    """Return whether the name means a file of this name on Windows, and not a device."""
    return _NOT_ON_WINDOWS.search(name) is None and _RESERVED.fullmatch(name) is None


def shortened(name: str, max_bytes: int) -> str:
    """Return the name with at most `max_bytes` in UTF-8. What is cut precedes the ending."""
    whole = name.encode("utf-8", "replace")
    if len(whole) <= max_bytes:
        return name
    ending = PurePosixPath(name).suffix.encode("utf-8", "replace")
    if len(ending) > _ENDING_MAX_BYTES:
        ending = b""
    stem = whole[: max_bytes - len(ending)].decode("utf-8", "ignore")
    return stem.rstrip(" ") + ending.decode()
