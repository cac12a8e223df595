"""A Hypothesis state machine: clients, storage events, time and crashes, in any order."""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, invariant, multiple, precondition, rule

from gql_api.domain.errors import (
    ClientTokenReused,
    QuotaExceeded,
    UploadClosed,
    UploadIncomplete,
    UploadNotFound,
    UploadRejected,
)
from gql_api.domain.file_requests import FileRequest, Ticket
from gql_api.domain.uploads import Upload
from gql_api.domain.uploads import UploadStatus as Status
from gql_api.services.library import Change
from tests.model.reference import File, Thing, Url, content
from tests.model.stage import CRASHED, QUOTA_BYTES, USERS, Crashing, Stage, Verb, created
from tests.services.dying import Process
from tests.services.world import TYPE, checksum

# Empty, one byte, up to the largest single part (1000), several parts, and sizes that soon reach
# the quota.
SIZES = st.sampled_from([0, 1, 700, 1000, 1001, 2500, 2500, 4000])
TOKENS = st.sampled_from([None, None, "one", "two"])
CRASHES = st.sampled_from(
    [None] * 24 + [(at, after) for at in range(1, 9) for after in (False, True)]
)
SECONDS = st.sampled_from([1, 60, 600, 600, 899, 900, 901, 3_600, 4_500, 5_000, 86_400, 7 * 86_400])
RARELY = st.sampled_from([False] * 4 + [True])
COMPLETED: dict[Status | None, Any] = {
    Status.PENDING: UploadIncomplete,
    Status.STORED: Upload,
    Status.TRASHED: Upload,
    Status.REJECTED: UploadRejected,
    Status.CANCELLED: UploadClosed,
    Status.EXPIRED: UploadClosed,
    Status.DELETED: UploadNotFound,
    None: UploadNotFound,
}


class Machine(Stage):
    """The rules. `crash` names the call at which the process dies, if it makes that many calls."""

    files_ = Bundle("files")
    urls = Bundle("urls")

    # -------------------------------------------------------------- clients

    @rule(
        target=files_,
        user=st.integers(0, USERS - 1),
        size_bytes=SIZES,
        declares=st.booleans(),
        token=TOKENS,
        crash=CRASHES,
    )
    def request(
        self, user: int, size_bytes: int, declares: bool, token: str | None, crash: Crashing
    ) -> File | MultipleResults[File]:
        declared = checksum(content(size_bytes)) if declares else None
        request = FileRequest("a.png", TYPE, size_bytes, declared, client_token=token)
        owner_id = self.world.owner_ids[user]
        earlier = self.ticket(owner_id, request)
        free = QUOTA_BYTES - self.used(owner_id)
        outcome = self.call(lambda process: process.uploads.request(owner_id, request), crash)
        if outcome is CRASHED:
            self.do(self.adopt_new(owner_id, request))
        elif earlier is not None and earlier.request == request:
            assert isinstance(outcome, Ticket), outcome
            assert (outcome.upload.id, outcome.created) == (earlier.id, False)
        elif earlier is not None:
            assert isinstance(outcome, ClientTokenReused), outcome
        elif size_bytes > free:
            assert isinstance(outcome, QuotaExceeded), outcome
            assert outcome.available_bytes == free
        else:
            return self.note(created(outcome), request)
        return multiple()

    @rule(
        target=files_,
        user=st.integers(0, USERS - 1),
        size_bytes=SIZES,
        token=st.sampled_from([None, "twin"]),
    )
    def request_twice(self, user: int, size_bytes: int, token: str | None) -> MultipleResults[File]:
        """Request a file twice in one batch: with a token, both entries get the same upload."""
        owner_id = self.world.owner_ids[user]
        request = FileRequest("a.png", TYPE, size_bytes, client_token=token)
        room = (QUOTA_BYTES - self.used(owner_id)) // size_bytes if size_bytes else 2
        if self.ticket(owner_id, request) is not None or room == 0:
            return multiple()
        first, second = self.do(self.living.uploads.request_many(owner_id, [request, request]))
        files = [self.note(created(first), request)]
        if token is not None:
            assert isinstance(second, Ticket), second
            assert (second.upload.id, second.created) == (files[0].id, False)
        elif room < 2:
            assert isinstance(second, QuotaExceeded), second
        else:
            files.append(self.note(created(second), request))
        self.bench.reached["requested twice"] += 1
        return multiple(*files)

    @rule(target=urls, file=files_, crash=CRASHES)
    def sign(self, file: File, crash: Crashing) -> MultipleResults[Url]:
        return multiple(*self.signed(file, crash))

    @rule(target=urls, file=files_, wrong=RARELY, but_one=RARELY)
    def send(self, file: File, wrong: bool, but_one: bool) -> MultipleResults[Url]:
        """Send all parts, or all but one; the last one may have wrong bytes."""
        urls = self.signed(file, None)
        for url in urls[but_one:]:
            self.put(url, wrong and url is urls[-1])
        return multiple(*urls)

    @rule(
        target=files_,
        user=st.integers(0, USERS - 1),
        size_bytes=SIZES,
        declares=st.booleans(),
        wrong=RARELY,
        goes_on=st.integers(0, 4),
    )
    def send_new(
        self, user: int, size_bytes: int, declares: bool, wrong: bool, goes_on: int
    ) -> File | MultipleResults[File]:
        """Request and send; then complete, move to the trash, overwrite, or do nothing more."""
        file = self.request(user, size_bytes, declares, None, None)
        if isinstance(file, File):
            self.send(file, wrong, False)
            if goes_on in (1, 4):
                self.complete(file, None)
            if goes_on == 4 and file.status is not None:
                self.assert_legal(file.id, file.status)
                self.trash(file, False, None)
            elif goes_on > 1:
                self.overwrite(file)
        return file

    @rule(url=urls, wrong=st.booleans())
    def put(self, url: Url, wrong: bool) -> None:
        """Send to a new or an old URL; the tests' S3 server lets it overwrite an object."""
        if self.world.clock() >= url.request.expires_at:
            return
        file = url.file
        start = file.plan.offset(url.number)
        data = content(file.request.size_bytes, wrong)[start : start + file.plan.size(url.number)]
        response = self.do(self.world.put(url.request, data))
        if url.multipart_id is None:
            assert response.status_code == 200
            file.thing = Thing.put(data, TYPE)
            self.events.append(file)
        elif url.multipart_id in file.bucket_parts:
            assert response.status_code == 200
            file.bucket_parts[url.multipart_id][url.number] = data
        else:
            assert response.status_code == 404

    @rule(file=files_)
    def overwrite(self, file: File) -> None:
        """Send wrong bytes to the last signed URL right after completing."""
        if file.id in self.last_url:
            self.complete(file, None)
            before = file.thing
            self.put(self.last_url[file.id], wrong=True)
            self.bench.reached["overwritten"] += file.thing != before

    @rule(url=urls)
    def put_too_much(self, url: Url) -> None:
        data = content(url.file.plan.size(url.number) + 1)
        assert self.do(self.world.put(url.request, data)).status_code == 403

    @rule(file=files_, crash=CRASHES)
    def complete(self, file: File, crash: Crashing) -> None:
        outcome = self.on(
            file,
            lambda process: process.uploads.complete(file.owner_id, file.id),
            crash,
            lambda: file.settle() if file.status is Status.PENDING else None,
        )
        assert outcome is CRASHED or isinstance(outcome, COMPLETED[file.status]), outcome

    @rule(files=st.lists(files_, min_size=1, max_size=3), user=st.integers(0, USERS - 1))
    def complete_repeatedly(self, files: list[File], user: int) -> None:
        """Complete a batch that names each upload twice; those of other users do not exist."""
        owner_id = self.world.owner_ids[user]
        twice = [*files, *reversed(files)]
        outcomes = self.do(self.living.uploads.complete_many(owner_id, [file.id for file in twice]))
        for file in {file.id: file for file in files if file.owner_id == owner_id}.values():
            if file.status is Status.PENDING and file.settle():
                self.assembled(file)
        for file, outcome in zip(twice, outcomes, strict=True):
            status = file.status if file.owner_id == owner_id else None
            assert isinstance(outcome, COMPLETED[status]), (outcome, file)
        self.bench.reached["completed twice"] += 1

    @rule(file=files_, crash=CRASHES)
    def cancel(self, file: File, crash: Crashing) -> None:
        outcome = self.on(
            file,
            lambda process: process.uploads.cancel(file.owner_id, file.id),
            crash,
            lambda: file.close(Status.CANCELLED) if file.status is Status.PENDING else None,
        )
        if outcome is not CRASHED:
            expected = Upload if file.status is Status.CANCELLED else UploadClosed
            assert isinstance(outcome, expected if file.visible else UploadNotFound), outcome

    @rule(file=files_, crash=CRASHES)
    def delete(self, file: File, crash: Crashing) -> None:
        visible = file.visible
        outcome = self.on(
            file,
            lambda process: process.library.delete(file.owner_id, file.id),
            crash,
            lambda: file.close(Status.DELETED) if visible else None,
        )
        if outcome is not CRASHED:
            assert outcome is None if visible else isinstance(outcome, UploadNotFound), outcome

    @rule(file=files_, back=st.booleans(), crash=CRASHES)
    def trash(self, file: File, back: bool, crash: Crashing) -> None:
        """Move an upload to the trash, or out of it."""
        now, to = self.world.clock(), Status.STORED if back else Status.TRASHED

        async def move(process: Process) -> object:
            verb = process.trash.restore_many if back else process.trash.trash_many
            [outcome] = await verb(file.owner_id, [file.id])
            return outcome

        outcome = self.on(file, move, crash, lambda: file.move(to, now))
        if outcome is not CRASHED and file.visible:
            expected = Upload if back or file.stored else UploadClosed
            assert isinstance(outcome, expected), outcome
        elif outcome is not CRASHED:
            assert isinstance(outcome, UploadNotFound), outcome

    @rule(file=files_, name=st.sampled_from(["b.png", "写真.png"]), crash=CRASHES)
    def rename(self, file: File, name: str, crash: Crashing) -> None:
        outcome = self.call(
            lambda process: process.library.update(file.owner_id, Change(file.id, name, ["t"])),
            crash,
        )
        if outcome is not CRASHED:
            assert isinstance(outcome, Upload if file.visible else UploadNotFound), outcome

    @rule(file=files_)
    def look(self, file: File) -> None:
        """Look up an upload: the owner sees the received parts, and can download it once STORED."""
        library, uploads = self.living.library, self.living.uploads
        upload = self.do(library.find(file.owner_id, file.id))
        assert (upload is not None) == file.visible
        if upload is not None and file.status is Status.PENDING:
            received = self.do(uploads.received(upload))
            assert [part.number for part in received] == sorted(file.received)
        if upload is not None:
            request = library.download(upload, attachment=True, expires_in_seconds=None)
            assert (request is not None) == file.stored

    @rule(file=files_, user=st.integers(1, USERS - 1))
    def trespass(self, file: File, user: int) -> None:
        """To another user, the upload is indistinguishable from one that does not exist."""
        uploads, library = self.living.uploads, self.living.library
        owner = self.world.owner_ids.index(file.owner_id)
        stranger = self.world.owner_ids[(owner + user) % USERS]
        assert self.do(library.find(stranger, file.id)) is None
        verbs: list[Verb] = [
            lambda _: uploads.complete(stranger, file.id),
            lambda _: uploads.cancel(stranger, file.id),
            lambda _: library.delete(stranger, file.id),
            lambda _: self.living.trash.trash_many(stranger, [file.id]),
            lambda _: self.living.trash.restore_many(stranger, [file.id]),
            lambda _: library.update(stranger, Change(file.id, "mine")),
        ]
        for verb in verbs:
            outcome = self.call(verb, None)
            [outcome] = outcome if isinstance(outcome, list) else [outcome]
            assert isinstance(outcome, UploadNotFound), outcome

    # -------------------------------------------------------------- events, loss and time

    @precondition(lambda self: self.events)
    @rule(index=st.integers(0, 9), again=st.booleans(), crash=CRASHES)
    def deliver(self, index: int, again: bool, crash: Crashing) -> None:
        """Deliver an event out of order, and later once more if `again` or not acknowledged."""
        file = self.events.pop(index % len(self.events))
        event = self.world.event(file.key)
        outcome = self.on(
            file, lambda process: process.storage_events.handle(event), crash, file.settle
        )
        assert outcome in (1, CRASHED), outcome
        if again or outcome is CRASHED:
            self.events.append(file)

    @precondition(lambda self: self.events)
    @rule(index=st.integers(0, 9))
    def drop(self, index: int) -> None:
        del self.events[index % len(self.events)]

    @rule(file=files_, wrong=st.booleans(), more=RARELY, other_type=RARELY)
    def put_behind(self, file: File, wrong: bool, more: bool, other_type: bool) -> None:
        """Put an object with AWS credentials, bypassing the API, before the upload is STORED."""
        if not file.stored:
            data = content(file.request.size_bytes + more, wrong)
            content_type = "text/html" if other_type else TYPE
            self.do(self.world.put_behind(file.key, data, content_type))
            file.thing = Thing.put(data, content_type)
            self.events.append(file)

    @rule(file=files_)
    def lose_parts(self, file: File) -> None:
        """Abort the multipart upload, as the bucket's lifecycle rule does with old ones."""
        if file.multipart_id in file.bucket_parts and file.multipart_id is not None:
            bucket = self.world.container.bucket
            self.do(bucket.abort_multipart(file.key, file.multipart_id))
            del file.bucket_parts[file.multipart_id]

    @rule(seconds=SECONDS)
    def advance(self, seconds: int) -> None:
        self.world.clock.advance(seconds=seconds)

    @rule(crash=CRASHES)
    def sweep(self, crash: Crashing) -> None:
        self.swept(crash)

    # -------------------------------------------------------------- invariants

    @invariant()
    def as_modelled(self) -> None:
        self.bench.steps += 1
        self.do(self.assert_as_modelled())

    def teardown(self) -> None:
        """Sweep twice without any client: every upload must reach a final, consistent state."""
        if sys.exc_info()[0] is not None:
            return  # The example failed, or Hypothesis gave it up.
        for _ in range(2):
            policy = self.world.container.settings.uploads
            self.world.clock.advance(seconds=policy.pending_ttl_seconds + policy.url_ttl_seconds)
            self.swept(None)
        self.do(self.assert_as_modelled())
        self.do(self.world.assert_consistent())
        assert self.do(self.world.with_events()) == []
        arrived, first = self.versions.count()
        self.bench.reached["events"] += first
        self.bench.reached["events repeated"] += arrived - first
        ends = {Status.STORED, Status.REJECTED, Status.CANCELLED, Status.EXPIRED, None}
        for file in self.files.values():
            assert file.status in ends
            if file.thing is not None:
                assert file.good(file.thing)
                assert file.thing == self.do(self.thing(file.key))
