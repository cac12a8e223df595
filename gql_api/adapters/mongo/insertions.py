"""New records of uploads, recorded for several callers at once.

A record and the quota that it takes are one transaction, which is three round trips: the usage of
the owner, the record, the commit. What is asked for at the same time shares one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, PyMongoError

from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.documents import to_document, to_upload
from gql_api.adapters.mongo.grouping import Grouped
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.upload_store import Inserted
from gql_api.domain.uploads import Upload

_DUPLICATE_KEY = 11000
# With a thousand waiting, groups of 100 take twice MongoDB's processor time for a record, and keep
# the others waiting longer. Calls of 500 files never fill one: none is made while ten are prepared.
_GROUP_MOST = 250


class Wanted(NamedTuple):
    """The drafts of one call, or of several calls by one owner."""

    owner_id: str
    drafts: Sequence[Upload]
    quota_bytes: int | None


class _NotTogether(Exception):
    """Something does not fit, or is there already: each owner has to be looked at by himself."""


class MongoInsertions:
    """`UploadInsertions`."""

    def __init__(self, database: Database, usage: MongoUsage) -> None:
        self._client = database.client
        self._uploads = database["uploads"]
        self._usage = usage
        self._grouped = Grouped(self._insert_all, _GROUP_MOST)

    async def insert(
        self, owner_id: str, drafts: Sequence[Upload], quota_bytes: int | None
    ) -> Sequence[Inserted]:
        """See `UploadInsertions.insert`."""
        return await self._grouped.ask(Wanted(owner_id, drafts, quota_bytes))

    async def _insert_all(
        self, calls: Sequence[Wanted]
    ) -> Sequence[Sequence[Inserted] | BaseException]:
        """The outcomes of several calls.

        The calls of one owner are as one, with the files of each in order: two transactions on
        the document of one user would only collide. Different owners share a transaction on the
        assumption that all goes well, which is tried once; otherwise each has his own, so that
        nobody's quota, repeated token or collision is another's trouble.
        """
        by_owner: dict[tuple[str, int | None], list[Wanted]] = {}
        for call in calls:
            by_owner.setdefault((call.owner_id, call.quota_bytes), []).append(call)
        owners = [_as_one(of_owner) for of_owner in by_owner.values()]
        if len(owners) > 1 and await self._insert_together(owners):
            return [[Inserted(created=draft) for draft in call.drafts] for call in calls]
        found = await asyncio.gather(*map(self._insert_own, owners), return_exceptions=True)
        outcomes = dict(zip(by_owner, map(_dealt_out, found), strict=True))
        return [outcomes[call.owner_id, call.quota_bytes](len(call.drafts)) for call in calls]

    async def _insert_together(self, owners: Sequence[Wanted]) -> bool:
        """Record everything in one transaction; False, and nothing is done, if that can't be."""

        async def insert(session: AsyncClientSession) -> None:
            try:
                if not await self._usage.reserve_all(session, owners):
                    raise _NotTogether
                documents = [to_document(draft) for owner in owners for draft in owner.drafts]
                await self._uploads.insert_many(documents, session=session)
            except PyMongoError as error:
                raise _NotTogether from error

        if any(_repeats_token(owner.drafts) for owner in owners):
            return False
        try:
            await in_transaction(self._client, insert)
        except _NotTogether:
            return False
        return True

    async def _insert_own(self, owner: Wanted) -> Sequence[Inserted]:
        """The outcomes of one owner's drafts.

        They are inserted on the assumption that their client tokens are new, which nearly all
        are. The unique index says so if not: then what is there is looked up, and the rest is
        tried again.
        """
        existing: dict[str, Upload] = {}
        while True:
            fresh = _without_repeats(owner.drafts, existing)

            async def reserve_and_insert(
                session: AsyncClientSession, fresh: Sequence[Upload] = fresh
            ) -> tuple[set[str], int]:
                accepted, available = await self._usage.reserve(
                    session, owner.owner_id, fresh, owner.quota_bytes
                )
                if accepted:
                    await self._uploads.insert_many(map(to_document, accepted), session=session)
                return {upload.id for upload in accepted}, available

            try:
                accepted, available = (
                    await in_transaction(self._client, reserve_and_insert) if fresh else (set(), 0)
                )
            except BulkWriteError as error:
                if not _is_token_conflict(error):
                    raise
                existing |= await self._by_client_token(owner.owner_id, owner.drafts)
            else:
                # What does not fit never met the index, and may be a repetition all the same.
                refused = [draft for draft in fresh if draft.id not in accepted]
                existing |= await self._by_client_token(owner.owner_id, refused)
                return _outcomes(owner.drafts, existing, accepted, available)

    async def _by_client_token(
        self, owner_id: str, drafts: Sequence[Upload]
    ) -> Mapping[str, Upload]:
        tokens = [draft.client_token for draft in drafts if draft.client_token is not None]
        if not tokens:
            return {}
        found = self._uploads.find({"owner": owner_id, "client_token": {"$in": tokens}})
        return {document["client_token"]: to_upload(document) async for document in found}


def _as_one(calls: Sequence[Wanted]) -> Wanted:
    owner_id, _, quota_bytes = calls[0]
    return Wanted(owner_id, [draft for call in calls for draft in call.drafts], quota_bytes)


def _dealt_out(
    found: Sequence[Inserted] | BaseException,
) -> Callable[[int], Sequence[Inserted] | BaseException]:
    """Gives the next so many outcomes of an owner at each call; his error at all of them."""
    if isinstance(found, BaseException):
        return lambda _count: found
    rest = iter(found)
    return lambda count: list(islice(rest, count))


def _repeats_token(drafts: Sequence[Upload]) -> bool:
    return len(_without_repeats(drafts, {})) < len(drafts)


def _without_repeats(drafts: Sequence[Upload], existing: Mapping[str, Upload]) -> list[Upload]:
    """The drafts whose client token is neither recorded nor that of an earlier draft."""
    seen = set(existing)
    fresh = []
    for draft in drafts:
        if draft.client_token is None or draft.client_token not in seen:
            fresh.append(draft)
        if draft.client_token is not None:
            seen.add(draft.client_token)
    return fresh


def _outcomes(
    drafts: Sequence[Upload], existing: Mapping[str, Upload], accepted: set[str], available: int
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
            outcomes.append(Inserted(available_bytes=available))
    return outcomes


def _is_token_conflict(error: BulkWriteError) -> bool:
    """Whether nothing but the unique index over client tokens refused the documents."""
    problems = (error.details or {}).get("writeErrors", [])
    return bool(problems) and all(
        problem["code"] == _DUPLICATE_KEY and "client_token" in problem.get("keyPattern", {})
        for problem in problems
    )
