"""Insertion of new uploads, with the reservation of their quota.

A record and its reservation are written in one transaction, which takes three round trips: the
owner's usage, the record and the commit. Concurrent calls share a transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.documents import to_document, to_upload
from gql_api.adapters.mongo.grouping import grouped
from gql_api.adapters.mongo.usage import NO_ROOM, MongoUsage, OwnerDrafts, Room
from gql_api.domain.accounts import SessionCheck
from gql_api.domain.upload_store import Inserted
from gql_api.domain.uploads import Upload

_DUPLICATE_KEY = 11000
# In calls. With 1,000 calls waiting, groups of 100 cost MongoDB twice the processor time per
# record and make the other calls wait longer. Calls with 500 files never reach the limit: no
# group is sent while ten of them are prepared.
_GROUP_MOST = 250


class _NeedsSeparateTransactions(Exception):
    """A draft is not permitted, exceeds a quota or exists already: separate the sessions."""


class MongoInsertions:
    """Implements `UploadInsertions`: records drafts and reserves their quota."""

    def __init__(self, database: Database, usage: MongoUsage) -> None:
        self._client = database.client
        self._uploads = database["uploads"]
        self._usage = usage
        self._grouped = grouped(database, self._insert_all, _GROUP_MOST)

    async def insert(
        self,
        owner_id: str,
        drafts: Sequence[Upload],
        quota_bytes: int | None,
        quota_uploads: int | None = None,
        session: SessionCheck | None = None,
    ) -> Sequence[Inserted]:
        """See `UploadInsertions.insert`."""
        call = OwnerDrafts(owner_id, drafts, quota_bytes, quota_uploads, session)
        if drafts:
            return await self._grouped.ask(call)
        if session is not None:
            await self._usage.get_permitted(call)
        return []

    async def _insert_all(
        self, calls: Sequence[OwnerDrafts]
    ) -> Sequence[Sequence[Inserted] | BaseException]:
        """Insert the drafts of several calls and return the outcomes per call.

        The calls of one session are merged, with their drafts in order. All owners first share one
        transaction, which normally succeeds. If it fails, each session gets a separate transaction,
        so that an ended session, a full quota, a repeated client token or a conflict affects no
        other session. Those of one owner take turns: they would conflict on the user's document.
        """
        if len(calls) == 1:
            return [await self._insert_owner(calls[0])]
        by_owner: dict[tuple[object, ...], list[OwnerDrafts]] = {}
        for call in calls:
            by_owner.setdefault(call.key, []).append(call)
        owners = [_merge(owner_calls) for owner_calls in by_owner.values()]
        if len(owners) > 1 and await self._insert_together(owners):
            return [[Inserted(created=draft) for draft in call.drafts] for call in calls]
        turns: dict[str, asyncio.Lock] = {}

        async def insert(owner: OwnerDrafts) -> Sequence[Inserted]:
            async with turns.setdefault(owner.owner_id, asyncio.Lock()):
                return await self._insert_owner(owner)

        results = await asyncio.gather(*map(insert, owners), return_exceptions=True)
        takers = dict(zip(by_owner, map(_taker, results), strict=True))
        return [takers[call.key](len(call.drafts)) for call in calls]

    async def _insert_together(self, owners: Sequence[OwnerDrafts]) -> bool:
        """Insert all drafts in one transaction; if that is impossible, do nothing, return False."""

        async def insert(session: AsyncClientSession) -> None:
            try:
                if not await self._usage.reserve_all(session, owners):
                    raise _NeedsSeparateTransactions
                documents = [to_document(draft) for owner in owners for draft in owner.drafts]
                await self._uploads.insert_many(documents, session=session)
            except PyMongoError as error:
                raise _NeedsSeparateTransactions from error

        if any(_repeats_token(owner.drafts) for owner in owners):
            return False
        try:
            await in_transaction(self._client, insert)
        except _NeedsSeparateTransactions:
            return False
        return True

    async def _insert_owner(self, owner: OwnerDrafts) -> Sequence[Inserted]:
        """Insert the drafts of one owner and return an outcome for each.

        Nearly all client tokens are new, so the drafts are inserted without a look-up. If the
        unique index rejects a token, the existing uploads are looked up and the rest is retried.
        """
        existing: dict[str, Upload] = {}
        while True:
            fresh = _without_repeats(owner.drafts, existing)

            async def reserve_and_insert(
                session: AsyncClientSession, fresh: Sequence[Upload] = fresh
            ) -> tuple[set[str], Room]:
                accepted, room = await self._usage.reserve(session, owner._replace(drafts=fresh))
                await self._record(session, accepted)
                return {upload.id for upload in accepted}, room

            try:
                accepted, room = (
                    await in_transaction(self._client, reserve_and_insert)
                    if fresh
                    else (set(), NO_ROOM)
                )
            except (BulkWriteError, DuplicateKeyError) as error:
                if not _is_token_conflict(error):
                    raise
                existing |= await self._by_client_token(owner.owner_id, owner.drafts)
            else:
                # Drafts above the quota were not inserted, so the index did not check their tokens.
                refused = [draft for draft in fresh if draft.id not in accepted]
                existing |= await self._by_client_token(owner.owner_id, refused)
                return _outcomes(owner.drafts, existing, accepted, room)

    async def _record(self, session: AsyncClientSession, drafts: Sequence[Upload]) -> None:
        if len(drafts) == 1:  # Most calls. `insert_one` takes the driver less time.
            await self._uploads.insert_one(to_document(drafts[0]), session=session)
        elif drafts:
            await self._uploads.insert_many(map(to_document, drafts), session=session)

    async def _by_client_token(
        self, owner_id: str, drafts: Sequence[Upload]
    ) -> Mapping[str, Upload]:
        tokens = [draft.client_token for draft in drafts if draft.client_token is not None]
        if not tokens:
            return {}
        found = self._uploads.find({"owner": owner_id, "client_token": {"$in": tokens}})
        return {document["client_token"]: to_upload(document) async for document in found}


def _merge(calls: Sequence[OwnerDrafts]) -> OwnerDrafts:
    return calls[-1]._replace(drafts=[draft for call in calls for draft in call.drafts])


def _taker(
    result: Sequence[Inserted] | BaseException,
) -> Callable[[int], Sequence[Inserted] | BaseException]:
    """Return a function that takes the owner's next `count` outcomes, or always the error."""
    if isinstance(result, BaseException):
        return lambda _count: result
    rest = iter(result)
    return lambda count: list(islice(rest, count))


def _repeats_token(drafts: Sequence[Upload]) -> bool:
    return len(_without_repeats(drafts, {})) < len(drafts)


def _without_repeats(drafts: Sequence[Upload], existing: Mapping[str, Upload]) -> list[Upload]:
    """Return the drafts whose client token neither exists already nor belongs to an earlier one."""
    seen = set(existing)
    fresh = []
    for draft in drafts:
        if draft.client_token is None or draft.client_token not in seen:
            fresh.append(draft)
        if draft.client_token is not None:
            seen.add(draft.client_token)
    return fresh


def _outcomes(
    drafts: Sequence[Upload], existing: Mapping[str, Upload], accepted: set[str], room: Room
) -> list[Inserted]:
    by_token = dict(existing)
    outcomes = []
    for draft in drafts:
        if draft.id in accepted:
            outcomes.append(Inserted(created=draft))
            if draft.client_token is not None:
                by_token[draft.client_token] = draft
        elif draft.client_token is not None and draft.client_token in by_token:
            outcomes.append(Inserted(existing=by_token[draft.client_token]))
        else:
            outcomes.append(Inserted(available_bytes=room.bytes, available_uploads=room.uploads))
    return outcomes


def _is_token_conflict(error: OperationFailure) -> bool:
    """Return whether the unique index over client tokens caused all write errors."""
    details = error.details or {}
    problems = details["writeErrors"] if isinstance(error, BulkWriteError) else [details]
    return bool(problems) and all(
        problem["code"] == _DUPLICATE_KEY and "client_token" in problem.get("keyPattern", {})
        for problem in problems
    )
