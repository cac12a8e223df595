"""The stores of webhooks and deliveries: order, claims, and the indexes of each query."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.deliveries import DELIVERIES, MongoDeliveries
from gql_api.adapters.mongo.webhooks import MongoExternalIds, MongoWebhooks
from gql_api.domain.deliveries import Delivery, DeliveryState
from gql_api.domain.webhooks import new_secret
from tests.upload_records import NOW, OWNER, insert_owner
from tests.webhook_records import a_delivery, a_webhook

EVERY = list(DeliveryState)
MINUTE = timedelta(minutes=1)
LATER = NOW + 30 * timedelta(days=1)


@pytest.fixture
def deliveries(database: Database) -> MongoDeliveries:
    """The store of deliveries."""
    return MongoDeliveries(database)


async def claim(
    deliveries: MongoDeliveries, at: datetime = NOW, limit: int = 10, webhook_id: str = "w"
) -> Sequence[Delivery]:
    return await deliveries.claim(webhook_id, at, limit, at + MINUTE)


def places(found: Sequence[Delivery]) -> list[tuple[str, int]]:
    return sorted((it.upload_id, it.version) for it in found)


async def test_what_is_inserted_is_claimed_once(deliveries: MongoDeliveries) -> None:
    first = a_delivery(upload_id="a")
    await deliveries.insert([first, a_delivery(upload_id="b"), a_delivery("other", "c")])
    await deliveries.insert([first._replace(payload="another")])
    found = await claim(deliveries)
    assert places(found) == [("a", 1), ("b", 1)]
    [same] = [it for it in found if it.id == first.id]
    assert same == first._replace(attempts=1, next_at=NOW + MINUTE, claim=same.claim)
    assert await claim(deliveries) == []
    again = await claim(deliveries, NOW + MINUTE)
    assert places(again) == places(found)
    assert {it.attempts for it in again} == {2}
    # Only the latter may record a result.
    for late in found:
        assert not await deliveries.retry(late, next_at=NOW, error="late")
        assert not await deliveries.finish(late, DeliveryState.DELIVERED, at=NOW, expires_at=LATER)


async def test_the_longest_overdue_come_first(deliveries: MongoDeliveries) -> None:
    await deliveries.insert(
        [a_delivery(upload_id=f"u{n}")._replace(next_at=NOW - n * MINUTE) for n in range(5)]
    )
    assert places(await claim(deliveries, limit=2)) == [("u3", 1), ("u4", 1)]
    assert places(await claim(deliveries, limit=2)) == [("u1", 1), ("u2", 1)]


async def test_a_later_version_waits_for_the_earlier_one(deliveries: MongoDeliveries) -> None:
    await deliveries.insert([a_delivery(upload_id="a", version=n) for n in (1, 2, 3)])
    [first] = await claim(deliveries)
    assert first.version == 1
    assert await claim(deliveries) == []
    await deliveries.retry(first, next_at=NOW + 5 * MINUTE, error="down")
    assert await claim(deliveries, NOW + 2 * MINUTE) == []
    [first] = await claim(deliveries, NOW + 5 * MINUTE)
    at = NOW + 6 * MINUTE
    await deliveries.finish(first, DeliveryState.DEAD, at=at, error="down", expires_at=LATER)
    [second] = await claim(deliveries, at)
    assert second.version == 2
    # Its process dies; the third one follows as soon as the claim is over.
    [second] = await claim(deliveries, at + MINUTE)
    await deliveries.finish(second, DeliveryState.DELIVERED, at=at + MINUTE, expires_at=LATER)
    [third] = await claim(deliveries, at + MINUTE)
    assert (third.version, third.attempts) == (3, 1)


async def test_many_versions_of_one_upload_hide_no_other(deliveries: MongoDeliveries) -> None:
    """They are due first, and only one of them can be sent."""
    await deliveries.insert([a_delivery(upload_id="a", version=n) for n in range(1, 60)])
    await deliveries.insert([a_delivery(upload_id="b")._replace(next_at=NOW + MINUTE)])
    at = NOW + MINUTE
    assert places(await claim(deliveries, at, limit=2)) == [("a", 1)]
    assert places(await claim(deliveries, at, limit=2)) == [("b", 1)]
    assert await claim(deliveries, at, limit=2) == []


async def test_concurrent_claims_are_different(deliveries: MongoDeliveries) -> None:
    await deliveries.insert(
        [a_delivery(upload_id=f"u{n}", version=v) for n in range(40) for v in (1, 2)]
    )
    claims = await asyncio.gather(*(claim(deliveries, limit=8) for _ in range(8)))
    found = [it for each in claims for it in each]
    assert len({it.id for it in found}) == len(found) == 40
    assert {it.version for it in found} == {1}


async def test_deliveries_are_listed_and_sent_again(deliveries: MongoDeliveries) -> None:
    await deliveries.insert([a_delivery(upload_id=f"u{n}", at=NOW + n * MINUTE) for n in range(4)])
    done = await claim(deliveries, NOW + MINUTE)
    for delivery in done:
        await deliveries.finish(
            delivery, DeliveryState.DEAD, at=NOW, error="down", expires_at=LATER
        )
    listed = await deliveries.list(EVERY, "w", 3)
    assert [it.upload_id for it in listed] == ["u3", "u2", "u1"]
    assert places(await deliveries.list([DeliveryState.DEAD], None, 10)) == [("u0", 1), ("u1", 1)]

    at = NOW + 2 * MINUTE
    # One was given up; one waits for a later time.
    [_, waiting] = sorted(await deliveries.list([DeliveryState.PENDING], "w", 10))
    assert await deliveries.redeliver([done[0].id, waiting.id, "none"], at, LATER) == 2
    assert len(await claim(deliveries, at)) == 3
    # What is being sent is left alone.
    assert await deliveries.redeliver([waiting.id], at, LATER) == 1
    assert await claim(deliveries, at) == []
    assert await deliveries.replay("w", NOW, at, LATER) == 1


async def test_a_replay_begins_at_a_time(deliveries: MongoDeliveries) -> None:
    await deliveries.insert([a_delivery(upload_id=f"u{n}", at=NOW + n * MINUTE) for n in range(4)])
    at = NOW + 9 * MINUTE
    for delivery in await claim(deliveries, at):
        await deliveries.finish(delivery, DeliveryState.DELIVERED, at=at, expires_at=LATER)
    assert await deliveries.replay("w", NOW + 2 * MINUTE, at, LATER) == 2
    again = await claim(deliveries, at)
    assert places(again) == [("u2", 1), ("u3", 1)]
    assert {(it.attempts, it.give_up_at, it.done_at) for it in again} == {(1, LATER, None)}


async def test_what_is_done_expires(deliveries: MongoDeliveries, database: Database) -> None:
    await deliveries.insert([a_delivery()])
    [found] = await claim(deliveries)
    await deliveries.finish(found, DeliveryState.DELIVERED, at=NOW, expires_at=LATER)
    row = await database[DELIVERIES].find_one({})
    assert row is not None
    assert row["expires_at"] == LATER
    indexes = await database[DELIVERIES].index_information()
    assert indexes["expires_at"]["expireAfterSeconds"] == 0
    await deliveries.redeliver([found.id], NOW, LATER)
    row = await database[DELIVERIES].find_one({})
    assert row is not None
    assert "expires_at" not in row


async def test_waiting_ones_are_given_up_and_others_not(deliveries: MongoDeliveries) -> None:
    await deliveries.insert([a_delivery(upload_id="a"), a_delivery("other", "b")])
    assert await deliveries.bury("w", NOW, error="x", expires_at=LATER) == 0
    at = NOW + timedelta(days=3)
    assert await deliveries.bury("w", at, error="x", expires_at=LATER) == 1
    [dead] = await deliveries.list([DeliveryState.DEAD], None, 10)
    assert (dead.upload_id, dead.error, dead.done_at) == ("a", "x", at)
    await deliveries.delete_all("w")
    assert places(await deliveries.list(EVERY, None, 10)) == [("b", 1)]


async def test_every_query_is_served_by_an_index(
    deliveries: MongoDeliveries, database: Database
) -> None:
    """Most deliveries are done, and those of other webhooks wait as well."""
    done = [a_delivery(upload_id=f"done{n}") for n in range(300)]
    await deliveries.insert([*done, *(a_delivery("other", f"b{n}") for n in range(300))])
    for _ in range(10):
        for delivery in await claim(deliveries, limit=100):
            await deliveries.finish(delivery, DeliveryState.DELIVERED, at=NOW, expires_at=LATER)
    await deliveries.insert([a_delivery(upload_id="u", version=n) for n in (1, 2)])
    await database.command("profile", 2)
    try:
        [first] = await claim(deliveries)
        await claim(deliveries)
        await deliveries.finish(first, DeliveryState.DEAD, at=NOW, expires_at=LATER)
        [second] = await claim(deliveries)
        await deliveries.retry(second, next_at=LATER, error="x")
        await deliveries.bury("w", NOW, error="x", expires_at=LATER)
        await deliveries.hurry("w", NOW)
        await deliveries.list([DeliveryState.DEAD], "w", 3)
        await deliveries.list([DeliveryState.DEAD], None, 3)
        await deliveries.list(EVERY, "w", 3)
        await deliveries.list(EVERY, None, 3)
        await deliveries.redeliver([first.id, second.id], NOW, LATER)
        await deliveries.replay("w", NOW + MINUTE, NOW, LATER)
        profile = database["system.profile"]
        ran = await profile.find({"ns": {"$regex": r"\.deliveries$"}}).to_list()
    finally:
        await database.command("profile", 0)
        await database.drop_collection("system.profile")
    seen: list[dict[str, Any]] = [one for one in ran if "planSummary" in one]
    assert len(seen) >= 15
    for one in seen:
        assert "COLLSCAN" not in one["planSummary"], one["command"]
        assert not one.get("hasSortStage"), one["command"]
        assert one.get("docsExamined", 0) <= 6, one["command"]


async def test_webhooks_are_kept(database: Database) -> None:
    webhooks = MongoWebhooks(database)
    first, second = a_webhook("https://a.example.com/"), a_webhook("https://b.example.com/")
    assert await webhooks.insert(first)
    assert await webhooks.insert(second)
    assert not await webhooks.insert(a_webhook(first.url))
    assert await webhooks.list() == sorted([first, second], key=lambda it: it.id)
    rotated = first.rotated(new_secret(), NOW)
    assert await webhooks.replace_secrets(rotated, first.secrets)
    assert not await webhooks.replace_secrets(first, first.secrets)
    assert await webhooks.find(first.id) == rotated
    assert await webhooks.set_disabled(second.id, "because")
    assert await webhooks.find(second.id) == second._replace(disabled="because")
    assert await webhooks.delete(first.id)
    assert not await webhooks.delete(first.id)
    assert not await webhooks.set_disabled(first.id, None)
    assert await webhooks.find(first.id) is None


async def test_external_ids_are_those_of_users_who_have_one(database: Database) -> None:
    external_ids = MongoExternalIds(database)
    await insert_owner(database)
    assert await external_ids.of([OWNER, "nobody"]) == {}
    identity = {"issuer": "https://id.example.com", "subject": "user-42"}
    await database["users"].update_one({"_id": OWNER}, {"$set": {"identity": identity}})
    assert await external_ids.of([OWNER]) == {OWNER: "user-42"}
