"""What a run downloads: which files it accepts, and their signed requests."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from media_client import operations
from media_client.api import Api
from media_client.errors import MediaError, ResponseTooLarge, TargetError, UploadClosed
from media_client.models import Upload, UploadStatus
from media_client.transfer.download import Download, exists
from media_client.transfer.fetcher import Sign, Signed, deleted
from media_client.transfer.source import shown

T = TypeVar("T")
Wanted = Iterable[tuple[Upload, Path]]


class Targets:
    """The files of one run. `refuse` is called for each that can't be downloaded."""

    def __init__(
        self,
        api: Api,
        wanted: Wanted,
        refuse: Callable[[Download, MediaError], None],
        overwrite: bool,
        folder: Path | None,
        sign: Sign,
    ) -> None:
        self._api = api
        self._sign = sign
        self._wanted = iter(wanted)
        self._refuse = refuse
        self._overwrite = overwrite
        self._folder = folder
        self._taken: dict[str, str] = {}
        self._parents: dict[str, str] = {}

    def next_batch(self) -> Sequence[tuple[Download, Signed]] | None:
        """Return the next files, with signed requests; None if there are no more."""
        batch = list(islice(self._wanted, operations.UPLOADS_AT_ONCE))
        if not batch:
            return None
        downloads = [Download(upload, path, self._folder) for upload, path in batch]
        accepted = [download for download in downloads if self._accepts(download)]
        # An empty file has no byte to request.
        signed_requests = divided(
            lambda uploads: self._sign(self._api, uploads),
            [file.upload for file in accepted if file.upload.size],
        )
        ready = []
        for download in accepted:
            upload = download.upload
            request = signed_requests.get(upload.id)
            if upload.size and request is None:
                self._refuse(download, deleted(upload))
            else:
                ready.append((download, Signed(self._api, upload, request, self._sign)))
        return ready

    def _accepts(self, download: Download) -> bool:
        """Refuse a file before anything is requested for it, if possible."""
        try:
            check_stored(download.upload)
            self._check_path(download.path, download.upload.id)
        except MediaError as error:
            self._refuse(download, error)
            return False
        return True

    def _check_path(self, path: Path, upload_id: str) -> None:
        key = _key(path)
        if key in self._taken:
            raise TargetError(
                f"Upload {upload_id} was not downloaded: {shown(path)} is already the file of "
                f"upload {self._taken[key]}. Download it by itself, with -o and another name."
            )
        parents = [_key(parent) for parent in path.parents]
        other = self._parents.get(key) or next(filter(None, map(self._taken.get, parents)), None)
        if other is not None:
            raise TargetError(
                f"Upload {upload_id} was not downloaded: {shown(path)} and the path of upload "
                f"{other} of this run need a file and a folder of one name. Rename one of them."
            )
        if os.path.lexists(path):
            if not self._overwrite:
                raise exists(path)
            if os.path.exists(path) and not os.path.isfile(path):
                raise TargetError(f"{shown(path)} is not replaced: it is not a regular file.")
        self._taken[key] = upload_id
        self._parents.update(dict.fromkeys(parents, upload_id))


def divided(
    ask: Callable[[Sequence[Upload]], Mapping[str, T]], uploads: Sequence[Upload]
) -> dict[str, T]:
    """Ask for something of all uploads; again for each half if the response would be too large."""
    if not uploads:
        return {}
    try:
        return dict(ask(uploads))
    except ResponseTooLarge:
        if len(uploads) == 1:
            raise
        middle = len(uploads) // 2
        return {**divided(ask, uploads[:middle]), **divided(ask, uploads[middle:])}


def check_stored(upload: Upload) -> None:
    """Raise UploadClosed unless the upload is stored."""
    if upload.status is UploadStatus.STORED:
        return
    message = f"Upload {upload.id} is {upload.status}; only STORED uploads can be downloaded."
    error = UploadClosed(UploadClosed.CODE, message)
    error.status = str(upload.status)
    raise error


def _key(path: Path) -> str:
    """Return what two paths have in common if they are the same file."""
    text = os.path.abspath(path)
    if sys.platform in ("darwin", "win32"):  # Their file systems usually ignore case.
        return unicodedata.normalize("NFC", text).casefold()
    return text
