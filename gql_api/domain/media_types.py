"""Media types and ranges (RFC 9110, sections 8.3.1 and 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_QUOTED = r'"(?:[\t\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*"'
# What browsers write without quotes, although RFC 9110 requires them: `codecs=vp8,opus`.
_UNQUOTED = r"[!#-:<-\[\]-~]+(?: +[!#-:<-\[\]-~]+)*"
# A parameter may be missing after its semicolon, as in `text/plain;`.
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})=({_QUOTED}|{_UNQUOTED}))?")
MAX_LENGTH = 255
_GIVEN_MAX_LENGTH = 1024  # With spaces and semicolons that the canonical form does not have.

_SHOWN_KINDS = frozenset({"audio", "image", "video"})
_SHOWN_TYPES = frozenset(
    {"application/json", "application/pdf", "text/csv", "text/markdown", "text/plain"}
)


def parse(text: str) -> str | None:
    """Return the media type in canonical form, or None if it is not valid.

    The type, the subtype and parameter names become lower case; parameters are kept, separated by
    `; `. A value that needs quotes gets them, as in the WHATWG's MIME Sniffing Standard. Only ASCII
    is accepted, since the value becomes an HTTP header.
    """
    if len(text) > _GIVEN_MAX_LENGTH:
        return None
    text = text.strip(" \t")
    found = _TYPE.match(text)
    if found is None or len(text) > MAX_LENGTH or "*" in found.group():
        return None
    canonical, position = found.group().lower(), found.end()
    while position < len(text):
        parameter = _PARAMETER.match(text, position)
        if parameter is None:
            return None
        if parameter[1]:
            canonical += f"; {parameter[1].lower()}={_quoted_if_needed(parameter[2])}"
        position = parameter.end()
    return canonical if len(canonical) <= MAX_LENGTH else None


def _quoted_if_needed(value: str) -> str:
    if value.startswith('"'):
        return value.replace("\t", " ")  # A tab cannot be signed.
    return value if re.fullmatch(_TOKEN, value) else f'"{value}"'


def essence(content_type: str) -> str:
    """Return the canonical media type without its parameters."""
    return content_type.partition(";")[0]


def parse_range(text: str) -> str | None:
    """Return a media type without parameters, `type/*` or `*/*`, in lower case; None if invalid."""
    text = text.strip(" \t")
    kind, _, subtype = text.partition("/")
    if subtype == "*" and len(text) <= MAX_LENGTH:
        whole = kind == "*" or (re.fullmatch(_TOKEN, kind) and "*" not in kind)
        return text.lower() if whole else None
    parsed = parse(text)
    return parsed if parsed is not None and ";" not in parsed else None


def matches(content_type: str, ranges: Iterable[str]) -> bool:
    """Return whether the canonical `content_type` is in one of `ranges` (see `parse_range`)."""
    kind = essence(content_type)
    wanted = {"*/*", f"{kind.partition('/')[0]}/*", kind}
    return any(candidate in wanted for candidate in ranges)


def is_safe_inline(content_type: str) -> bool:
    """Return whether a browser can display the file without running scripts from it.

    HTML, SVG and every other XML type can contain scripts, and a browser may treat unknown types
    as HTML (WHATWG MIME Sniffing, section 7). This is therefore an allowlist.
    """
    kind = essence(content_type)
    if kind.endswith("+xml"):
        return False
    return kind in _SHOWN_TYPES or kind.partition("/")[0] in _SHOWN_KINDS
