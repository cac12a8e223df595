"""The messages between the decoding process and its parent, on two pipes.

Each message has one byte for its kind, four for the length of the body, and the body.

The process sends READY. The parent sends DATA: the first block of the file. The process sends READ
as often as it needs, and gets DATA for each. It ends with REFUSAL, or with ANSWER and one RENDITION
per picture.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

from gql_api.domain import media
from gql_api.domain.media import Derived, Media, RenditionName

READY, DATA, READ, ANSWER, RENDITION, REFUSAL = b"S", b"D", b"R", b"A", b"P", b"F"
HEADER = struct.Struct(">cI")
RANGE = struct.Struct(">QI")

# The most that the parent accepts of each kind while it waits for the end.
MAX_BYTES = {READ: RANGE.size, ANSWER: 16 * 1024, REFUSAL: 4 * media.REASON_MAX_LENGTH}


def send(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Write one message."""
    stream.write(HEADER.pack(kind, len(body)))
    stream.write(body)
    stream.flush()


def receive_data(stream: BinaryIO) -> bytes:
    """Return the body of the next message, which is DATA.

    Raises:
        EOFError: the parent has gone.
    """
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        raise EOFError("no message came")
    _, length = HEADER.unpack(header)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError("the message is incomplete")
    return bytes(body)


def send_derived(stream: BinaryIO, derived: Derived) -> None:
    """Write the messages that end a file that was decoded."""
    pictures = [[rendition.name.value, *rendition[1:3]] for rendition in derived.renditions]
    answer = {"media": media.to_json(derived.media), "renditions": pictures}
    send(stream, ANSWER, json.dumps(answer, allow_nan=False).encode())
    for rendition in derived.renditions:
        send(stream, RENDITION, rendition.data)


def parse_answer(body: bytes) -> tuple[Media, list[tuple[RenditionName, int, int]]]:
    """Return the facts, and the name, width and height of each picture that follows.

    Raises:
        ValueError: the answer does not have the form that `send_derived` gives it.
    """
    try:
        answer: Any = json.loads(body)
        facts = media.from_json(answer["media"])
        pictures = [_picture(*entry) for entry in answer["renditions"]]
    # How deeply JSON may be nested depends on the version of Python.
    except (json.JSONDecodeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"not an answer: {type(error).__name__}") from None
    names = [name for name, _, _ in pictures]
    if len(set(names)) < len(names):
        raise ValueError("two pictures have the same name")
    return facts, pictures


def _picture(name: object, width: object, height: object) -> tuple[RenditionName, int, int]:
    found = RenditionName(name)
    return found, _side(width, found.max_side), _side(height, found.max_side)


def _side(value: object, maximum: int) -> int:
    if type(value) is not int or not 1 <= value <= maximum:
        raise ValueError(f"not a side of a picture: {value!r:.20}")
    return value
