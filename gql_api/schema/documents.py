"""Caches of parsed and validated documents.

A client sends the same few documents over and over; parsing and validating one takes about as
long as answering it. Only short documents are kept, since anybody may send them, and a document
takes about 300 times its length in memory: 64 of 4096 characters stay under 100 MB.
"""

from __future__ import annotations

from collections.abc import Iterator

from strawberry.extensions import ParserCache, ValidationCache

CACHED_MAX_LENGTH = 4096
CACHE_SIZE = 64


def _cacheable(query: str | None) -> bool:
    return query is not None and len(query) <= CACHED_MAX_LENGTH


class ParsedDocuments(ParserCache):
    """Keeps the syntax trees of short documents."""

    def __init__(self) -> None:
        super().__init__(CACHE_SIZE)

    def on_parse(self) -> Iterator[None]:
        """Take the tree from the cache; long documents are left to the parser."""
        if _cacheable(self.execution_context.query):
            yield from super().on_parse()
        else:
            yield


class ValidatedDocuments(ValidationCache):
    """Keeps the outcome of validating short documents."""

    def __init__(self) -> None:
        super().__init__(CACHE_SIZE)

    def on_validate(self) -> Iterator[None]:
        """Take the outcome from the cache; long documents are left to the validator."""
        if _cacheable(self.execution_context.query):
            yield from super().on_validate()
        else:
            yield
