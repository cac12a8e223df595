"""Requests tickets for new files, with the checksums that are declared first."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import replace

from media_client import operations
from media_client.api import Api
from media_client.errors import ApiError, MediaError, SourceError
from media_client.models import Limits, Ticket
from media_client.transfer import checksums
from media_client.transfer.halt import Halt
from media_client.transfer.job import Job, Outcome
from media_client.transfer.options import Options
from media_client.transfer.source import Candidate

FIRST_BATCH = 50  # Small, so that sending starts soon.
# requestUploads accepts 500, but a busy service may time out on that many. A service may also send
# all files as multipart uploads: each is then one of the 400 calls to the storage per request.
BATCH = 250


class Tickets:
    """Turns files into jobs, or into outcomes if the service rejects them."""

    def __init__(self, api: Api, options: Options, halt: Halt) -> None:
        self._api = api
        self._options = options
        self._halt = halt
        self._limits: Limits | None = None
        self.batch = BATCH

    def request(self, batch: Sequence[Candidate]) -> Sequence[Job | Outcome]:
        """Request tickets for files. Returns a job or an outcome for each.

        Raises:
            ApiError, NetworkError, NotSignedIn: no file can be sent.
        """
        outcomes: list[Job | Outcome] = []
        requests, requested = [], []
        for candidate in batch:
            try:
                requests.append(self._request(candidate))
                requested.append(candidate)
            except SourceError as error:
                outcomes.append(Outcome(candidate.source, error=error))
        if not requests:
            return outcomes
        # Requests for parts with checksums can't be signed until the checksums are known.
        with_parts = not self._signs_parts(batch[0]) or self._is_single(batch[0])
        results = self._request_tickets(requests, with_parts)
        for candidate, result in zip(requested, results, strict=True):
            if isinstance(result, Ticket):
                part_checksums = self._signs_parts(candidate)
                outcomes.append(Job(candidate, result.upload, checksums=part_checksums))
            else:
                outcomes.append(Outcome(candidate.source, error=result))
        return outcomes

    def _request_tickets(
        self, requests: Sequence[operations.UploadRequest], with_parts: bool
    ) -> Sequence[Ticket | MediaError]:
        """Request tickets, halving the batch if a busy service fails on all of it.

        Client tokens make this safe: requests that had succeeded return the same uploads.
        """
        try:
            return self._api.run_in_batches(
                lambda batch: operations.request_uploads(batch, with_parts), requests
            )
        except ApiError as error:
            if len(requests) == 1 or error.code not in ("INTERNAL", "QUERY_TOO_COMPLEX"):
                raise
        half = len(requests) // 2
        self.batch = max(FIRST_BATCH, half)
        return (
            *self._request_tickets(requests[:half], with_parts),
            *self._request_tickets(requests[half:], with_parts),
        )

    def _request(self, candidate: Candidate) -> operations.UploadRequest:
        source, size = candidate.source, candidate.fingerprint.size
        request = operations.UploadRequest(
            source.filename, source.content_type, size, None, source.tags, uuid.uuid4().hex
        )
        if source.sha256 is not None:
            return replace(request, checksum=source.sha256, checksum_algorithm=checksums.SHA256)
        algorithm = self._declared_algorithm(candidate)
        if algorithm is None:
            return request
        return replace(
            request, checksum=self._checksum(candidate, algorithm), checksum_algorithm=algorithm
        )

    def _checksum(self, candidate: Candidate, algorithm: str) -> str:
        source, size = candidate.source, candidate.fingerprint.size
        if source.stream is not None:
            source.stream.keep(self._halt)
            return checksums.of_pieces(algorithm, source.stream.pieces(0, size, self._halt))
        file = source.open(candidate.fingerprint)
        try:
            return checksums.OF_RANGE[algorithm](file, 0, size)
        finally:
            os.close(file)

    def _declared_algorithm(self, candidate: Candidate) -> str | None:
        """Return the algorithm of the checksum of the whole file; None to declare none.

        The service would have to read a file of several parts back to verify its SHA-256.
        """
        if not self._options.checksum:
            return None
        if not self._signs_parts(candidate):
            return checksums.CRC64NVME
        return checksums.SHA256 if self._is_single(candidate) else None

    def _signs_parts(self, candidate: Candidate) -> bool:
        """Whether each part is signed with its own SHA-256, instead of a CRC for the whole file.

        The CRC needs a file that can be read twice.
        """
        if not self._options.checksum:
            return False
        stream = candidate.source.stream
        offered = checksums.CRC64NVME in self._known_limits().checksum_algorithms
        reads_twice = stream is None or stream.can_seek
        return not (offered and checksums.has_crc64nvme() and reads_twice)

    def _is_single(self, candidate: Candidate) -> bool:
        """Whether the file is sent as one part, with the checksum of the whole file."""
        return candidate.fingerprint.size <= self._known_limits().single_part_max_bytes

    def _known_limits(self) -> Limits:
        if self._limits is None:
            self._limits = self._api.run(operations.limits())
        return self._limits
