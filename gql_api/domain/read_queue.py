"""The port of the queue of objects that are read back to verify their checksums.

Reading a file of 5 GiB takes a minute or more, so it must not delay storage events or the sweep: a
queue of its own gives each file an invocation of its own.
"""

from __future__ import annotations

import json
from typing import Protocol

from gql_api.domain.parts import MIB

# Larger objects are read apart. S3 sends this much in about 0.2 s, so a batch of ten is no delay.
READ_AT_ONCE_MAX_BYTES = 16 * MIB


class ReadQueue(Protocol):
    """Objects to read back. An object may be sent several times; reading it again is harmless."""

    async def send(self, key: str) -> None:
        """Ask for the object with this key to be read back, by this process or another."""
        ...

    async def finish(self) -> None:
        """Wait until this process has read what it reads itself."""
        ...

    async def close(self) -> None:
        """Stop reading. What has not been read is found by the sweep."""
        ...


def to_message(key: str) -> str:
    """Return the message that asks for an object to be read back."""
    return json.dumps({"readBack": {"key": key}})


def key_of(message: str) -> str:
    """Return the key of the object that a message of `to_message` names.

    Raises:
        ValueError: the message has another form.
    """
    match json.loads(message):
        case {"readBack": {"key": str(key)}}:
            return key
    raise ValueError("The message does not ask for an object to be read back.")
