"""The media type of a response (GraphQL over HTTP, "Media Types"; RFC 9110, 12.5.1)."""

from __future__ import annotations

import re

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"

_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def negotiated(accept: str) -> str:
    """Return the media type for an Accept header: GRAPHQL if listed and preferred at least as JSON.

    Any other header, or none, results in JSON, which clients older than GRAPHQL expect.
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
