"""The reference model, in memory: the expected state of one file after each step.

From the code under test it uses only the names of the states and the part plan.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gql_api.domain.file_requests import FileRequest
from gql_api.domain.parts import PartPlan
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.uploads import UploadStatus as Status

PARTS = dict[int, bytes]
TRASH_TIME = timedelta(days=3)
TRASH_SECONDS = str(TRASH_TIME // timedelta(seconds=1))


def content(size_bytes: int, wrong: bool = False) -> bytes:
    """Return the declared bytes of a file of this size, or wrong ones; size 0 has no wrong ones."""
    return bytes((n // 256 + n + wrong) % 256 for n in range(size_bytes))


@dataclass(frozen=True)
class Thing:
    """An object in the bucket."""

    data: bytes
    content_type: str
    etag: str

    @classmethod
    def put(cls, data: bytes, content_type: str) -> Thing:
        """Return the object that one PUT creates."""
        return cls(data, content_type, f'"{hashlib.md5(data).hexdigest()}"')

    @classmethod
    def assembled(cls, parts: list[bytes], content_type: str) -> Thing:
        """Return the object that CompleteMultipartUpload creates."""
        digests = b"".join(hashlib.md5(part).digest() for part in parts)
        etag = f'"{hashlib.md5(digests).hexdigest()}-{len(parts)}"'
        return cls(b"".join(parts), content_type, etag)


@dataclass
class File:
    """An upload. `status` is None once the upload and its tombstone are deleted.

    `bucket_parts` maps the id of each open multipart upload to the parts received for it.
    `etag` is that of the object when the upload was last settled as STORED. `trashed_at` is None
    unless it is in the trash.
    """

    id: str
    owner_id: str
    key: str
    request: FileRequest
    plan: PartPlan
    expires_at: datetime
    status: Status | None = Status.PENDING
    thing: Thing | None = None
    multipart_id: str | None = None
    bucket_parts: dict[str, PARTS] = field(default_factory=dict)
    etag: str | None = None
    trashed_at: datetime | None = None

    @property
    def visible(self) -> bool:
        """Whether the owner sees it, in the list or in the trash."""
        return self.status not in (None, Status.DELETED)

    @property
    def listed(self) -> bool:
        """Whether it is in the owner's list."""
        return self.visible and self.status is not Status.TRASHED

    @property
    def stored(self) -> bool:
        """Whether the bucket holds the file."""
        return self.status in (Status.STORED, Status.TRASHED)

    @property
    def counts(self) -> bool:
        """Whether it counts towards the quota."""
        return self.status is Status.PENDING or self.stored

    @property
    def received(self) -> PARTS:
        """The parts that the bucket holds for the record's multipart upload."""
        return self.bucket_parts.get(self.multipart_id or "", {})

    def good(self, thing: Thing) -> bool:
        """Return whether the object has the declared size, type and, if any, checksum."""
        size = len(thing.data) == self.request.size_bytes
        same = thing.data == content(self.request.size_bytes)
        right = self.request.checksum is None or same
        return size and right and thing.content_type == self.request.content_type

    def whole(self) -> Thing | None:
        """Return the object that assembling all parts would create, or else the one in the bucket.

        Assembling replaces an object that someone has put there meanwhile.
        """
        if not self.plan.multipart or set(self.received) != set(range(1, self.plan.count + 1)):
            return self.thing
        parts = [self.received[number] for number in sorted(self.received)]
        return Thing.assembled(parts, self.request.content_type)

    def settle(self) -> bool:
        """Apply what settling must do; return whether it assembled parts into an object."""
        thing = self.whole() if self.status is Status.PENDING else self.thing
        assembles = thing is not self.thing
        if self.status is Status.PENDING:
            if thing is None:
                if self.multipart_id not in self.bucket_parts:
                    self.multipart_id = None
                return False
            if self.good(thing):
                self.status = Status.STORED
                if assembles:
                    self.bucket_parts.pop(self.multipart_id or "", None)
                self.thing, self.etag = thing, thing.etag
            else:
                self.close(Status.REJECTED)
            return assembles
        if self.stored:
            if thing is None or not self.good(thing):
                self.close(Status.REJECTED)
            else:
                self.etag = thing.etag
        else:
            self.clear()
        return False

    def close(self, status: Status) -> None:
        """Set a final status; the bytes are deleted from the bucket."""
        self.status, self.etag, self.trashed_at = status, None, None
        self.clear()

    def clear(self) -> None:
        """Empty the bucket, except for multipart uploads that the record never named."""
        self.thing = None
        self.bucket_parts.pop(self.multipart_id or "", None)

    def sweep(self, now: datetime) -> bool:
        """Apply what the sweep must do when a check is due; return the same as `settle`."""
        if self.status is Status.DELETED:
            self.close(Status.DELETED)
            self.status = None
            return False
        assembled = self.settle()
        if self.status is Status.PENDING and now >= self.expires_at:
            self.close(Status.EXPIRED)
        if self.trashed_at is not None and now >= self.trashed_at + TRASH_TIME:
            self.close(Status.DELETED)
        return assembled

    def move(self, status: Status, now: datetime) -> None:
        """Move a stored upload to the trash or out of it; others stay as they are."""
        if self.stored and self.status is not status:
            self.status = status
            self.trashed_at = now if status is Status.TRASHED else None


@dataclass(frozen=True)
class Url:
    """A signed PUT of a part; S3 accepts it before `request.expires_at`."""

    file: File
    number: int
    request: PresignedRequest
    multipart_id: str | None
