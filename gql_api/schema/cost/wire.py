"""Responses as JSON, and the bytes that they take on AWS Lambda."""

from __future__ import annotations

import json

QUOTES_BYTES = 4
CHARACTER_MAX_BYTES = 7  # A control character is sent as \\u0001.


def wire_bytes(text: bytes) -> int:
    """Return the size of a JSON text within the JSON that an AWS Lambda function returns.

    AWS's runtime for Python 3.13 writes UTF-8 and escapes only quotes and backslashes once more.
    """
    return len(text) + text.count(b'"') + text.count(b"\\")


def text_bytes(text: str) -> int:
    """Return the size of a text in a response, with its quotes."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return len(text) + QUOTES_BYTES
    return wire_bytes(to_json(text))


def to_json(value: object) -> bytes:
    """Return a value as JSON in UTF-8. Lone surrogates, which UTF-8 cannot encode, are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Python's backslash escape for a lone surrogate, such as \ud800, is also JSON's.
    return text.encode("utf-8", "backslashreplace")
