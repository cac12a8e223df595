"""Downloads of renditions: the same machinery, with the URL, the size and the name of a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from media_client import operations
from media_client.api import Api
from media_client.errors import UploadNotFound
from media_client.models import (
    ProcessingStatus,
    Rendition,
    RenditionName,
    SignedRequest,
    Upload,
    UploadStatus,
)
from media_client.transfer.downloads import DownloadOutcome
from media_client.transfer.targets import divided


class Renditions:
    """The renditions of one name, in the place of the uploads of one run."""

    def __init__(self, api: Api, name: RenditionName) -> None:
        self._api = api
        self._name = RenditionName(name)
        self._originals: dict[str, Upload] = {}

    def of(
        self, uploads: Iterable[Upload], missing: Callable[[Upload, UploadNotFound], None]
    ) -> Iterator[Upload]:
        """Yield each upload as if the rendition were its content.

        Calls `missing` for each that has no such rendition.
        """
        left = iter(uploads)
        while batch := list(islice(left, operations.UPLOADS_AT_ONCE)):
            found = divided(lambda some: self._found(self._api, some), batch)
            for upload in batch:
                if upload.id in found:
                    self._originals[upload.id] = upload
                    yield _as_content(upload, found[upload.id])
                else:
                    missing(upload, why_missing(upload, self._name))

    def only(self, upload: Upload) -> Upload:
        """Return one upload as if the rendition were its content.

        Raises:
            UploadNotFound: it has no such rendition.
        """

        def missing(_upload: Upload, error: UploadNotFound) -> None:
            raise error

        [found] = self.of([upload], missing)
        return found

    def sign(self, api: Api, uploads: Sequence[Upload]) -> dict[str, SignedRequest]:
        """Return signed GETs of the renditions by upload id, without those that are gone."""
        return {
            upload_id: SignedRequest("GET", rendition.url, (), rendition.expires_at)
            for upload_id, rendition in self._found(api, uploads).items()
        }

    def outcome(self, outcome: DownloadOutcome) -> DownloadOutcome:
        """Return the outcome with the upload itself."""
        return replace(outcome, upload=self._originals.pop(outcome.upload.id))

    def _found(self, api: Api, uploads: Sequence[Upload]) -> dict[str, Rendition]:
        return api.run(operations.renditions([upload.id for upload in uploads], self._name))


def why_missing(upload: Upload, name: RenditionName) -> UploadNotFound:
    """Return the error for an upload without this rendition."""
    message = f"Upload {upload.id} has no {name.lower()}{_reason(upload)}"
    return UploadNotFound(UploadNotFound.CODE, message)


def _as_content(upload: Upload, rendition: Rendition) -> Upload:
    return replace(
        upload,
        filename=f"{upload.filename}.{rendition.name.lower()}.webp",
        content_type=rendition.content_type,
        size=rendition.size,
        checksum=None,
        checksum_algorithm=None,
    )


def _reason(upload: Upload) -> str:
    if upload.status is not UploadStatus.STORED:
        return f": it is {upload.status}."
    match upload.processing:
        case ProcessingStatus.PENDING:
            return " yet: it is being processed."
        case ProcessingStatus.FAILED:
            return f": {upload.processing_error or 'it could not be decoded.'}"
        case ProcessingStatus.NONE:
            return ": the service derived nothing from it."
    return ": there is no picture in it."
