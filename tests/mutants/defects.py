"""Defects to plant, one at a time, and the tests that must catch each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Defect:
    """Replaces the only occurrence of `old` in `file` with `new`; one of `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def plant(self, root: Path) -> str:
        """Return the text of the file with the defect.

        Raises:
            LookupError: the file does not contain `old` exactly once.
        """
        text = (root / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            count = f"{text.count(self.old)} times, not once"
            raise LookupError(f"{self.name}: {self.file} contains {self.old!r} {count}")
        return text.replace(self.old, self.new)


SETTLING = "gql_api/services/settling.py"
LOOKS = "gql_api/services/looks.py"
EVIDENCE = "gql_api/services/evidence.py"
SCHEDULE = "gql_api/services/schedule.py"
MEDIA = "gql_api/services/media.py"
QUEUES = "gql_api/adapters/media_queues.py"
UPLOADS = "gql_api/services/uploads.py"
MAINTENANCE = "gql_api/services/maintenance.py"
DUE_UPLOADS = "gql_api/services/due_uploads.py"
TURNS = "gql_api/services/turns.py"
ORPHANS = "gql_api/services/orphans.py"
DERIVED_ORPHANS = "gql_api/services/derived_orphans.py"
UNKNOWN_OBJECTS = "gql_api/services/unknown_objects.py"
STORE = "gql_api/adapters/mongo/uploads.py"
USAGE = "gql_api/adapters/mongo/usage.py"
SESSIONS = "gql_api/adapters/mongo/sessions.py"
RELAYING = "gql_api/services/relaying.py"
CONNECTION = "local/connection.py"
CLOSINGS = "gql_api/adapters/mongo/closings.py"
TEMPLATE = "template.yaml"
DELIVERIES = "gql_api/adapters/mongo/deliveries.py"
SENDING = "gql_api/services/webhook_sending.py"
SENDER = "gql_api/adapters/webhooks/sender.py"
ISSUER_ATTACKS = ("tests/attacks/test_18_issuer_tokens.py",)
HOSTILE_ISSUERS = ("tests/attacks/test_19_hostile_issuers.py",)
ACTING_ATTACKS = ("tests/attacks/test_20_acting_for_users.py",)

DEFECTS = (
    # ------------------------------------------------ STORED means that the bucket has the bytes
    Defect(
        "STORED without a HEAD",
        LOOKS,
        "            missing = await self._assemble(upload)\n            facts =",
        "            facts = ObjectFacts(upload.size_bytes, upload.content_type, '-', None)\n"
        "            return Look(facts, ())\n"
        "            facts =",
        ("tests/services/test_uploads.py",),
    ),
    Defect(
        "refused HEAD taken for no object",
        "gql_api/adapters/s3/lookups.py",
        "        if answer.status == 404:",
        "        if answer.status >= 400:",
        ("tests/adapters/s3/test_lookups.py",),
    ),
    Defect(
        "event trusted without checking the object",
        SETTLING,
        "            return Settlement(upload)\n"
        "        return await self.settle(upload, read_max_bytes=read_max_bytes)",
        "            return Settlement(upload)\n"
        "        to = UploadStatus.STORED\n"
        "        stored = await self._uploads.transition(upload, to, at=self._clock(), etag='-')\n"
        "        return Settlement(stored or upload)",
        ("tests/services/test_settling.py",),
    ),
    Defect(
        "event passed over although the object was replaced since",
        SETTLING,
        '        """\n        self.recent.discard(upload.key)\n        facts = await',
        '        """\n        facts = await',
        ("tests/services/test_storage_events.py",),
    ),
    Defect(
        "checksum of any store believed",
        EVIDENCE,
        "if traits is None or not traits.verifies_checksums:",
        "if False:",
        ("tests/services/test_evidence.py", "tests/stores/test_flow.py"),
    ),
    Defect(
        "CRC-64/NVME of any store believed",
        EVIDENCE,
        "if traits is None or not traits.verifies_crc64nvme:",
        "if False:",
        ("tests/services/test_crc64nvme.py",),
    ),
    Defect(
        "a repeated CRC-64/NVME mistaken for a computed one",
        "gql_api/adapters/s3/crc64nvme_probe.py",
        "                return await self._reported(key) == right\n",
        "                return await self._reported(key) is not None\n",
        ("tests/services/test_crc64nvme.py",),
    ),
    Defect(
        "If-None-Match expected of any store",
        EVIDENCE,
        "return traits is None or not traits.conditional_writes",
        "return False",
        ("tests/services/test_evidence.py",),
    ),
    Defect(
        "refusals by the store mistaken for verified checksums",
        "gql_api/adapters/s3/probe_requests.py",
        "    if status in refusals:",
        "    if status >= 400:",
        ("tests/services/test_stores.py",),
    ),
    Defect(
        "size of the object not compared",
        "gql_api/domain/uploads.py",
        "if facts.size_bytes != upload.size_bytes:",
        "if facts.size_bytes < upload.size_bytes:",
        ("tests/services/test_settling.py",),
    ),
    Defect(
        "checksum not compared",
        SETTLING,
        "if digest != upload.checksum.value:",
        "if digest == '':",
        ("tests/services/test_settling.py",),
    ),
    Defect(
        "first bytes not checked against the media type",
        SETTLING,
        "return magic_bytes.contradiction(upload.content_type, start)",
        "return None",
        ("tests/services/test_file_types.py",),
    ),
    Defect(
        "part of the wrong size counted as received",
        "gql_api/domain/uploads.py",
        "if received.get(n) != plan.size(n)]",
        "if n not in received]",
        ("tests/services/test_uploads.py",),
    ),
    Defect(
        "stored object never checked again",
        SETTLING,
        "            return await self._check_stored(upload, read_max_bytes)",
        "            return Settlement(upload)",
        ("tests/services/test_settling.py",),
    ),
    Defect(
        "event about different bytes ignored",
        SETTLING,
        "if upload.status.stored and etags.same(etag, upload.etag):",
        "if upload.status.stored and upload.etag and etag is not None:",
        ("tests/services/test_storage_events.py",),
    ),
    Defect(
        "event of an unknown form acknowledged",
        "gql_api/services/storage_events.py",
        "        if reading.unknown:",
        "        if not reading:",
        ("tests/services/test_storage_events.py",),
    ),
    Defect(
        "large object read while its event is handled",
        SETTLING,
        "        if _is_too_long(upload, facts, read_max_bytes):\n"
        "            return Settlement(upload, unread=True)\n"
        "        flaw = await self._flaw(upload, facts)\n"
        "        if flaw is not None:\n"
        "            return await self._reject(upload, flaw)\n"
        "        now, processing = self._clock(), self._policy.first_processing(upload)\n"
        "        stored = ",
        "        flaw = await self._flaw(upload, facts)\n"
        "        if flaw is not None:\n"
        "            return await self._reject(upload, flaw)\n"
        "        now, processing = self._clock(), self._policy.first_processing(upload)\n"
        "        stored = ",
        ("tests/services/test_read_backs.py",),
    ),
    Defect(
        "client's address believed without proof of the proxy",
        "gql_api/http/client_address.py",
        "if policy.header is None or not _is_proven(policy, scope, peer):",
        "if policy.header is None:",
        ("tests/http/test_client_address.py",),
    ),
    Defect(
        "overwrite through an old URL noticed only by an event",
        SCHEDULE,
        "self._policy.last_arrival(now) if overwritable else None,",
        "None,",
        ("tests/services/test_settling.py",),
    ),
    Defect(
        "record of replaced bytes keeps its time",
        STORE,
        '"stored_at": at, "check_at": check_at or upload.check_at}',
        '"check_at": check_at or upload.check_at}',
        ("tests/attacks/test_11_old_urls.py",),
    ),
    Defect(
        "what an event saw recorded over what a later one saw",
        STORE,
        "            unchanged(upload),\n",
        '            unchanged(upload) | {"etag": {"$exists": True}},\n',
        ("tests/attacks/test_11_old_urls.py",),
    ),
    Defect(
        "empty file sent by a plain PUT although every upload is to be multipart",
        "gql_api/domain/parts.py",
        "if size_bytes <= single_part_max_bytes and single_part_max_bytes:",
        "if size_bytes <= single_part_max_bytes:",
        ("tests/attacks/test_11_old_urls.py",),
    ),
    # ------------------------------------------------ states, usage and transactions
    Defect(
        "state transition without a condition on the current state",
        "gql_api/adapters/mongo/changes.py",
        '"owner": upload.owner_id, **state(upload)}',
        '"owner": upload.owner_id}',
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "quota not reserved",
        USAGE,
        '{"$add": ["$usage.bytes", total]}',
        '{"$add": ["$usage.bytes", 0]}',
        ("tests/services/test_at_once.py",),
    ),
    Defect(
        "usage released outside the transaction",
        USAGE,
        "bulk_write(updates, session=session)",
        "bulk_write(updates)",
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "usage not released",
        CLOSINGS,
        "await self._usage.adjust(session, [(closing.upload, closing.to)])",
        "pass",
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "usage released for an upload of a group that another process has closed",
        CLOSINGS,
        "if found and has(found, state(upload)) and upload.id not in made:",
        "if found and upload.id not in made:",
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "deleted upload still counted as visible",
        USAGE,
        'more.update({"visible.uploads": -1})',
        "pass",
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "restored upload not counted as visible again",
        USAGE,
        'more.update({"visible.uploads": 1})',
        "pass",
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "upload deleted that was restored and moved to the trash again",
        "gql_api/adapters/mongo/changes.py",
        '        "trashed_at": upload.trashed_at,\n',
        "",
        ("tests/services/test_trash.py",),
    ),
    Defect(
        "trash emptied too early",
        DUE_UPLOADS,
        "if trashed and now >= self._policy.trash_ends_at(upload.trashed_at or now):",
        "if trashed and now >= upload.created_at:",
        ("tests/services/test_trash.py",),
    ),
    Defect(
        "restored upload not checked after its last URL has expired",
        "gql_api/services/trash.py",
        "check_at = self._policy.last_arrival(now)",
        "check_at = now",
        ("tests/services/test_trash.py",),
    ),
    Defect(
        "visible uploads not updated when an upload without usage is deleted",
        STORE,
        "to.counts and upload.status.visible == to.visible:",
        "to.counts:",
        ("tests/adapters/mongo/test_changes.py",),
    ),
    Defect(
        "new uploads not counted as visible",
        USAGE,
        '"usage.uploads": count, "visible.uploads": count}',
        '"usage.uploads": count}',
        ("tests/adapters/mongo/test_insertions.py",),
    ),
    Defect(
        "number of visible uploads trusted before it was counted",
        USAGE,
        'if visible and visible.get("exact") else None',
        "if visible else None",
        ("tests/adapters/mongo/test_usage.py",),
    ),
    Defect(
        "quota of a group reserved outside the transaction",
        USAGE,
        "ordered=False, session=session)",
        "ordered=False)",
        ("tests/adapters/mongo/test_insertions.py",),
    ),
    Defect(
        "index over client tokens not unique",
        STORE,
        "unique=True,",
        "unique=False,",
        ("tests/services/test_at_once.py",),
    ),
    Defect(
        "client token accepted for a different file",
        UPLOADS,
        "if inserted.existing.request_digest != wanted.request_digest:",
        "if inserted.existing.id == wanted.id:",
        ("tests/services/test_uploads.py",),
    ),
    # ------------------------------------------------ nothing is left in the bucket
    Defect(
        "multipart upload not aborted when the upload is cancelled",
        LOOKS,
        "        if upload.multipart_id is not None:\n"
        "            await self._bucket.abort_multipart",
        "        if upload.status.counts:\n            await self._bucket.abort_multipart",
        ("tests/services/test_uploads.py",),
    ),
    Defect(
        "object not deleted with its upload",
        LOOKS,
        "            await self._bucket.delete(upload.key)\n",
        "            pass\n",
        ("tests/services/test_library.py",),
    ),
    Defect(
        "bytes that arrive after an upload is closed are kept",
        SETTLING,
        "        await self.looks.clear_again(upload)\n        return Settlement(upload)",
        "        return Settlement(upload)",
        ("tests/services/test_settling.py",),
    ),
    Defect(
        "sweep of objects without an age limit",
        ORPHANS,
        "old = [entry for entry in entries if entry.modified_at < self._horizon()]",
        "old = list(entries)",
        ("tests/services/test_orphans.py",),
    ),
    Defect(
        "sweep of multipart uploads without an age limit",
        ORPHANS,
        "old = [entry for entry in entries if entry.initiated_at < self._horizon()]",
        "old = list(entries)",
        ("tests/services/test_orphans.py",),
    ),
    # ------------------------------------------------ derived files go with their object
    Defect(
        "derived files not deleted with their upload",
        LOOKS,
        "                await self.derived.delete_recorded(upload)\n",
        "                pass\n",
        ("tests/services/test_derived_files.py",),
    ),
    Defect(
        "derived files that come after their upload was closed are kept",
        LOOKS,
        "                await self.derived.delete_found(upload)\n",
        "                pass\n",
        ("tests/services/test_derived_files.py",),
    ),
    Defect(
        "walk through the derived files without an age limit",
        DERIVED_ORPHANS,
        "            if entry.modified_at < horizon\n            and (",
        "            if horizon\n            and (",
        ("tests/services/test_derived_files.py",),
    ),
    Defect(
        "derived files of another object deleted without a common identity",
        DERIVED_ORPHANS,
        "if others and await self._deployment.owns_bucket():",
        "if others:",
        ("tests/services/test_derived_files.py",),
    ),
    Defect(
        "derived files of known uploads taken for unknown ones",
        UNKNOWN_OBJECTS,
        "(name in found and self._derived(key) is not None)",
        "False",
        ("tests/services/test_derived_files.py",),
    ),
    Defect(
        "uploads deleted meanwhile processed again",
        "gql_api/adapters/mongo/reprocessing.py",
        "            named(names) | _STORED | _selected(selection),\n",
        "            named(names),\n",
        ("tests/services/test_reprocessing.py",),
    ),
    # ------------------------------------------------ deletion needs proof
    Defect(
        "unknown objects deleted without a common identity",
        UNKNOWN_OBJECTS,
        "        if not await self._deployment.owns_bucket():\n            return\n",
        "",
        ("tests/services/test_unknown_objects.py",),
    ),
    Defect(
        "uploads rejected because the bucket is another one",
        SETTLING,
        "        if facts is None and not await self._deployment.owns_bucket():\n"
        "            raise ForeignBucket\n",
        "",
        ("tests/services/test_foreign_bucket.py",),
    ),
    Defect(
        "uploads checked in the bucket of another database",
        DUE_UPLOADS,
        "        if await self._deployment.is_foreign():\n            raise ForeignBucket\n",
        "",
        ("tests/services/test_foreign_bucket.py",),
    ),
    Defect(
        "unknown objects deleted at the first look",
        UNKNOWN_OBJECTS,
        "seen_before(self._clock() - UNKNOWN_AGE, limit)",
        "seen_before(self._clock() + UNKNOWN_AGE, limit)",
        ("tests/services/test_unknown_objects.py",),
    ),
    Defect(
        "unknown objects deleted after a look at their keys alone",
        UNKNOWN_OBJECTS,
        "(entry.key, entry.mark) == (noted.key, noted.mark)",
        "entry.key == noted.key",
        ("tests/services/test_unknown_objects.py",),
    ),
    Defect(
        "unknown objects deleted without a limit",
        UNKNOWN_OBJECTS,
        "(left := limit - report.unknown_deleted) > 0",
        "(left := limit)",
        ("tests/services/test_unknown_objects.py",),
    ),
    Defect(
        "unknown objects deleted by a storage event",
        SETTLING,
        "                self._metrics.count(UNKNOWN_OBJECTS)",
        "                await self._bucket.delete(key)",
        ("tests/services/test_unknown_objects.py",),
    ),
    Defect(
        "identity kept, so that backups carry it too",
        UNKNOWN_OBJECTS,
        "        await self._deployment.renew_identity(self._clock())\n",
        "",
        ("tests/services/test_preparation.py",),
    ),
    Defect(
        "a used bucket taken for a new one",
        "gql_api/services/deployment.py",
        "return not listed and await",
        "return await",
        ("tests/services/test_preparation.py",),
    ),
    Defect(
        "requests served before the database is prepared",
        "gql_api/services/deployment.py",
        "self._known = found if found.release >= RELEASE else None",
        "self._known = found",
        ("tests/http/test_unprepared.py", "tests/services/test_preparation.py"),
    ),
    Defect(
        "pending uploads never expire",
        DUE_UPLOADS,
        "upload.status is UploadStatus.PENDING and now >= upload.expires_at",
        "upload.status is UploadStatus.PENDING and now > upload.expires_at + _CHECK_INTERVAL_MAX",
        ("tests/services/test_maintenance.py",),
    ),
    Defect(
        "two sweeps at once check the same uploads",
        STORE,
        'found = self._uploads.find(claimed | {"check_at": until})',
        "found = self._uploads.find(claimed)",
        ("tests/adapters/mongo/test_changes.py", "tests/services/test_maintenance.py"),
    ),
    Defect(
        "uploads that are due take all of the sweep's time",
        TURNS,
        "Turn(timer() + (ends_at - timer()) * share, timer)",
        "Turn(ends_at + 0 * share, timer)",
        ("tests/services/test_turns.py", "tests/services/test_maintenance.py"),
    ),
    Defect(
        "a step of the sweep fails, and nobody is told",
        MAINTENANCE,
        "            raise SweepFailed(report)\n",
        "",
        ("tests/services/test_maintenance.py",),
    ),
    Defect(
        "all checks of the sweep fail, and nobody is told",
        DUE_UPLOADS,
        "if batch.failed and not batch.succeeded:",
        "if not batch.failed and not batch.succeeded:",
        ("tests/services/test_maintenance.py",),
    ),
    Defect(
        "second multipart upload not aborted",
        UPLOADS,
        "            await self._bucket.abort_multipart(upload.key, multipart_id)\n",
        "",
        ("tests/services/test_signing.py",),
    ),
    # ------------------------------------------------ requests are bounded
    Defect(
        "repetitions of a field not limited",
        "gql_api/schema/cost/limits.py",
        "    if most > REPEATS:",
        "    if most < 0:",
        ("tests/attacks/test_01_repeated_fields.py",),
    ),
    Defect(
        "graphql-core's own budget for comparing fields",
        "gql_api/schema/cost/merging.py",
        "        self.rule_context.remaining_complexity_budget = limits.COMPARISONS\n",
        "",
        ("tests/attacks/test_01_repeated_fields.py",),
    ),
    Defect(
        "variables of the first operation measured",
        "gql_api/schema/cost/limits.py",
        "    return complexity(document, operation, all_variables(operation, given), ONCE)",
        "    first = document.definitions[0]\n"
        "    return complexity(document, operation, all_variables(first, given), ONCE)",
        ("tests/attacks/test_02_variable_defaults.py",),
    ),
    Defect(
        "complexity of one operation remembered for another",
        "gql_api/schema/documents.py",
        "        key = (name, self.sizing(name, given))",
        "        key = (None, self.sizing(name, given))",
        ("tests/attacks/test_02_variable_defaults.py",),
    ),
    Defect(
        "records not measured before they are answered",
        "gql_api/schema/cost/answer_size.py",
        "measure = self._unmeasured.get(name)",
        "measure: Measure | None = None",
        ("tests/attacks/test_03_bytes_out.py",),
    ),
    Defect(
        "list of texts counted as one value",
        "gql_api/schema/cost/list_sizes.py",
        '"tags": _constant(TAGS_MAX)',
        '"tags": _constant(1)',
        ("tests/schema/cost/test_complexity.py",),
    ),
    # ------------------------------------------------ authorization and limits
    Defect(
        "user's requests counted per process, not in total",
        "gql_api/services/request_rates.py",
        "count.total = await self._counters.add(user_id, self._minute, adding)",
        "count.total += adding",
        ("tests/services/test_request_rates.py",),
    ),
    Defect(
        "owner not checked",
        STORE,
        'return {"_id": upload_id, "owner": owner_id, "status":',
        'return {"_id": upload_id, "status":',
        ("tests/acceptance/test_strangers.py",),
    ),
    Defect(
        "content-length not signed",
        "gql_api/adapters/s3/presigner.py",
        'signed = headers | {"content-length": str(size_bytes)}',
        "signed = headers",
        ("tests/acceptance/test_refusals.py",),
    ),
    Defect(
        "URL outlives the pending upload",
        "gql_api/services/signing.py",
        "min(self._policy.url_ttl_seconds, remaining_seconds)",
        "self._policy.url_ttl_seconds",
        ("tests/services/test_signing.py",),
    ),
    Defect(
        "exp of a JWT not checked",
        "gql_api/adapters/tokens.py",
        ' or claims["exp"] <= now:',
        ":",
        ("tests/adapters/test_tokens.py",),
    ),
    Defect(
        "refresh token used twice without ending the session",
        "gql_api/services/sessions.py",
        "entry.sessions_ended = await self._store.end_family(token.family)",
        "entry.sessions_ended = 0",
        ("tests/services/test_accounts.py",),
    ),
    Defect(
        "session begun with a password that was replaced meanwhile",
        SESSIONS,
        '            "password_hash": text(verified_hash),\n',
        "",
        ("tests/services/test_administration.py",),
    ),
    Defect(
        "password replaced with a session that has ended",
        SESSIONS,
        '{**signed_in(user_id, session_id, now), "password_hash": text(old_hash)}',
        '{"_id": user_id, "password_hash": text(old_hash)}',
        ("tests/attacks/test_06_ended_sessions.py",),
    ),
    Defect(
        "API key created with a session that has ended",
        "gql_api/adapters/mongo/api_keys.py",
        "if changed.matched_count == 0:",
        "if changed.matched_count > 1:",
        ("tests/attacks/test_06_ended_sessions.py",),
    ),
    Defect(
        "upload requested with a session that has ended",
        USAGE,
        "return signed_in(self.owner_id, self.session.session_id, self.session.at)",
        'return {"_id": self.owner_id}',
        ("tests/adapters/mongo/test_insertions.py",),
    ),
    Defect(
        "upload requested with the API key of a user who was disabled meanwhile",
        USAGE,
        'return {"_id": self.owner_id, "disabled": ENABLED}',
        'return {"_id": self.owner_id}',
        ("tests/adapters/mongo/test_insertions.py",),
    ),
    Defect(
        "API key created long after the login without the password",
        "gql_api/services/api_keys.py",
        "viewer.logged_in_at > now - RECENT_LOGIN",
        "viewer.logged_in_at <= now",
        ("tests/attacks/test_07_stolen_access_tokens.py",),
    ),
    Defect(
        "scope of an API key not checked",
        "gql_api/schema/scopes.py",
        "if scope not in allowed:",
        "if not allowed:",
        ("tests/attacks/test_07_stolen_access_tokens.py",),
    ),
    Defect(
        "disabled user accepted",
        "gql_api/adapters/mongo/users.py",
        '[{"$match": {"disabled": ENABLED}}, {"$project": USER_FIELDS}]',
        '[{"$project": USER_FIELDS}]',
        ("tests/services/test_authentication.py",),
    ),
    Defect(
        "multipart upload noted without naming the owner",
        "gql_api/adapters/mongo/uploads.py",
        '                "owner": upload.owner_id,\n                "status": UploadStatus.PENDING',
        '                "status": UploadStatus.PENDING',
        ("tests/services/test_signing.py",),
    ),
    Defect(
        "answer of any size begun",
        "gql_api/schema/schema.py",
        "            _check_answer(document, operation_name, variable_values, context_value)\n",
        "",
        ("tests/schema/cost/test_answer_size.py",),
    ),
    Defect(
        "session token of unknown expiry trusted for a week",
        "gql_api/adapters/s3/presigner.py",
        "min(ttl_seconds, self._session_token_seconds) if unknown else ttl_seconds",
        "ttl_seconds if unknown else ttl_seconds",
        ("tests/adapters/s3/test_presigner.py",),
    ),
    Defect(
        "search looks at the whole list",
        "gql_api/adapters/mongo/listing.py",
        "stretch = rest if end is None else _before(rest, end.next)",
        "stretch = rest",
        ("tests/adapters/mongo/test_listing.py",),
    ),
    Defect(
        "upload settled once per occurrence of its id",
        "gql_api/services/batches.py",
        "for it in dict.fromkeys(upload_ids)}",
        "for it in upload_ids}",
        ("tests/attacks/test_04_storage_calls.py", "tests/services/test_batches.py"),
    ),
    Defect(
        "calls to the storage not limited",
        "gql_api/domain/storage_budget.py",
        "        if budget.left < 1:",
        "        if budget.left < -1000:",
        ("tests/attacks/test_04_storage_calls.py",),
    ),
    Defect(
        "body waited for without a limit",
        "gql_api/http/view.py",
        "async with asyncio.timeout(seconds_left()):",
        "async with asyncio.timeout(None):",
        ("tests/attacks/test_05_slow_clients.py",),
    ),
    Defect(
        "half-sent request kept open",
        CONNECTION,
        "        elif self._receiving is None:",
        "        elif self._receiving is self:",
        ("tests/attacks/test_05_slow_clients.py",),
    ),
    Defect(
        "response that is not read kept in memory",
        CONNECTION,
        "            self.transport.abort()",
        "            pass",
        ("tests/attacks/test_05_slow_clients.py",),
    ),
    Defect(
        "embedded database lets everybody in",
        "local/mongod.py",
        '        *("--keyFile", str(key_file)),',
        '        *("--transitionToAuth", "--keyFile", str(key_file)),',
        ("tests/attacks/test_15_local_stack.py",),
    ),
    Defect(
        "any host name answered",
        "local/host_check.py",
        "or _host(scope) in self._hosts:",
        "or self._hosts:",
        ("tests/local/test_host_check.py",),
    ),
    Defect(
        "parts listed once per field",
        "gql_api/schema/once.py",
        "        value = self._values.get(key)",
        "        value = None",
        ("tests/attacks/test_04_storage_calls.py",),
    ),
    Defect(
        "cursor of a different sort order accepted",
        "gql_api/domain/listing.py",
        "    if of_field != field.value:",
        "    if of_field is field:",
        ("tests/domain/test_listing.py",),
    ),
    # ------------------------------------------------ decoders hold no secrets, within limits
    Defect(
        "decoder inherits the environment",
        "gql_api/adapters/media/decoding.py",
        "kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}",
        "kept = dict(os.environ)",
        ("tests/adapters/media/test_decoding.py",),
    ),
    # ------------------------------------------------ the media worker, and the way to it
    Defect(
        "worker starts with the signing key",
        "gql_api/worker_settings.py",
        '_FORBIDDEN = ("DB_URL", "JWT_SECRET_KEY", "ORIGIN_SECRET")',
        '_FORBIDDEN = ("DB_URL", "ORIGIN_SECRET")',
        ("tests/test_media_server.py",),
    ),
    Defect(
        "worker serves without its token",
        "gql_api/media_server.py",
        "if not secrets.compare_digest(given, self.server.authorization):",
        "if given is None:",
        ("tests/test_media_server.py",),
    ),
    Defect(
        "bytes of another object decoded",
        "gql_api/adapters/s3/media_objects.py",
        'if response["ETag"] != tag:',
        'if not response["ETag"]:',
        ("tests/adapters/s3/test_media_objects.py",),
    ),
    Defect(
        "facts written for an object that is gone",
        "gql_api/services/derivation.py",
        "        except ObjectGone:\n            return\n",
        "        except ObjectGone:\n            derived = None\n",
        ("tests/services/test_derivation.py",),
    ),
    Defect(
        "starting worker counts as a failed attempt",
        QUEUES,
        "                raise _WorkerAway from error",
        "                raise error",
        ("tests/adapters/test_media_queues.py",),
    ),
    Defect(
        "file that ends its worker takes another with it",
        QUEUES,
        "places, taken = _AT_ONCE if alone else 1, 0",
        "places, taken = 1, 0",
        ("tests/adapters/test_media_queues.py",),
    ),
    # ------------------------------------------------ what the media function says is not believed
    Defect(
        "facts of another object recorded",
        MEDIA,
        "if facts.upload_id != upload.id or not etags.same(facts.etag, upload.etag):",
        "if facts.upload_id is facts.etag:",
        ("tests/services/test_media_facts.py",),
    ),
    Defect(
        "renditions recorded that the bucket does not have",
        MEDIA,
        "if seen is None or seen.size_bytes != rendition.size_bytes:",
        "if seen is rendition:",
        ("tests/services/test_media_facts.py",),
    ),
    Defect(
        "facts recorded over what happened meanwhile",
        "gql_api/adapters/mongo/changes.py",
        '"processing": None if processing is ProcessingStatus.NONE else processing.value,',
        "",
        ("tests/services/test_media_facts.py", "tests/services/test_media_checks.py"),
    ),
    Defect(
        "overwrite through an old URL missed because the facts were recorded",
        SCHEDULE,
        "            last_look = upload.check_at",
        "            last_look = None",
        ("tests/services/test_media_checks.py",),
    ),
    Defect(
        "overwrite through an old URL missed after an early check",
        SCHEDULE,
        "last_look if last_look and now < last_look else None,",
        "None,",
        ("tests/services/test_media_checks.py",),
    ),
    Defect(
        "lost message never sent again",
        "gql_api/services/due_uploads.py",
        "        upload = await self._media.request_again(upload)\n",
        "",
        ("tests/services/test_media.py",),
    ),
    Defect(
        "rendition of a replaced object signed",
        "gql_api/services/library.py",
        "known.etag is None or known.etag != upload.etag:",
        "known.etag is None:",
        ("tests/services/test_renditions.py",),
    ),
    Defect(
        "rendition promised for longer than the credentials last",
        "gql_api/adapters/s3/presigner.py",
        "            expires_at = min(expires_at, credentials.expires_at)",
        "            expires_at = max(expires_at, credentials.expires_at)",
        ("tests/adapters/s3/test_presigner_renditions.py",),
    ),
    Defect(
        "facts of a newer release cannot be read",
        "gql_api/adapters/mongo/documents.py",
        " for name, value in fields.items() if name in Media._fields})",
        " for name, value in fields.items()})",
        ("tests/adapters/mongo/test_uploads.py",),
    ),
    Defect(
        "derived files deleted in a bucket that may be another database's",
        MEDIA,
        "return await self._deployment.owns_bucket()",
        "return True",
        ("tests/services/test_media_facts.py",),
    ),
    Defect(
        "decoder makes any system call",
        "gql_api/adapters/media/confinement.py",
        "    seccomp.restrict()",
        "    assert seccomp.restrict",
        ("tests/adapters/media/test_hostile.py", "tests/adapters/media/test_decoding.py"),
    ),
    Defect(
        "decoder raises the memory that it may use",
        "gql_api/adapters/media/confinement.py",
        "want if have == resource.RLIM_INFINITY else min(want, have)",
        "want",
        ("tests/adapters/media/test_decoding.py",),
    ),
    Defect(
        "decoder works without a limit that the system refused",
        "gql_api/adapters/media/confinement.py",
        'if sys.platform != "darwin":',
        'if sys.platform == "darwin":',
        ("tests/adapters/media/test_decoding.py",),
    ),
    Defect(
        "half of a frame shown for a video",
        "gql_api/adapters/media/posters.py",
        "if not packet.is_corrupt)",
        "if packet)",
        ("tests/adapters/media/test_hostile.py",),
    ),
    Defect(
        "wide colours taken for sRGB",
        "gql_api/adapters/media/colours.py",
        "if isinstance(profile, bytes) and 0 < len(profile) <= _PROFILE_MAX_BYTES:",
        'if profile == b"":',
        ("tests/adapters/media/test_images.py",),
    ),
    Defect(
        "any number of pixels decoded",
        "gql_api/adapters/media/images.py",
        "    if image.width * image.height > MAX_PIXELS:",
        "    if image.width * image.height < 0:",
        ("tests/adapters/media/test_hostile.py",),
    ),
    Defect(
        "decoder's dimensions believed",
        "gql_api/adapters/media/decoding.py",
        "            if webp.dimensions(data) != (width, height):",
        "            if not webp.dimensions(data):",
        ("tests/adapters/media/test_decoding.py",),
    ),
    Defect(
        "decoder reads without a limit",
        "gql_api/adapters/media/decoding.py",
        "    ranges.budget = format.kind.budget",
        "    ranges.budget = Budget(1 << 40, 1 << 20)",
        ("tests/adapters/media/test_decoding.py",),
    ),
    # ------------------------------------------------ the media function holds no secret
    Defect(
        "media function may list the bucket",
        TEMPLATE,
        "                Action: s3:GetObject\n"
        "                Resource: !Sub arn:${AWS::Partition}:s3:::${BucketName}/uploads/*",
        "                Action: [s3:GetObject, s3:ListBucket]\n"
        "                Resource: !Sub arn:${AWS::Partition}:s3:::${BucketName}*",
        ("tests/test_template_media.py",),
    ),
    Defect(
        "media function knows the database",
        TEMPLATE,
        "          S3_BUCKET: !Ref BucketName\n          S3_KEY_PREFIX: uploads\n",
        "          S3_BUCKET: !Ref BucketName\n          S3_KEY_PREFIX: uploads\n"
        '          DB_URL: !Sub "{{resolve:secretsmanager:${SecretName}:SecretString:DB_URL}}"\n',
        ("tests/test_template_media.py",),
    ),
    Defect(
        "renditions outlive their upload",
        TEMPLATE,
        "            Action: [s3:GetObject, s3:DeleteObject]\n",
        "            Action: [s3:GetObject]\n",
        ("tests/test_template_media.py",),
    ),
    # ------------------------------------------------ no change is lost
    Defect(
        "a cursor passes what may still commit",
        "gql_api/domain/change_feed.py",
        "LAG_SECONDS = 100\n",
        "LAG_SECONDS = -1\n",
        ("tests/adapters/mongo/test_change_feed.py",),
    ),
    Defect(
        "an event is removed before it is handed over",
        RELAYING,
        "            await self._sink.accept(events)\n"
        "            # If this fails, they are handed over again, with the same ids.\n"
        "            await self._outbox.remove(events)\n",
        "            await self._outbox.remove(events)\n"
        "            await self._sink.accept(events)\n",
        ("tests/services/test_relaying.py",),
    ),
    Defect(
        "removal takes events that came since",
        "gql_api/adapters/mongo/outbox.py",
        '{"$gt": [added, 0]}',
        '{"$gt": [added, 1]}',
        ("tests/adapters/mongo/test_outbox.py",),
    ),
    Defect(
        "a tombstone is purged with its events",
        STORE,
        '{"status": UploadStatus.DELETED.value, "outbox": {"$exists": False}}',
        '{"status": UploadStatus.DELETED.value}',
        ("tests/adapters/mongo/test_outbox.py",),
    ),
    Defect(
        "what was left behind is not relayed",
        MAINTENANCE,
        "        if self._relay is not None:\n",
        "        if self._relay is None:\n",
        ("tests/services/test_relaying.py",),
    ),
    # ------------------------------------------------ webhooks: all, in order, to public addresses
    Defect(
        "a later event overtakes an earlier one",
        DELIVERIES,
        '            {"$sort": {"upload": 1, "version": 1}},',
        '            {"$sort": {"upload": 1, "version": -1}},',
        ("tests/adapters/mongo/test_deliveries.py",),
    ),
    Defect(
        "two processes send the same delivery",
        DELIVERIES,
        '            won = due | {"_id": {"$in": ids}}',
        '            won = {"_id": {"$in": ids}}',
        ("tests/services/test_webhooks.py", "tests/services/test_webhooks_at_once.py"),
    ),
    Defect(
        "a result is recorded after the claim",
        DELIVERIES,
        '            _one(delivery) | _PENDING | {"claim": delivery.claim},',
        "            _one(delivery) | _PENDING,",
        ("tests/adapters/mongo/test_deliveries.py",),
    ),
    Defect(
        "events are inserted in any order",
        DELIVERIES,
        "                await self._deliveries.bulk_write(remaining)",
        "                await self._deliveries.bulk_write(remaining[::-1])",
        ("tests/services/test_webhooks_at_once.py",),
    ),
    Defect(
        "an event that comes twice is sent twice",
        DELIVERIES,
        '            UpdateOne(_one(it), {"$setOnInsert": _document(it)}, upsert=True)',
        '            UpdateOne(_one(it), {"$set": _document(it)}, upsert=True)',
        ("tests/services/test_webhooks.py",),
    ),
    Defect(
        "a frozen process sends late",
        SENDING,
        "        if now > delivery.next_at - _ATTEMPT_TIME:",
        "        if not delivery.next_at:",
        ("tests/services/test_webhooks.py",),
    ),
    Defect(
        "a slow receiver delays the others",
        SENDING,
        "                elif not await run.goes_on(self._wake_ups.wait(_LOOK_EVERY_SECONDS)):",
        "                else:",
        ("tests/services/test_webhooks.py",),
    ),
    Defect(
        "a receiver that is down gets all requests",
        SENDING,
        "                    if not any(await _all(attempts)):",
        "                    if not await _all(attempts):",
        ("tests/services/test_webhooks.py",),
    ),
    Defect(
        "resolved addresses are not checked",
        "gql_api/adapters/webhooks/resolution.py",
        "            check_address(ipaddress.ip_address(text), receiver.exempt)",
        "            ipaddress.ip_address(text)",
        (
            "tests/attacks/test_30_webhook_addresses.py",
            "tests/attacks/test_31_webhook_rebinding.py",
        ),
    ),
    Defect(
        "the name is resolved again for the connection",
        SENDER,
        "                        address,\n",
        "                        receiver.host,\n",
        ("tests/attacks/test_31_webhook_rebinding.py",),
    ),
    Defect(
        "no certificate for the receiver's name",
        SENDER,
        "                        server_hostname=receiver.host if receiver.secure else None,",
        "                        server_hostname='hooks.example.com' if receiver.secure else None,",
        ("tests/attacks/test_31_webhook_rebinding.py",),
    ),
    Defect(
        "an answer is read without end",
        "gql_api/adapters/webhooks/exchange.py",
        "        while received < BODY_MAX_BYTES:",
        "        while received < BODY_MAX_BYTES * 100:",
        ("tests/attacks/test_32_webhook_answers.py",),
    ),
    Defect(
        "an old secret signs on",
        "gql_api/domain/webhooks.py",
        "        return [it.text for it in self.secrets if it.ends_at is None or at < it.ends_at]",
        "        return [it.text for it in self.secrets if at]",
        ("tests/domain/test_webhooks.py", "tests/attacks/test_33_webhook_secrets.py"),
    ),
    Defect(
        "the function for webhooks may read the bucket",
        TEMPLATE,
        "                Resource: !GetAtt WebhookQueue.Arn\n              - Effect: Allow\n",
        "                Resource: !GetAtt WebhookQueue.Arn\n              - Effect: Allow\n"
        "                Action: s3:GetObject\n"
        "                Resource: !Sub arn:${AWS::Partition}:s3:::${BucketName}/uploads/*\n"
        "              - Effect: Allow\n",
        ("tests/test_template.py",),
    ),
    # ------------------------------------------------ the users of issuers, and who acts for them
    Defect(
        "a token's signature is not verified",
        "gql_api/services/external_sign_ins.py",
        "if key is None or not self._signatures.match(token, key, unverified.algorithm):",
        "if key is None:",
        ISSUER_ATTACKS,
    ),
    Defect(
        "any audience is accepted",
        "gql_api/domain/issuer_tokens.py",
        "return audience in claim if isinstance(claim, list) else claim == audience",
        "return claim is not None",
        ISSUER_ATTACKS,
    ),
    Defect(
        "headers of a token may choose a key",
        "gql_api/domain/issuer_tokens.py",
        "and _FORBIDDEN_HEADERS.isdisjoint(header)",
        "and True",
        ISSUER_ATTACKS,
    ),
    Defect(
        "a logout token gives access",
        "gql_api/domain/issuer_tokens.py",
        "and type_.lower() in _TYPES",
        "and True",
        ISSUER_ATTACKS,
    ),
    Defect(
        "users of all issuers with one subject are one user",
        "gql_api/adapters/mongo/users.py",
        "return dict(zip(IDENTITY_KEYS, map(text, identity), strict=True))",
        "return {IDENTITY_KEYS[1]: text(identity.subject)}",
        ("tests/services/test_external_users.py",),
    ),
    Defect(
        "a disabled user of an issuer stays",
        "gql_api/services/external_sign_ins.py",
        "return None if user.disabled else Viewer(",
        "return Viewer(",
        ISSUER_ATTACKS,
    ),
    Defect(
        "each unknown key asks the issuer",
        "gql_api/services/key_sets.py",
        "        is_turn = await self._store.claim(issuer, now, now - ASK_EVERY)",
        "        is_turn = True",
        HOSTILE_ISSUERS,
    ),
    Defect(
        "a key set of any age is used",
        "gql_api/services/key_sets.py",
        "if known.key_set is None or known.key_set.fetched_at <= now - KEEP_FOR:",
        "if known.key_set is None:",
        HOSTILE_ISSUERS,
    ),
    Defect(
        "metadata of another issuer is believed",
        "gql_api/adapters/oidc/discovery.py",
        'if not isinstance(metadata, dict) or metadata.get("issuer") != issuer:',
        "if not isinstance(metadata, dict):",
        HOSTILE_ISSUERS,
    ),
    Defect(
        "an issuer may drip forever",
        "gql_api/adapters/oidc/discovery.py",
        "    end.start()\n",
        "",
        HOSTILE_ISSUERS,
    ),
    Defect(
        "an issuer's keys for encryption verify tokens",
        "gql_api/adapters/oidc/keys.py",
        'if entry.get("use", "sig") != "sig" or not isinstance(operations, list):',
        "if not isinstance(operations, list):",
        HOSTILE_ISSUERS,
    ),
    Defect(
        "a user's token may have Act-As",
        "gql_api/http/acting.py",
        "if len(tokens) != 1 or not tokens[0].startswith(OPERATOR_KEY_PREFIX):",
        "if len(tokens) != 1:",
        ACTING_ATTACKS,
    ),
    Defect(
        "Act-As may come twice",
        "gql_api/http/acting.py",
        "if len(values) > 1 or not is_acting_subject(values[0]):",
        "if not is_acting_subject(values[0]):",
        ACTING_ATTACKS,
    ),
    Defect(
        "a backend may manage its users' accounts",
        "gql_api/services/acting.py",
        "Viewer(user, api_key_id=key.id, scope=ApiKeyScope.ALL)",
        "Viewer(user)",
        ACTING_ATTACKS,
    ),
    Defect(
        "a backend acts without a line in the log",
        "gql_api/services/authentication.py",
        "            entry.succeeded()\n",
        "            pass\n",
        ACTING_ATTACKS,
    ),
    Defect(
        "a key of any issuer reaches all users",
        "gql_api/services/acting.py",
        "Identity(key.issuer, subject)",
        'Identity("act-as", subject)',
        ACTING_ATTACKS,
    ),
)
