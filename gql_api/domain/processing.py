"""Processing: what is derived from a stored file, and how the media function and the service talk.

The media function gets a `MediaRequest`. It writes the renditions to a folder of the bucket that
belongs to exactly this object, and then the file of facts, whose creation the bucket reports. The
service believes nothing in that file: see `read_facts`.
"""

from __future__ import annotations

import hashlib
import json
import re
from enum import Enum
from typing import Any, NamedTuple

from gql_api.domain import etags, media, media_types
from gql_api.domain.ids import is_id
from gql_api.domain.media import Media, RenditionName


class ProcessingStatus(Enum):
    """Whether facts and renditions of a file are there yet.

    NONE: the file is not stored, or nothing is derived from its type. FAILED: nothing could be
    derived from its bytes.
    """

    NONE = "NONE"
    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class StoredRendition(NamedTuple):
    """A rendition in the bucket."""

    name: RenditionName
    width: int
    height: int
    size_bytes: int


class Processing(NamedTuple):
    """What was derived from a file. `reason` says why processing failed.

    `etag` is that of the object whose facts were recorded last; None if there are none. `media` and
    `renditions` stay while the same object is processed again.
    """

    status: ProcessingStatus = ProcessingStatus.NONE
    reason: str | None = None
    etag: str | None = None
    media: Media | None = None
    renditions: tuple[StoredRendition, ...] = ()

    def again(self) -> Processing:
        """Return this with the status PENDING."""
        return self._replace(status=ProcessingStatus.PENDING, reason=None)

    def failed(self, reason: str) -> Processing:
        """Return this with the status FAILED."""
        return self._replace(status=ProcessingStatus.FAILED, reason=reason)

    def stopped(self) -> Processing:
        """Return this for an object that is not processed after all."""
        return NOT_PROCESSED if self.media is None else self._replace(status=ProcessingStatus.DONE)


NOT_PROCESSED = Processing()
TO_PROCESS = Processing(ProcessingStatus.PENDING)

ATTEMPTS_FAILED = "The file could not be decoded: all attempts failed or took too long."
_KINDS = frozenset({"audio", "image", "video"})
_UNDECODABLE = "The file has none of the formats that can be decoded."


def is_media(content_type: str, size_bytes: int) -> bool:
    """Return whether something may be derived from files of this canonical type and size.

    SVG is not decoded: it is a program for a renderer.
    """
    kind = media_types.essence(content_type)
    if not size_bytes or kind.endswith("+xml"):
        return False
    return kind == "application/pdf" or kind.partition("/")[0] in _KINDS


# ---------------------------------------------------------------- the folder of an object's files

FACTS_NAME = "facts.json"
RENDITION_TYPE = "image/webp"
_PLAIN_ETAG = re.compile(r"[A-Za-z0-9-]{1,64}")


def folder(prefix: str, owner_id: str, upload_id: str, etag: str) -> str:
    """Return the folder of the files derived from an object, without a slash at its end.

    `etag` may have quotes. One that is unsuitable for a key is replaced by its digest.
    """
    plain = etags.plain(etag)
    if not _PLAIN_ETAG.fullmatch(plain):
        plain = hashlib.sha256(plain.encode()).hexdigest()[:32]
    return f"{prefix}/{owner_id}/{upload_id}/{plain}"


def file_name(name: RenditionName) -> str:
    """Return the name of a rendition's file."""
    return f"{name.value.lower()}.webp"


FILE_NAMES = (*map(file_name, RenditionName), FACTS_NAME)


class DerivedFile(NamedTuple):
    """A file in the folder of an object's files: the upload, the folder, and the file's name."""

    owner_id: str
    upload_id: str
    folder: str
    name: str


def derived_file(prefix: str, key: str) -> DerivedFile | None:
    """Return the parts of the key of a derived file; None for keys of another form."""
    if not key.startswith(f"{prefix}/"):
        return None
    parts = key.removeprefix(f"{prefix}/").split("/")
    if len(parts) != 4 or not all(map(is_id, parts[:2])) or parts[3] not in FILE_NAMES:
        return None
    owner_id, upload_id, etag, name = parts
    if not _PLAIN_ETAG.fullmatch(etag):
        return None
    return DerivedFile(owner_id, upload_id, key.rpartition("/")[0], name)


# ---------------------------------------------------------------- messages to the media function


class MediaRequest(NamedTuple):
    """Asks for the facts and renditions of one object."""

    key: str
    etag: str
    upload_id: str


def to_message(request: MediaRequest) -> str:
    """Return the message that asks for an object to be processed."""
    asked = {"key": request.key, "etag": request.etag, "uploadId": request.upload_id}
    return json.dumps({"media": asked})


def request_of(message: str) -> MediaRequest:
    """Return the request in a message that `to_message` returned.

    Raises:
        ValueError: the message has another form.
    """
    match _parsed(message):
        case {"media": {"key": str(key), "etag": str(etag), "uploadId": str(upload_id)}}:
            return MediaRequest(key, etag, upload_id)
    raise ValueError("The message does not ask for an object to be processed.")


# ---------------------------------------------------------------- the file of facts

FACTS_MAX_BYTES = 16 * 1024
_VERSION = 1


class Facts(NamedTuple):
    """What the media function found in one object: facts and renditions, or a refusal."""

    upload_id: str
    etag: str
    media: Media | None
    renditions: tuple[StoredRendition, ...] = ()
    refusal: str | None = None

    def processing(self) -> Processing:
        """Return what to record."""
        status = ProcessingStatus.DONE if self.media else ProcessingStatus.FAILED
        return Processing(status, self.refusal, self.etag, self.media, self.renditions)


def undecodable(upload_id: str, etag: str) -> Facts:
    """Return the facts of an object in an unknown format."""
    return Facts(upload_id, etag, None, refusal=_UNDECODABLE)


def write_facts(facts: Facts) -> bytes:
    """Return the content of the file of facts."""
    content = {
        "version": _VERSION,
        "uploadId": facts.upload_id,
        "etag": facts.etag,
        "media": None if facts.media is None else media.to_json(facts.media),
        "refusal": facts.refusal,
        "renditions": [
            {"name": it.name.value, "width": it.width, "height": it.height, "size": it.size_bytes}
            for it in facts.renditions
        ],
    }
    return json.dumps(content).encode()


def read_facts(content: bytes) -> Facts:
    """Return the facts in a file that `write_facts` wrote. The content may come from anyone.

    Raises:
        ValueError: the content has another form, or a value is out of its range.
    """
    if len(content) > FACTS_MAX_BYTES:
        raise ValueError(f"more than {FACTS_MAX_BYTES} bytes")
    match found := _parsed(content):
        case {
            "version": int(version),
            "uploadId": str(upload_id),
            "etag": str(etag),
            "media": known,
            "refusal": refusal,
            "renditions": list(renditions),
        } if len(found) == 6 and version == _VERSION and version is not True:
            pass
        case _:
            raise ValueError("the file of facts has another form")
    pictures = tuple(map(_rendition, renditions))
    if len({it.name for it in pictures}) < len(pictures):
        raise ValueError("a rendition is listed twice")
    if known is None:
        if pictures:
            raise ValueError("there are renditions, but no facts")
        return Facts(upload_id, etag, None, refusal=_sentence(refusal))
    if refusal is not None:
        raise ValueError("there are facts and a refusal")
    return Facts(upload_id, etag, media.from_json(known), pictures)


def _parsed(text: str | bytes) -> Any:
    """Return the value of JSON that may come from anyone."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _rendition(value: Any) -> StoredRendition:
    match value:
        case {"name": str(name), "width": width, "height": height, "size": size, **more} if (
            not more
        ):
            known = RenditionName(name)
        case _:
            raise ValueError("a rendition has another form")
    limits = ((width, known.max_side), (height, known.max_side), (size, known.max_bytes))
    if not all(type(it) is int and 1 <= it <= most for it, most in limits):
        raise ValueError(f"the rendition {name} exceeds its limits")
    return StoredRendition(known, width, height, size)


def _sentence(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("the refusal is not printable text")
    if not 0 < len(value) <= media.REASON_MAX_LENGTH:
        raise ValueError("the refusal has no reason, or too long a one")
    return value
