"""The uploads that a command line names: by id, by exact name, or by a pattern.

In a pattern, `*` stands for any characters, `/` included, `?` for one, and `[a-c]` for one of
these, as in `aws s3 --include`. A name with brackets, such as `scan [1].pdf`, is tried as it is
first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from media_client import MediaClient, operations
from media_client.errors import MediaError, UploadNotFound
from media_client.models import Upload, UploadStatus
from media_client.operations import UploadFilter
from media_client.transfer.source import as_text, shown

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHOWN_MAX = 10
_SEARCH_MAX = 255  # The service rejects longer texts; no name has more characters.

Failed = Callable[[str, MediaError], None]


class AmbiguousName(MediaError):
    """Several uploads have the name, or match the pattern, where one is needed."""


class Matches:
    """Looks up uploads by the words of a command line.

    Names and patterns only match stored uploads: those in the trash if `trashed`, those outside if
    not, both if it is None. Ids match uploads in any state.
    """

    def __init__(self, client: MediaClient, trashed: bool | None = False) -> None:
        self._client = client
        self._places = (False, True) if trashed is None else (trashed,)

    def uploads(self, words: Sequence[str], failed: Failed) -> Iterator[Upload]:
        """Yield each upload once. Calls `failed` with each word that matches none."""
        seen: set[str] = set()
        by_id = self._by_id(word for word in words if is_id(word))
        for word in words:
            try:
                for upload in self._of(word, by_id):
                    if upload.id not in seen:
                        seen.add(upload.id)
                        yield upload
            except (UploadNotFound, AmbiguousName) as error:
                failed(word, error)

    def ids(self, words: Sequence[str], failed: Failed) -> Iterator[str]:
        """Do what `uploads` does, but yield ids, without a request for words that are ids."""
        seen: set[str] = set()
        for word in words:
            found = (upload.id for upload in self.uploads([word], failed))
            for upload_id in [word.lower()] if is_id(word) else found:
                if upload_id not in seen:
                    seen.add(upload_id)
                    yield upload_id

    def one(self, word: str) -> Upload:
        """Return the only match.

        Raises:
            UploadNotFound: there is none.
            AmbiguousName: there are several.
        """
        found = list(islice(self._of(word, self._by_id([word] if is_id(word) else [])), 100))
        if len(found) > 1:
            raise _ambiguous(f"{len(found)} uploads match {shown(word)}", found)
        return found[0]

    def _of(self, word: str, by_id: Mapping[str, Upload]) -> Iterator[Upload]:
        """Yield the matches of one word; raises what `one` raises, except for patterns."""
        if is_id(word):
            if word.lower() not in by_id:
                raise UploadNotFound(UploadNotFound.CODE, f"There is no upload {word}.")
            yield by_id[word.lower()]
            return
        name = unicodedata.normalize("NFC", as_text(word))  # As the service stores names.
        exact: list[Upload] = []
        if name.strip() and ("[" in name or not is_pattern(name)):
            exact = [upload for upload in self._search(name) if upload.filename == name]
        if len(exact) > 1:
            raise _ambiguous(f"{len(exact)} uploads are named {shown(name)}", exact)
        if exact or is_pattern(name):
            yield from exact or self._of_pattern(name)
            return
        shown_name = shown(name) or "''"
        raise UploadNotFound(UploadNotFound.CODE, f"There is no upload named {shown_name}.")

    def _of_pattern(self, pattern: str) -> Iterator[Upload]:
        matched = False
        for upload in self._search(literal_part(pattern)):
            if fnmatchcase(upload.filename, pattern):
                matched = True
                yield upload
        if not matched:
            raise UploadNotFound(UploadNotFound.CODE, f"No upload matches {shown(pattern)}.")

    def _search(self, text: str) -> Iterator[Upload]:
        for trashed in self._places:
            yield from self._client.uploads(
                UploadFilter(
                    status=[UploadStatus.STORED],
                    search=text[:_SEARCH_MAX] if text.strip() else None,
                    trashed=trashed,
                )
            )

    def _by_id(self, ids: Iterable[str]) -> dict[str, Upload]:
        found: dict[str, Upload] = {}
        left = list(dict.fromkeys(upload_id.lower() for upload_id in ids))
        while batch := left[: operations.UPLOADS_AT_ONCE]:
            found.update(self._client.api.run(operations.find_uploads(batch)))
            left = left[len(batch) :]
        return found


def is_id(word: str) -> bool:
    """Return whether a word is an upload's id."""
    return _ID.fullmatch(word) is not None


def is_pattern(word: str) -> bool:
    """Return whether a word may match several uploads."""
    return re.search(r"[*?[]", word) is not None


def literal_part(pattern: str) -> str:
    """Return the longest text that each match of a pattern contains, for the service to search."""
    before, bracket, after = pattern.partition("[")
    _, closing, behind = after.rpartition("]")
    texts = [before, behind] if bracket and closing else [before]
    return max((part for text in texts for part in re.split(r"[*?]", text)), key=len)


def _ambiguous(what: str, uploads: Sequence[Upload]) -> AmbiguousName:
    ids = ", ".join(upload.id for upload in uploads[:_SHOWN_MAX])
    more = "" if len(uploads) <= _SHOWN_MAX else ", …"
    return AmbiguousName(f"{what}: {ids}{more}. Pass the id of one.")
