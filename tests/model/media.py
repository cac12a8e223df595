"""The media function in the model: it derives in time, late or never, and its events get lost."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, precondition, rule

from gql_api.domain.processing import (
    FACTS_NAME,
    MediaRequest,
    ProcessingStatus,
    derived_file,
    file_name,
)
from gql_api.domain.reprocessing import Selection
from gql_api.domain.uploads import Upload
from gql_api.domain.uploads import UploadStatus as Status
from gql_api.operators import administration
from tests.model.machine import CRASHES, SIZES, Machine
from tests.model.reference import File
from tests.model.stage import CRASHED, USERS, Crashing, Verb
from tests.services.media_world import MediaFunction
from tests.upload_records import an_upload

FAILED = ProcessingStatus.FAILED
INDEX = st.integers(0, 9)
OUTCOMES = st.sampled_from(["done", "late", "event lost", "failed three times"])


class MediaMachine(Machine):
    """The rules about derived files.

    `facts` holds the folders whose event has not been delivered. `late` holds those that were
    written for an object that the record does not have.
    """

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[str] = []
        self.late: set[str] = set()
        self.crashed = False

    @property
    def function(self) -> MediaFunction:
        return self.bench.function

    # -------------------------------------------------------------- the media function

    @precondition(lambda self: self.function.requests)
    @rule(index=INDEX, outcome=OUTCOMES, crash=CRASHES)
    def derive(self, index: int, outcome: str, crash: Crashing) -> None:
        """Process a request; `late`: after its object may have been deleted or replaced."""
        requests = self.function.requests
        request = requests.pop(index % len(requests))
        file = self.files[request.upload_id]
        if outcome == "failed three times":
            self.give_up(request, crash)
        elif outcome == "late" or (file.thing is not None and file.thing.etag == request.etag):
            self.write(file, request, lost=outcome == "event lost")

    def give_up(self, request: MediaRequest, crash: Crashing) -> None:
        self.call(lambda process: process.media.give_up(request, "It failed."), crash)
        self.bench.reached["given up"] += 1

    def write(self, file: File, request: MediaRequest, lost: bool = False) -> None:
        """Write the files that are derived from the object that the request names."""
        self.do(self.function.derive(named(file, request.etag)))
        place = self.folder(file, request.etag)
        if not lost:
            self.facts.append(place)
        if not file.stored or file.etag != request.etag:
            self.late.add(place)
            self.bench.reached["derived late"] += 1

    @precondition(lambda self: self.facts)
    @rule(index=INDEX, again=st.booleans(), crash=CRASHES)
    def deliver_facts(self, index: int, again: bool, crash: Crashing) -> None:
        place = self.facts.pop(index % len(self.facts))
        if self.record(place, crash) is CRASHED or again:
            self.facts.append(place)

    def record(self, place: str, crash: Crashing) -> object:
        """Deliver the event of a file of facts; the folder must be recorded, or go."""
        key = f"{place}/{FACTS_NAME}"
        there = self.do(self.world.container.bucket.head(key)) is not None
        outcome = self.call(
            lambda process: process.storage_events.handle(self.world.event(key)), crash
        )
        if outcome is CRASHED or not there:
            return outcome
        derived = derived_file(self.world.renditions_prefix, key)
        assert derived is not None
        file = self.files[derived.upload_id]
        if file.stored and self.folder(file, str(file.etag)) == place:
            known = self.do(self.world.record(named(file))).processing
            done = (known.status, known.etag) == (ProcessingStatus.DONE, file.etag)
            assert done or self.crashed, "a crash may have left only some of the files"
            self.bench.reached["facts recorded"] += done
        elif file.status is not None and file.status is not Status.PENDING:
            assert self.do(self.world.under(f"{place}/")) == {}
        return outcome

    @rule(
        target=Machine.files_,
        user=st.integers(0, USERS - 1),
        size_bytes=SIZES,
        then=st.sampled_from(["delete", "overwrite", "process again", "give up"]),
    )
    def process_new(self, user: int, size_bytes: int, then: str) -> File | MultipleResults[File]:
        """Store and process a file, and then change it; what was derived comes once more."""
        file = self.send_new(user, size_bytes, False, False, 1)
        if not isinstance(file, File) or not file.stored or not size_bytes:
            return file
        request = MediaRequest(file.key, str(file.etag), file.id)
        if then == "give up":
            self.give_up(request, None)
            assert self.do(self.world.record(named(file))).processing.status is FAILED
            return file
        self.write(file, request)
        self.record(self.facts.pop(), None)
        if then == "process again":
            self.reprocess()
            return file
        self.delete(file, None) if then == "delete" else self.overwrite(file)
        self.write(file, request)
        return file if file.visible else multiple()

    def reprocess(self) -> None:
        """Do what an operator's command does."""
        service = administration(self.world.container, self.world.clock).reprocessing
        marked = self.do(service.process_again(None, Selection.ALL, lambda _: None))
        self.bench.reached["processed again"] += marked

    # -------------------------------------------------------------- what must be

    def call(self, verb: Verb, crash: Crashing) -> Any:
        outcome = super().call(verb, crash)
        self.crashed |= outcome is CRASHED
        return outcome

    def folder(self, file: File, etag: str) -> str:
        return self.function.folder(named(file, etag))

    def assert_derived(self, records: Mapping[str, Upload], keys: set[str]) -> None:
        """Assert that the derived files that a record names are there, or gone with the upload."""
        for upload in records.values():
            known = upload.processing
            if known.etag is None:
                continue
            place = self.function.folder(upload._replace(etag=known.etag))
            names = {FACTS_NAME, *(file_name(it.name) for it in known.renditions)}
            files = {f"{place}/{name}" for name in names}
            if upload.status.stored:
                assert known.etag == upload.etag, upload
                assert files <= keys, (upload, keys)
            elif not self.crashed and place not in self.late:
                assert not files & keys, upload

    def teardown(self) -> None:
        """Let the sweep run alone: afterwards, no derived file lacks its stored object."""
        if sys.exc_info()[0] is not None:
            return
        self.function.requests.clear()
        super().teardown()
        stored = [file for file in self.files.values() if file.stored]
        places = {key.rpartition("/")[0] for key in self.do(self.world.derived())}
        assert places <= {self.folder(file, str(file.etag)) for file in stored}
        sent = {request.upload_id: request for request in self.function.requests}
        for upload in self.do(self.world.records()):
            if upload.processing.status is ProcessingStatus.PENDING and upload.status.stored:
                assert sent[upload.id].etag == upload.etag
        for request in self.function.requests[:1]:
            self.write(self.files[request.upload_id], request)
            self.record(self.facts.pop(), None)


def named(file: File, etag: str = "") -> Upload:
    """Return an upload with the ids of the file and this ETag; nothing else of it is right."""
    return an_upload(file.owner_id)._replace(id=file.id, etag=etag)
