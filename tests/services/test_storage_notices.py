"""Reading storage events: every form, any nesting, and arbitrary JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus

from hypothesis import example, given
from hypothesis import strategies as st

from gql_api.services.storage_notices import Notice, Reading, read_event
from tests.lambda_runtime.events import (
    eventbridge_object_created,
    object_created,
    recorded,
    sns,
    sns_notification,
)
from tests.random_work import examples

Json: TypeAlias = Any

ETAG = "d41d8cd98f00b204e9800998ecf8427e"  # That of the recorded events.

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)

# Each wraps an event in an envelope.
ENVELOPES: list[Callable[[Json], Json]] = [
    lambda event: event,
    lambda event: json.loads(sns_notification(json.dumps(event))),
    lambda event: sns(json.dumps(event)),
]


def from_s3(bucket: str, key: str) -> Json:
    return json.loads(object_created(bucket, quote_plus(key, safe="/")))


def from_minio(bucket: str, key: str) -> Json:
    event = from_s3(bucket, quote(key, safe=""))
    [record] = event["Records"]
    record["s3"]["object"]["key"] = quote(key, safe="")
    record.update(eventName="s3:ObjectCreated:Put", eventSource="minio:s3")
    return {"EventName": "s3:ObjectCreated:Put", "Key": f"{bucket}/{key}", **event}


SOURCES = [from_s3, from_minio, eventbridge_object_created]


@examples(100)
@given(
    source=st.sampled_from(SOURCES),
    envelopes=st.lists(st.sampled_from(ENVELOPES), max_size=3),
    bucket=texts,
    key=texts,
)
def test_every_form_in_every_envelope_is_read(
    source: Callable[[str, str], Json],
    envelopes: list[Callable[[Json], Json]],
    bucket: str,
    key: str,
) -> None:
    event = source(bucket, key)
    for envelope in envelopes:
        event = envelope(event)
    assert read_event(event) == Reading([Notice(bucket, key, ETAG)], 0)


def paths(node: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to every node below `node`."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for name, child in items:
        found.append((*path, name))
        if isinstance(child, dict | list):
            found += paths(child, (*path, name))
    return found


@st.composite
def changed_events(draw: st.DrawFn) -> Json:
    """Draw an event of S3 in which one node has another value."""
    event = draw(st.sampled_from(SOURCES))("media", "uploads/owner/upload")
    *path, name = draw(st.sampled_from(paths(event)))
    node = event
    for step in path:
        node = node[step]
    node[name] = draw(values)
    return event


@examples(50)
@given(changed_events())
@example({"Records": True})
@example({"Records": "abc"})
def test_a_changed_event_is_read_or_unknown_but_never_raises(event: Json) -> None:
    reading = read_event(event)
    records = event.get("Records")
    readable = len(records) if isinstance(records, list) else 0
    assert len(reading.notices) + reading.unknown <= max(1, readable)
    assert all(isinstance(notice.key, str) for notice in reading.notices)


@examples(100)
@given(values)
def test_arbitrary_json_is_unknown(event: Json) -> None:
    reading = read_event(event)
    assert not reading.notices
    assert reading.unknown or event == {"Records": []}


def test_other_events_of_the_bucket_contain_no_notice() -> None:
    deleted = from_s3("media", "key")
    deleted["Records"][0]["eventName"] = "ObjectRemoved:Delete"
    tagged = eventbridge_object_created("media", "key") | {"detail-type": "Object Tags Added"}
    for event in (deleted, tagged, recorded("s3_test")):
        for envelope in ENVELOPES:
            assert read_event(envelope(event)) == Reading([], 0)


def test_a_topic_that_awaits_confirmation_is_unknown() -> None:
    """SNS delivers nothing until the subscription is confirmed, so an operator must see this."""
    waiting = recorded("sns_notification") | {"Type": "SubscriptionConfirmation"}
    assert read_event(waiting) == Reading([], 1)


def test_endless_envelopes_are_unknown() -> None:
    event = from_s3("media", "key")
    for _ in range(5):
        event = sns(json.dumps(event))
    assert read_event(event) == Reading([], 1)
    assert read_event(sns("[" * 100_000)) == Reading([], 1)
