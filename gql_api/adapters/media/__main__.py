"""The decoding process, with the arguments PARENT FORMAT SIZE_BYTES MEMORY_BYTES CPU_SECONDS.

It holds no secret, and asks its parent for the parts of the file that it needs. It prints errors
only until it is ready: later ones could contain bytes of the file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from gql_api.adapters.media import decoders, messages
from gql_api.adapters.media.confinement import Limits, confine, end_with_parent
from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.formats import FORMATS, KEPT_BLOCKS
from gql_api.adapters.media.ranges import RangeFile, Ranges


def main(arguments: Sequence[str]) -> None:
    parent, name, size_bytes, memory_bytes, cpu_seconds = arguments
    end_with_parent(int(parent))
    format = FORMATS[name]
    source, answers = _pipes()
    decoder = decoders.load(format)
    _silence(2)
    confine(Limits(memory_bytes=int(memory_bytes), cpu_seconds=int(cpu_seconds)))
    messages.send(answers, messages.READY, b"")

    def fetch(offset: int, length: int) -> bytes:
        messages.send(answers, messages.READ, messages.RANGE.pack(offset, length))
        return messages.receive_data(source)

    ranges = Ranges(int(size_bytes), fetch, format.kind.budget)
    start = messages.receive_data(source)
    ranges.take(len(start))
    file = RangeFile(ranges, start, ahead=format.kind.ahead, kept_blocks=KEPT_BLOCKS)
    try:
        derived = decoders.derive(decoder, file, format)
    except Undecodable as error:
        messages.send(answers, messages.REFUSAL, str(error).encode())
    else:
        messages.send_derived(answers, derived)
    # The libraries' own clean-up would take time, and could crash.
    os._exit(0)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes from and to the parent, which no library can print to."""
    source, answers = os.dup(0), os.dup(1)
    _silence(0, 1)
    return os.fdopen(source, "rb"), os.fdopen(answers, "wb")


def _silence(*descriptors: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


if __name__ == "__main__":
    main(sys.argv[1:])
