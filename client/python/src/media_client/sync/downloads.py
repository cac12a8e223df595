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

    def run(self, wanted: Iterable[tuple[Upload, Path]], overwrite: bool, folder: Path) -> None:
        """Download the uploads to paths in the folder. Calls `finished` once per upload.

        Raises:
            Stopped: the stop event was set.
        """
        for upload, relative in wanted:
            path = folder / relative
            error: MediaError | None = None
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                Download(self._api, upload, path, self._jobs, self._progress, self._stop).run(
                    overwrite=overwrite
                )
            except Stopped:
                raise
            except MediaError as problem:
                error = problem
            except OSError as problem:
                error = TargetError(f"{shown(path)} can't be written: {problem.strerror}.")
            self._finished(DownloadOutcome(upload, path, error))
