"""Downloads of many uploads, one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from media_client.api import Api
from media_client.errors import MediaError, Stopped, TargetError
from media_client.models import Upload
from media_client.transfer.download import Download
from media_client.transfer.progress import Progress
from media_client.transfer.source import shown


@dataclass(frozen=True, slots=True)
class DownloadOutcome:
    """The result for one upload: it is at `path`, unless there is an `error`."""

    upload: Upload
    path: Path
    error: MediaError | None = None


class Downloads:
    """One run of downloads."""

    def __init__(
        self,
        api: Api,
        jobs: int,
        progress: Progress,
        finished: Callable[[DownloadOutcome], None],
        stop: threading.Event,
    ) -> None:
        self._api = api
        self._jobs = jobs
        self._progress = progress
        self._finished = finished
        self._stop = stop

    def run(self, wanted: Iterable[tuple[Upload, Path]], overwrite: bool) -> None:
        """Download the uploads to their paths. Calls `finished` once per upload.

        Raises:
            Stopped: the stop event was set.
        """
        for upload, path in wanted:
            error: MediaError | None = None
            try:
                if path.is_dir():
                    raise TargetError(f"{shown(path)} is a folder.")
                Download(self._api, upload, path, self._jobs, self._progress, self._stop).run(
                    overwrite=overwrite
                )
            except Stopped:
                raise
            except MediaError as problem:
                error = problem
            self._finished(DownloadOutcome(upload, path, error))
