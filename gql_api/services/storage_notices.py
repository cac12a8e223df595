"""What a storage event says, in each form in which AWS delivers it.

S3 reports created objects to a queue, a topic, a function or EventBridge, and each wraps the report
in its own way. The forms, from AWS's documentation:

- S3: "Event message structure", S3 User Guide. MinIO sends it with `s3:` before the event's name.
  S3 also sends `s3:TestEvent` when notifications are set up.
- EventBridge: "EventBridge event message structure", S3 User Guide. Keys are not encoded.
- SNS to a queue: "Parsing Amazon SNS message formats", SNS Developer Guide. With raw message
  delivery, there is no envelope.
- SNS to a function: "Using AWS Lambda with Amazon SNS", Lambda Developer Guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from gql_api.domain import etags

# A topic can forward what another topic or EventBridge sent. Deeper nesting is not a known form.
_ENVELOPES_MAX = 3


class Notice(NamedTuple):
    """Says that an object was created. `etag` has no quotes; None if the event has no ETag."""

    bucket: str
    key: str
    etag: str | None


class Reading(NamedTuple):
    """The notices of an event, and how many of its records have an unknown form."""

    notices: list[Notice]
    unknown: int


def read_event(event: object) -> Reading:
    """Read an event in any of the known forms; never raises.

    Records of other events, such as a deletion, have a known form but contain no notice.
    """
    found = list(_read(event, _ENVELOPES_MAX))
    notices = [notice for notice in found if notice is not None]
    return Reading(notices, len(found) - len(notices))


def _read(event: object, envelopes: int) -> Iterator[Notice | None]:
    """Yield each notice, and None for each record of an unknown form."""
    match event:
        case {"Records": [*records]}:
            for record in records:
                yield from _read_record(record, envelopes)
        case {"source": "aws.s3", "detail-type": str(kind), "detail": dict(detail)}:
            if kind == "Object Created":
                yield _notice(detail, "etag", encoded=False)
        case {"Type": "Notification", "Message": str(message)}:
            yield from _unwrap(message, envelopes)
        case {"Service": "Amazon S3", "Event": "s3:TestEvent"}:
            return
        case _:
            yield None


def _read_record(record: object, envelopes: int) -> Iterator[Notice | None]:
    match record:
        case {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": str(message)}}:
            yield from _unwrap(message, envelopes)
        case {"eventName": str(name), "s3": dict(s3)}:
            if name.removeprefix("s3:").startswith("ObjectCreated:"):
                yield _notice(s3, "eTag", encoded=True)
        case _:
            yield None


def _unwrap(message: str, envelopes: int) -> Iterator[Notice | None]:
    """Read the text that SNS delivers."""
    try:
        event = json.loads(message) if envelopes else None
    except (ValueError, RecursionError):
        event = None
    yield from _read(event, envelopes - 1)


def _notice(facts: dict[str, Any], etag_name: str, *, encoded: bool) -> Notice | None:
    """Return the notice about the object that `facts` describes; None if the form is unknown.

    `encoded`: whether the key is form-encoded, with `+` for a space.
    """
    match facts:
        case {"bucket": {"name": str(bucket)}, "object": {"key": str(key), **more}}:
            etag = more.get(etag_name)
            key = unquote_plus(key) if encoded else key
            return Notice(bucket, key, etags.plain(etag) if isinstance(etag, str) else None)
    return None
