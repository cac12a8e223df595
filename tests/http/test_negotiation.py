"""The media type of a response."""

from __future__ import annotations

import pytest

from gql_api.http.negotiation import GRAPHQL, JSON, negotiated


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/html", JSON),
        ("application/json", JSON),
        (GRAPHQL, GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.9 , {GRAPHQL} ; q=0.8", JSON),
        (f"{GRAPHQL};q=0.5, */*", JSON),
        (f"{GRAPHQL};q=0.5, */*;q=0.1", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/*;q=0.1, */*", GRAPHQL),
        (f"{GRAPHQL};q=0", JSON),
        (f"{GRAPHQL};q=0.000, */*;q=0", JSON),
        (f"{GRAPHQL};q=1.000", GRAPHQL),
        (f"{GRAPHQL};q=nonsense", GRAPHQL),
        (f"{GRAPHQL}x", JSON),
        (",;,", JSON),
    ],
)
def test_media_types(accept: str, media_type: str) -> None:
    assert negotiated(accept) == media_type
