"""Derivation: the work of the media function, which knows neither the database nor a signing key.

It may be done twice, at once or one after the other: the same object gives the same files, and the
file of facts, which makes the service look at the others, is written last.
"""

from __future__ import annotations

from gql_api.domain.media import Derived, Refusal
from gql_api.domain.media_objects import Decode, MediaObjects, ObjectGone
from gql_api.domain.processing import (
    FACTS_NAME,
    RENDITION_TYPE,
    Facts,
    MediaRequest,
    StoredRendition,
    file_name,
    folder,
    undecodable,
    write_facts,
)
from gql_api.domain.uploads import requested_upload


class Derivation:
    """Derives facts and renditions from objects, and writes them into the bucket."""

    def __init__(
        self, *, objects: MediaObjects, decode: Decode, key_prefix: str, renditions_prefix: str
    ) -> None:
        self._objects = objects
        self._decode = decode
        self._key_prefix = key_prefix
        self._renditions_prefix = renditions_prefix

    def derive(self, request: MediaRequest) -> None:
        """Write the files that belong to the object. Blocks while the file is read and decoded.

        Does nothing if the object is gone or has been replaced: its successor has a request of its
        own. After any other error, the same request may be repeated.

        Raises:
            ValueError: the request does not name an upload.
        """
        name = requested_upload(self._key_prefix, request)
        if name is None:
            raise ValueError("The request does not name an upload.")
        place = folder(self._renditions_prefix, *name, request.etag)
        try:
            found = self._objects.open(request.key, request.etag)
            derived = self._decode(found.fetch, found.size_bytes)
        except ObjectGone:
            return
        facts = self._write_renditions(place, request, derived)
        self._objects.put(f"{place}/{FACTS_NAME}", write_facts(facts), "application/json")

    def _write_renditions(
        self, place: str, request: MediaRequest, derived: Derived | Refusal | None
    ) -> Facts:
        """Write the pictures, and return the facts, which name them."""
        if derived is None:
            return undecodable(request.upload_id, request.etag)
        if isinstance(derived, Refusal):
            return Facts(request.upload_id, request.etag, None, refusal=derived.reason)
        stored = []
        for name, width, height, data in derived.renditions:
            self._objects.put(f"{place}/{file_name(name)}", data, RENDITION_TYPE)
            stored.append(StoredRendition(name, width, height, len(data)))
        return Facts(request.upload_id, request.etag, derived.media, tuple(stored))
