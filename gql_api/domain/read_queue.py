"""The port of the queue of objects that are read back to verify their checksums.

Reading a file of 5 GiB takes a minute or more, so it must not delay storage events or the sweep.
With a separate queue, each file gets its own invocation.
"""

from __future__ import annotations

import json
from typing import Protocol

from gql_api.domain.parts import MIB

# Larger objects are read separately. S3 sends this much in about 0.2 s, so ten delay nothing.
READ_AT_ONCE_MAX_BYTES = 16 * MIB


class ReadQueue(Protocol):
    """Objects to read back. An object may be sent several times; reading it again is harmless."""

    async def send(self, key: str) -> None:
        """Ask for the object with this key to be read back, by this process or another."""
        ...

    async def finish(self) -> None:
        """Wait for the reads that this process does itself."""
        ...

    async def close(self) -> None:
        """Stop reading. The sweep finds what has not been read."""
        ...


def to_message(key: str) -> str:
    """Return the message that asks for an object to be read back."""
    return json.dumps({"readBack": {"key": key}})


def key_of(message: str) -> str:
    """Return the key in a message that `to_message` returned.

    Raises:
        ValueError: the message has another form.
    """
    match json.loads(message):
        case {"readBack": {"key": str(key)}}:
            return key
    raise ValueError("The message does not ask for an object to be read back.")
