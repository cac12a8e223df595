"""Storage events from Amazon S3 and the S3 gateway, and messages that are not about uploads."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.domain.uploads import UploadStatus
from gql_api.services.storage_events import StorageEventService, UnknownEvent
from tests.services.world import Json, World, checksum
from tests.storage_events import Events

DATA = b"the bytes of a picture"

# From "Event message structure" in the Amazon S3 User Guide; the body of an SQS message.
AWS_EVENT = """
{"Records": [{
  "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-west-2",
  "eventTime": "1970-01-01T00:00:00.000Z", "eventName": "%(name)s",
  "userIdentity": {"principalId": "AIDAJDPLRKLG7UEXAMPLE"},
  "requestParameters": {"sourceIPAddress": "127.0.0.1"},
  "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8"},
  "s3": {
    "s3SchemaVersion": "1.0", "configurationId": "uploads",
    "bucket": {"name": "%(bucket)s", "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
               "arn": "arn:aws:s3:::%(bucket)s"},
    "object": {"key": "%(key)s", "size": 22, "eTag": "d41d8cd98f00b204e9800998ecf8427e",
               "versionId": "096fKKXTRTtl3on89fVO.nfljtsv6qko", "sequencer": "0055AED6DCD90281E5"}
  }
}]}
"""


@pytest.mark.parametrize(
    "name",
    [
        "ObjectCreated:Put",
        "ObjectCreated:Post",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload",
        "s3:ObjectCreated:Put",
    ],
)
@pytest.mark.parametrize("encoded", [True, False], ids=["slash-encoded", "slash-plain"])
async def test_an_event_stores_the_upload_whose_key_it_names(
    world: World, name: str, encoded: bool
) -> None:
    upload = await world.sent(DATA)
    key = quote(upload.key, safe="" if encoded else "/")
    event = json.loads(AWS_EVENT % {"name": name, "bucket": world.bucket_name, "key": key})
    assert await world.container.storage_events.handle(event) == 1
    assert (await world.record(upload)).status is UploadStatus.STORED


async def test_the_event_of_the_server_itself_stores_the_upload(
    world: World, storage_events: Events
) -> None:
    upload = await world.sent(DATA)
    [event] = await storage_events.wait_for(1)
    assert event["Records"][0]["eventName"] == "s3:ObjectCreated:Put"
    assert (await world.record(upload)).status is UploadStatus.STORED


async def test_many_records_settle_each_upload_once(world: World) -> None:
    uploads = [await world.sent(DATA) for _ in range(3)]
    records = [world.event(upload.key)["Records"][0] for upload in (*uploads, *uploads)]
    assert await world.container.storage_events.handle({"Records": records}) == 3
    for upload in uploads:
        assert (await world.record(upload)).status is UploadStatus.STORED


async def test_a_malformed_record_fails_after_the_others_have_been_handled(world: World) -> None:
    upload = await world.sent(DATA)
    records = [None, {"eventName": 1}, *world.event(upload.key)["Records"]]
    with pytest.raises(UnknownEvent, match="2 records"):
        await world.container.storage_events.handle({"Records": records})
    assert (await world.record(upload)).status is UploadStatus.STORED


def other_record(**changes: Any) -> Any:
    """Return a function that changes the only record of an event."""

    def change(event: Json) -> Json:
        return {"Records": [{**event["Records"][0], **changes}]}

    return change


def other_s3(**changes: Any) -> Any:
    """Return a function that changes the bucket or object in the only record of an event."""

    def change(event: Json) -> Json:
        [record] = event["Records"]
        return {"Records": [{**record, "s3": {**record["s3"], **changes}}]}

    return change


OTHERS = {
    "another bucket": other_s3(bucket={"name": "other"}),
    "a removed object": other_record(eventName="ObjectRemoved:Delete"),
    "an event name with the same prefix": other_record(eventName="ObjectCreatedX:Put"),
    "no records": lambda event: {"Records": []},
}


async def test_what_is_not_about_our_objects_touches_nothing(world: World) -> None:
    upload = await world.sent(DATA)
    event = world.event(upload.key)
    for what, change in OTHERS.items():
        assert await world.container.storage_events.handle(change(event)) == 0, what
    assert await world.record(upload) == upload
    assert await world.object(upload) == DATA


UNKNOWN = {
    "no bucket": other_s3(bucket=None),
    "a number as event name": other_record(eventName=1),
    "no event name": lambda event: {"Records": [{"s3": event["Records"][0]["s3"]}]},
    "a number as key": other_s3(object={"key": 7}),
    "null as key": other_s3(object={"key": None}),
    "no key": other_s3(object={}),
    "a list as object": other_s3(object=["key"]),
    "null as s3": other_record(s3=None),
    "an object as records": lambda event: {"Records": event["Records"][0]},
    "records as text": lambda event: {"Records": "ObjectCreated:Put"},
    "a list in a list": lambda event: {"Records": [event["Records"]]},
    "an empty object": lambda event: {},
    "a list": lambda event: event["Records"],
}


async def test_an_event_of_an_unknown_form_fails(world: World) -> None:
    upload = await world.sent(DATA)
    event = world.event(upload.key)
    for change in UNKNOWN.values():
        with pytest.raises(UnknownEvent):
            await world.container.storage_events.handle(change(event))
    assert await world.record(upload) == upload
    assert await world.object(upload) == DATA


async def test_foreign_keys_of_our_bucket_are_left_alone(world: World) -> None:
    upload = await world.sent(DATA)
    owner, prefix = world.owner_id, world.key_prefix
    keys = [
        f"{prefix}/readme.txt",
        f"{prefix}/{owner}/notes.txt",
        f"{prefix}/{owner}/thumbnails/{upload.id}",
        f"{prefix}/{owner}/{upload.id.upper()}",
        f"{prefix}-other/{owner}/{upload.id}",
        f"{prefix}/{owner}/ + %2F ü",
    ]
    for key in keys:
        await world.put_behind(key, DATA)
        await world.container.storage_events.handle(world.event(key))
    assert {*await world.objects()} == {upload.key, *keys}
    assert await world.record(upload) == upload


async def test_keys_that_no_object_can_have_are_passed_over(world: World) -> None:
    upload = await world.sent(DATA)
    for key in ("", "/", "%", "%ff%fe", "\ud800", "a\0b", f"{upload.key}\n", f" {upload.key}"):
        event = world.event("")
        event["Records"][0]["s3"]["object"]["key"] = key
        await world.container.storage_events.handle(event)
    assert await world.record(upload) == upload
    assert await world.object(upload) == DATA


def with_etag(event: Json, etag: str | None) -> Json:
    """Return the event with this ETag, without quotes, as S3 sends it."""
    [record] = event["Records"]
    s3 = record["s3"]
    etag = etag and etag.strip('"')
    return {"Records": [{**record, "s3": {**s3, "object": {**s3["object"], "eTag": etag}}}]}


async def test_an_event_of_what_was_looked_at_asks_for_no_second_look(world: World) -> None:
    upload = await world.stored(DATA)
    await world.container.bucket.close()
    event = with_etag(world.event(upload.key), upload.etag)
    assert await world.container.storage_events.handle(event) == 1
    assert await world.record(upload) == upload


async def test_an_event_of_what_this_process_stored_reads_no_record(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most events of the embedded stack follow `completeUpload`, so each would cost a query."""
    upload = await world.stored(DATA)
    event = with_etag(world.event(upload.key), upload.etag)
    with monkeypatch.context() as patch:
        patch.setattr(MongoUploads, "find_any", None)
        assert await world.container.storage_events.handle(event) == 1


@pytest.mark.parametrize("change", ["deleted", "replaced"])
async def test_an_event_of_an_object_that_changed_since_is_looked_into(
    world: World, change: str
) -> None:
    upload = await world.stored(DATA)
    event = with_etag(world.event(upload.key), upload.etag)
    if change == "deleted":
        await world.container.settling.delete(upload)
        await world.put_behind(upload.key, DATA)
        await world.container.storage_events.handle(event)
        assert await world.object(upload) is None
    else:
        await world.put_behind(upload.key, DATA.swapcase())
        await world.hear(upload)
        await world.put_behind(upload.key, DATA)
        await world.container.storage_events.handle(event)
        assert (await world.record(upload)).etag == upload.etag


async def test_an_event_of_other_bytes_is_looked_into(world: World) -> None:
    upload = await world.sent(DATA, checksum=checksum(DATA))
    upload = await world.complete(upload)
    await world.put_behind(upload.key, DATA.swapcase())
    head = world.s3.head_object(Bucket=world.bucket_name, Key=upload.key)
    event = with_etag(world.event(upload.key), head["ETag"])
    await world.container.storage_events.handle(event)
    assert (await world.record(upload)).status is UploadStatus.REJECTED


async def test_of_two_events_with_different_etags_neither_is_believed(world: World) -> None:
    upload = await world.sent(DATA, checksum=checksum(DATA))
    upload = await world.complete(upload)
    await world.put_behind(upload.key, DATA.swapcase())
    events = [with_etag(world.event(upload.key), etag) for etag in ("other", upload.etag, "other")]
    records = [event["Records"][0] for event in (*events, events[1])]
    assert await world.container.storage_events.handle({"Records": records}) == 1
    assert (await world.record(upload)).status is UploadStatus.REJECTED


@pytest.mark.parametrize("etag", [None, "", 7, ["e"]])
async def test_an_etag_makes_nothing_stored(world: World, etag: Any) -> None:
    upload = await world.request(len(DATA))
    event = with_etag(world.event(upload.key), None)
    event["Records"][0]["s3"]["object"]["eTag"] = etag
    await world.container.storage_events.handle(event)
    assert await world.record(upload) == upload


async def test_an_event_that_fails_is_raised_so_that_it_comes_again(world: World) -> None:
    upload = await world.sent(DATA)
    service = StorageEventService(
        settling=world.container.settling,
        reads=world.container.reads,
        media=world.container.media,
        bucket_name=world.bucket_name,
        policy=world.container.upload_policy,
        relay_queue=world.container.relay_queue,
    )
    await world.container.bucket.close()
    with pytest.raises(RuntimeError, match="shutdown"):
        await service.handle(world.event(upload.key))
    assert await world.record(upload) == upload
