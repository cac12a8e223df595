"""Which media type an answer has (GraphQL over HTTP, "Media Types"; RFC 9110, 12.5.1)."""

from __future__ import annotations

import re

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"

_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def negotiated(accept: str) -> str:
    """The media type for an Accept header: GRAPHQL where it is named and nothing is liked better.

    Whoever names neither, or nothing, gets JSON: clients from before GRAPHQL expect it.
    """
    qualities: dict[str, float] = {}
    for entry in accept.lower().split(","):
        media_range, *parameters = (part.strip() for part in entry.split(";"))
        qualities[media_range] = _quality(parameters)
    legacy = next((qualities[r] for r in (JSON, "application/*", "*/*") if r in qualities), 0.0)
    wanted = qualities.get(GRAPHQL, 0.0)
    return GRAPHQL if wanted > 0 and wanted >= legacy else JSON


def _quality(parameters: list[str]) -> float:
    found = (_QUALITY.fullmatch(parameter) for parameter in parameters)
    return next((float(match[1]) for match in found if match), 1.0)
