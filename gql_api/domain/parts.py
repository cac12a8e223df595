"""How a file is split into parts.

The limits are those of S3: at most 10,000 parts of 5 MiB to 5 GiB, with no minimum for the last
(Amazon S3 User Guide, "Amazon S3 multipart upload limits"). All parts but the last have the same
size, as Cloudflare R2 requires.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB
MAX_PARTS = 10_000
MAX_PART_BYTES = 5 * GIB
MAX_OBJECT_BYTES = MAX_PARTS * MAX_PART_BYTES

_PREFERRED_PARTS = 1_000
# S3 charges for each part, so parts grow with the file (docs/cost.md). But a part that fails is
# sent again, and browsers hash parts in memory. So parts over 16 MiB are at most a 32nd of the
# file, and at most 32 MiB until there are 1,000 of them.
_SMALL_PART_BYTES = 16 * MIB
_SMALL_PARTS = 32
_PREFERRED_PART_BYTES = 32 * MIB
_MIN_PART_BYTES = 8 * MIB
_LARGE_PART_BYTES = 512 * MIB


@dataclass(frozen=True, slots=True)
class PartPlan:
    """`size_bytes` split into parts of `part_bytes`; `multipart`: by an S3 multipart upload."""

    size_bytes: int
    part_bytes: int
    multipart: bool

    @property
    def count(self) -> int:
        """The number of parts: at least one, even for an empty file."""
        return max(1, -(-self.size_bytes // self.part_bytes)) if self.part_bytes else 1

    def offset(self, number: int) -> int:
        """Return the offset of part `number` (1-based) in bytes."""
        return (number - 1) * self.part_bytes

    def size(self, number: int) -> int:
        """Return the size of part `number` (1-based) in bytes."""
        return min(self.part_bytes, self.size_bytes - self.offset(number))


def plan_parts(size_bytes: int, single_part_max_bytes: int) -> PartPlan:
    """Return the plan for a file of `size_bytes`.

    A file of up to `single_part_max_bytes` is sent by one plain PUT. If that is 0, every file is a
    multipart upload, even an empty one, which has one empty part.

    Larger files have up to 32 parts of about 16 MiB, then 32 larger parts, and from 1 GiB on, parts
    of about 32 MiB. Parts are sized evenly in whole MiB so that the last is not tiny. From 1,000
    parts on, the part size grows, up to 512 MiB; then the number of parts, up to 10,000; then the
    size again.
    """
    if size_bytes <= single_part_max_bytes and single_part_max_bytes:
        return PartPlan(size_bytes, size_bytes, multipart=False)
    small_parts = min(_SMALL_PARTS, -(-size_bytes // _SMALL_PART_BYTES))
    large_parts = min(_PREFERRED_PARTS, -(-size_bytes // _PREFERRED_PART_BYTES))
    count = max(1, small_parts, large_parts)
    part_bytes = max(_MIN_PART_BYTES, _whole_mib(-(-size_bytes // count)))
    if part_bytes > _LARGE_PART_BYTES:
        part_bytes = max(_LARGE_PART_BYTES, _whole_mib(-(-size_bytes // MAX_PARTS)))
    return PartPlan(size_bytes, part_bytes, multipart=True)


def _whole_mib(size_bytes: int) -> int:
    return -(-size_bytes // MIB) * MIB
