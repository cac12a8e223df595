"""How a file is cut into parts.

The limits are those of S3: at most 10,000 parts of 5 MiB to 5 GiB, the last one as small as it
likes (Amazon S3 User Guide, "Amazon S3 multipart upload limits"). Parts are equal but for the
last, as Cloudflare R2 demands.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB
MAX_PARTS = 10_000
MAX_PART_BYTES = 5 * GIB
MAX_OBJECT_BYTES = MAX_PARTS * MAX_PART_BYTES

_PREFERRED_PARTS = 1_000
_PREFERRED_PART_BYTES = 16 * MIB
_MIN_PART_BYTES = 8 * MIB
_LARGE_PART_BYTES = 512 * MIB


@dataclass(frozen=True, slots=True)
class PartPlan:
    """`size_bytes` cut into parts of `part_bytes` but the last; `multipart`: how S3 takes it."""

    size_bytes: int
    part_bytes: int
    multipart: bool

    @property
    def count(self) -> int:
        """How many parts there are: at least one, even of an empty file."""
        return max(1, -(-self.size_bytes // self.part_bytes)) if self.part_bytes else 1

    def offset(self, number: int) -> int:
        """Where part `number` (1-based) begins, in bytes."""
        return (number - 1) * self.part_bytes

    def size(self, number: int) -> int:
        """How many bytes part `number` (1-based) has."""
        return min(self.part_bytes, self.size_bytes - self.offset(number))


def plan_parts(size_bytes: int, single_part_max_bytes: int) -> PartPlan:
    """The plan for a file of `size_bytes`.

    Up to `single_part_max_bytes` it is one plain PUT. Above that, parts of about 16 MiB, equal to
    the MiB, so that the last is not a sliver that all others wait for; from 1,000 parts on the
    parts grow, up to 512 MiB; from there on the number grows, up to 10,000; then the parts again.
    """
    if size_bytes <= single_part_max_bytes:
        return PartPlan(size_bytes, size_bytes, multipart=False)
    count = min(_PREFERRED_PARTS, -(-size_bytes // _PREFERRED_PART_BYTES))
    part_bytes = max(_MIN_PART_BYTES, _whole_mib(-(-size_bytes // count)))
    if part_bytes > _LARGE_PART_BYTES:
        part_bytes = max(_LARGE_PART_BYTES, _whole_mib(-(-size_bytes // MAX_PARTS)))
    return PartPlan(size_bytes, part_bytes, multipart=True)


def _whole_mib(size_bytes: int) -> int:
    return -(-size_bytes // MIB) * MIB
