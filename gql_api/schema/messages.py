"""The messages of graphql-core's errors, without the values that they quote.

A mistyped input can be a password: `{"input": {"pasword": "…"}}`. The client knows what it sent,
and the error has the path or the location, so quoting the value would only spread the secret to
screens and logs. graphql-core writes the value after a text of its own, so the first match counts.

A value may be a megabyte of text that resembles a message. So no pattern may be tried again from
each of many places: they are anchored, or end soon.
"""

from __future__ import annotations

import re

_SYNTAX_ERROR = "Syntax Error: "
# Syntax Error: Expected Name, found String '…'.
_QUOTED_TOKEN = re.compile(r"\A(.*?\b(?:String|BlockString|Int|Float)) '.*'", re.DOTALL)
_QUOTES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Expected value of type 'LoginInput!' to be an object, found: …
    (re.compile(r"(?<=\?) Found: .*", re.DOTALL), ""),
    (re.compile(r"(?:, but encountered error |, found: ).*", re.DOTALL), "."),
    # Int cannot represent non-integer value: …
    (re.compile(r"( cannot represent [a-z0-9 -]{0,50}value): .*", re.DOTALL), r"\1."),
    # Value '…' does not exist in 'TokenDelivery' enum.
    (
        re.compile(r"\A((?>.*?(?=Value ')))Value '.*' (does not exist in '\w+' enum\.)", re.DOTALL),
        r"\1The value \2",
    ),
)
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


def without_values(message: str) -> str:
    """Return a message of graphql-core without the values of variables and literals.

    Names of fields, types and variables stay, unknown ones included.
    """
    if message.startswith(_SYNTAX_ERROR):
        return _QUOTED_TOKEN.sub(r"\1", message, count=1)
    for pattern, replacement in _QUOTES:
        message = pattern.sub(replacement, message, count=1)
    return message


def without_suggestions(message: str) -> str:
    """Return the message without the names that graphql-core suggests."""
    return _SUGGESTION.sub("", message)
