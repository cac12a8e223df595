"""MediaClient: the operations of the service, and whole transfers on top of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

from media_client.errors import MediaError, TargetError
from media_client.models import RenditionName, Upload
from media_client.names import local_path
from media_client.service import ServiceClient
from media_client.transfer.downloads import DEFAULT_JOBS, DownloadOutcome, Downloads
from media_client.transfer.engine import Engine
from media_client.transfer.fetcher import originals
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.outcomes import outcomes_of
from media_client.transfer.progress import OnProgress, Progress, Silent, choose
from media_client.transfer.readable import Readable
from media_client.transfer.renditions import Renditions
from media_client.transfer.sink import Writable, download_to
from media_client.transfer.source import Source

_DEFAULT_OPTIONS = Options()


class MediaClient(ServiceClient):
    """A client of the service at `url`, acting for one user. Safe to use from several threads.

    Pass `token` (an API key), or call `login`. A session renews itself; its tokens are kept in
    `store`, by default in memory.
    """

    def upload_file(
        self,
        file: str | os.PathLike[str] | bytes | Readable,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        tags: Sequence[str] = (),
        size: int | None = None,
        upload_id: str | None = None,
        options: Options = _DEFAULT_OPTIONS,
        progress: Progress | None = None,
        on_progress: OnProgress | None = None,
        journal: Journal | None = None,
        stop: threading.Event | None = None,
    ) -> Upload:
        """Upload a file and wait until it is stored.

        `file` is a path, or bytes or a binary file object, which need a `filename`. A file object
        that can't seek needs its `size` in bytes. `upload_id` continues a pending upload of the
        file at a path, for example one that was begun on another machine. `on_progress` is called
        with the bytes sent so far and the size, from any thread.

        If the upload fails or is stopped, it is cancelled, unless `journal` or `upload_id` is
        given. An exception from a callback ends the upload.

        Raises:
            UserError: the service rejected it.
            SourceError: it can't be read, or it changed during the upload.
            BucketError, NetworkError: it could not be sent.
            Stopped: `stop` was set.
            TypeError, ValueError: `file` is a text file, or has no filename or size.
        """
        if isinstance(file, str | os.PathLike):
            source = Source.at(
                file, filename=filename, content_type=content_type, tags=tags, upload_id=upload_id
            )
        else:
            source = _source_of_data(file, filename, content_type, tags, size, upload_id)
        outcomes: list[Outcome] = []
        shown = choose(progress, on_progress)
        stop = stop or threading.Event()
        Engine(self._api, options, shown, outcomes.append, stop, journal).run([source])
        [outcome] = outcomes
        if outcome.upload is None:
            raise outcome.error or MediaError(f"{source.filename} was not uploaded.")
        return outcome.upload

    def upload_all(
        self,
        sources: Iterable[Source],
        *,
        options: Options = _DEFAULT_OPTIONS,
        progress: Progress | None = None,
        on_progress: OnProgress | None = None,
        journal: Journal | None = None,
        stop: threading.Event | None = None,
    ) -> Generator[Outcome, None, None]:
        """Upload many files concurrently, and yield an outcome for each as soon as it is known.

        Nothing is sent before the first outcome is asked for. `sources` is read by another thread.
        Closing the iterator early stops the uploads. Those that are not complete are then
        cancelled, unless they are in the `journal`.

        Raises, from the iterator:
            ApiError, NetworkError, NotSignedIn: no file can be sent.
            Stopped: `stop` was set.
        """
        shown = choose(progress, on_progress)
        return outcomes_of(self._api, options, shown, journal, stop, sources)

    def download_file(
        self,
        upload_id: str,
        path: str | os.PathLike[str],
        *,
        rendition: RenditionName | None = None,
        overwrite: bool = False,
        jobs: int = DEFAULT_JOBS,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Path:
        """Download a stored upload to `path`, or into it if it is a directory. Returns the path.

        In a directory, `names.local_path` turns the upload's name into a path below it. Resumes an
        interrupted download. Verifies the size, and the checksum if the upload has one.

        With `rendition`, downloads that picture instead. In a directory, the name gets the ending
        `.thumbnail.webp` or `.preview.webp`.

        Raises:
            UploadNotFound, UploadClosed: there is nothing to download.
            TargetError: the file exists, can't be written, or does not match the checksum.
            BucketError, NetworkError: it could not be fetched.
            Stopped: `stop` was set.
        """
        renditions = None if rendition is None else Renditions(self._api, rendition)
        downloads = self._downloads(jobs, progress, stop, renditions)
        if not os.fspath(path):
            raise TargetError("The path to download to is empty.")
        upload, path, folder = self._content(upload_id, renditions), Path(path), None
        if path.is_dir():
            path, folder = Path(local_path(upload.filename)), path
        [outcome] = downloads.outcomes([(upload, path)], overwrite, folder)
        if outcome.error is not None:
            raise outcome.error
        return outcome.path

    def download_all(
        self,
        uploads: Iterable[Upload],
        folder: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        jobs: int = DEFAULT_JOBS,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Generator[DownloadOutcome, None, None]:
        """Download stored uploads into a folder, and yield one outcome per upload.

        `names.local_path` turns their names into paths below the folder. Downloads run while the
        iterator is read; closing it early ends them. At most `jobs` requests are sent at once.

        Raises:
            ApiError, NetworkError, NotSignedIn: nothing can be downloaded.
            Stopped: `stop` was set.
        """
        wanted = ((upload, Path(local_path(upload.filename))) for upload in uploads)
        downloads = self._downloads(jobs, progress, stop)
        return downloads.outcomes(wanted, overwrite, Path(folder))

    def download_to(
        self,
        upload_id: str,
        file: Writable,
        *,
        rendition: RenditionName | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """Write the bytes of a stored upload, or of its `rendition`, to a binary file object.

        Raises:
            UploadNotFound, UploadClosed: there is nothing to download.
            TargetError: the bytes, which were written, do not match the checksum.
            BucketError, NetworkError: they could not be fetched.
            Stopped: `stop` was set.
        """
        renditions = None if rendition is None else Renditions(self._api, rendition)
        upload = self._content(upload_id, renditions)
        sign = originals if renditions is None else renditions.sign
        shown, stop = progress or Silent(), stop or threading.Event()
        download_to(self._api, upload, file, shown, stop, sign)

    def _content(self, upload_id: str, renditions: Renditions | None) -> Upload:
        upload = self.get_upload(upload_id)
        return upload if renditions is None else renditions.only(upload)

    def _downloads(
        self,
        jobs: int,
        progress: Progress | None,
        stop: threading.Event | None,
        renditions: Renditions | None = None,
    ) -> Downloads:
        stop = stop or threading.Event()
        sign = originals if renditions is None else renditions.sign
        return Downloads(self._api, jobs, progress or Silent(), lambda _outcome: None, stop, sign)


def _source_of_data(
    data: bytes | Readable,
    filename: str | None,
    content_type: str | None,
    tags: Sequence[str],
    size: int | None,
    upload_id: str | None,
) -> Source:
    if filename is None:
        raise ValueError("Pass filename: bytes and file objects have no name.")
    if upload_id is not None:
        raise ValueError("upload_id needs the path of a file.")
    return Source.of(data, filename=filename, size=size, content_type=content_type, tags=tags)
