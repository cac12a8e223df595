"""Caches of parsed and validated documents.

A client sends the same few documents over and over; parsing and validating one takes about as
long as answering it. Only short documents are kept, since anybody may send them, and a document
takes about 300 times its length in memory: 64 of 4096 characters stay under 100 MB.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLSyntaxError, parse
from strawberry.extensions import ParserCache, ValidationCache

from gql_api.schema import limits

CACHED_MAX_LENGTH = 4096
CACHE_SIZE = 64

_TOO_LONG = f"Document contains more than {limits.TOKENS} tokens. Parsing aborted."


def _cacheable(query: str | None) -> bool:
    return query is not None and len(query) <= CACHED_MAX_LENGTH


class ParsedDocuments(ParserCache):
    """Keeps the syntax trees of short documents, and refuses those with too many tokens."""

    def __init__(self) -> None:
        super().__init__(CACHE_SIZE)

    def on_parse(self) -> Iterator[None]:
        """Take the tree from the cache, or parse."""
        execution = self.execution_context
        query = execution.query
        if query:
            parsed = self.cached_parse_document if _cacheable(query) else parse
            try:
                execution.graphql_document = parsed(query, max_tokens=limits.TOKENS)
            except GraphQLSyntaxError as error:
                if error.message.endswith(_TOO_LONG):
                    raise limits.too_complex("tokens", None, limits.TOKENS) from None
                raise
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
