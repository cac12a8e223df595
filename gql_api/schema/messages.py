"""The messages of graphql-core's errors, without the values that they quote.

A mistyped input can be a password: `{"input": {"pasword": "…"}}`. The client knows what it sent,
and the error has the path or the location, so the value only spreads the secret to screens and
logs. graphql-core writes a value last, after a text of its own, so everything from there is cut.
"""

from __future__ import annotations

import re

_QUOTES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Expected value of type 'LoginInput!' to be an object, found: …
    (re.compile(r"(?<=\?) Found: .*", re.DOTALL), ""),
    (re.compile(r"(?:, but encountered error |, found: ).*", re.DOTALL), "."),
    # Int cannot represent non-integer value: …
    (re.compile(r"( cannot represent [a-z0-9 -]*value): .*", re.DOTALL), r"\1."),
    # Value '…' does not exist in 'TokenDelivery' enum.
    (re.compile(r"Value '.*' (does not exist in '\w+' enum\.)", re.DOTALL), r"The value \1"),
    # Syntax Error: Expected Name, found String '…'.
    (re.compile(r"^(Syntax Error: .*?\b(?:String|BlockString|Int|Float)) '.*'", re.DOTALL), r"\1"),
)
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


def without_values(message: str) -> str:
    """Return a message of graphql-core without the values of variables and literals.

    Names of fields, types and variables stay, unknown ones included.
    """
    for pattern, replacement in _QUOTES:
        message = pattern.sub(replacement, message, count=1)
    return message


def without_suggestions(message: str) -> str:
    """Return the message without the names that graphql-core suggests."""
    return _SUGGESTION.sub("", message)
