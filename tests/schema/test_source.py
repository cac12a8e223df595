"""Positions in documents."""

from __future__ import annotations

import re

import pytest
from graphql import GraphQLError, Source, parse

from gql_api.schema import source as module
from gql_api.schema.source import IndexedSource

TEXTS = ("", "a", "\n", "a\nb", "\n\na b\r\nc\rd\n", "\r\r\n\n\r", "é\n写 🌊\n{ a }")


@pytest.mark.parametrize("text", TEXTS)
def test_every_token_has_the_line_and_column_that_graphql_core_finds(text: str) -> None:
    indexed, plain = IndexedSource(text), Source(text)
    for position in range(len(text) + 1):
        if text[max(0, position - 1) : position + 1] != "\r\n":  # No token begins within.
            assert indexed.get_location(position) == plain.get_location(position)
    assert indexed.line_count >= indexed.get_location(len(text)).line


def test_the_text_is_read_once_for_all_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        """A regular expression that counts how often it searches a text."""

        searches = 0

        def finditer(self, text: str) -> object:
            self.searches += 1
            return re.finditer("\n", text)

    line_end = Counting()
    monkeypatch.setattr(module, "_LINE_END", line_end)
    text = "\n" * 50 + "{ a }"
    document = parse(IndexedSource(text))
    locations = [GraphQLError("", document.definitions[0]).locations for _ in range(100)]
    assert locations == [[(51, 1)]] * 100
    assert line_end.searches == 1
