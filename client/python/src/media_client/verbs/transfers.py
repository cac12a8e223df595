"""Whole transfers."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from media_client.errors import MediaError
from media_client.models import Upload
from media_client.transfer.download import Download
from media_client.transfer.engine import Engine, Options
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.progress import Progress, Silent
from media_client.transfer.source import Source
from media_client.verbs.library import Library

_DEFAULT = Options()


class Transfers(Library):
    """Files to the bucket and back."""

    def upload_file(
        self,
        path: str | os.PathLike[str],
        *,
        filename: str | None = None,
        content_type: str | None = None,
        tags: Sequence[str] = (),
        options: Options = _DEFAULT,
        progress: Progress | None = None,
        journal: Journal | None = None,
        stop: threading.Event | None = None,
    ) -> Upload:
        """Upload a file and wait until it is stored.

        Raises:
            UserError: the service does not take it.
            SourceError: it can't be read, or changed meanwhile.
            BucketError, NetworkError: it could not be sent.
            Stopped: `stop` was set.
        """
        source = Source.at(path, filename=filename, content_type=content_type, tags=tags)
        [outcome] = self.upload_all(
            [source], options=options, progress=progress, journal=journal, stop=stop
        )
        if outcome.upload is None:
            raise outcome.error or MediaError(f"{path} was not sent.")
        return outcome.upload

    def upload_all(
        self,
        sources: Iterable[Source],
        *,
        options: Options = _DEFAULT,
        progress: Progress | None = None,
        journal: Journal | None = None,
        stop: threading.Event | None = None,
    ) -> Sequence[Outcome]:
        """Upload many files, side by side; how each ended, in the order in which they did.

        Raises:
            ApiError, NetworkError, NotSignedIn: none can be sent.
            Stopped: `stop` was set.
        """
        outcomes: list[Outcome] = []
        engine = Engine(
            self._api,
            options,
            progress or Silent(),
            outcomes.append,
            stop or threading.Event(),
            journal,
        )
        engine.run(sources)
        return outcomes

    def download_file(
        self,
        upload_id: str,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        jobs: int = 8,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Path:
        """Download a stored upload; where it was put: in `path` if that is a directory, else there.

        An interrupted download goes on where it was. The size is verified, and the SHA-256 if the
        upload has one.

        Raises:
            UploadNotFound, UploadClosed: there is nothing to download.
            TargetError: the file is there already, or can't be written or verified.
            BucketError, NetworkError: it could not be fetched.
        """
        upload = self.get_upload(upload_id)
        download = Download(
            self._api, upload, Path(path), jobs, progress or Silent(), stop or threading.Event()
        )
        return download.run(overwrite=overwrite)
