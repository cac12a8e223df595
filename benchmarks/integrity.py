"""A large file with a checksum of the whole file: how much of it the service reads back.

The store is the embedded gateway behind a proxy of the tests, which computes the CRC-64/NVME of an
object as AWS documents it, and counts the bytes of objects that the service reads. The file is sent
to the gateway directly.

python -m benchmarks.integrity [--json] [--small]
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import httpx

from benchmarks import servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import sign_up
from gql_api import operators
from gql_api.bootstrap import build
from gql_api.container import Container
from gql_api.domain.errors import Failure, Unavailable
from gql_api.domain.file_requests import FileRequest, PartSelection, Ticket
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, UploadStatus
from gql_api.settings import read_settings
from local.gateway import Gateway
from tests.stores.computing import ComputingStore, crc64nvme_of

MIB = 2**20
CHUNK = bytes(range(256)) * (MIB // 256)
SENT_AT_ONCE = 4


async def integrity(options: Options) -> Report:
    """Count the bytes that the service reads, for each algorithm."""
    size_bytes = (320 if options.small else 5 * 1024) * MIB
    title = f"{size_bytes // MIB:,} MiB with a whole-file checksum"
    report = Report("integrity", title)
    async with servers.mongod() as url, servers.bucket() as gateway:
        with _computing(gateway) as store:
            environment = servers.settings(
                url,
                "bench",
                **servers.storage_settings(gateway),
                S3_PUBLIC_ENDPOINT_URL=gateway.endpoint_url,
            )
            environment["S3_ENDPOINT_URL"] = store.endpoint_url
            [user] = await sign_up(environment, 1)
            async with _services(environment) as container:
                for algorithm in ChecksumAlgorithm:
                    store.bytes_read = 0
                    await _store(container, user.id, size_bytes, algorithm)
                    read = store.bytes_read / MIB
                    report.rows.append({"checksum": algorithm.label, "MiB read back": read})
    what = "5 GiB with a whole-file checksum"
    text = "nothing is read back where the store verifies CRC-64/NVME"
    report.goals.append(Goal(text, f"{read:g} MiB", read == 0, what))
    report.notes.append(
        "The store is the embedded gateway behind a proxy that computes the CRC-64/NVME, not AWS. "
        "The proxy's own reads are not counted."
    )
    return report


@contextmanager
def _computing(gateway: Gateway) -> Iterator[ComputingStore]:
    store = ComputingStore(gateway)
    store.start()
    try:
        yield store
    finally:
        store.stop()


@asynccontextmanager
async def _services(environment: dict[str, str]) -> AsyncIterator[Container]:
    """Build the services, whose store has been probed."""
    container = build(read_settings(environment))
    try:
        traits = await operators.store_service(container).examine(lambda _line: None)
        assert traits.verifies_crc64nvme
        yield container
    finally:
        await container.close()


async def _store(
    container: Container, owner_id: str, size_bytes: int, algorithm: ChecksumAlgorithm
) -> None:
    """Send a file and complete it; have it read back if need be; delete it."""
    checksum = Checksum(algorithm, await asyncio.to_thread(_digest, size_bytes, algorithm))
    request = FileRequest("a.bin", "application/octet-stream", size_bytes, checksum)
    ticket = await container.uploads.request(owner_id, request)
    assert isinstance(ticket, Ticket), ticket
    await _send(container, ticket.upload)
    completed = await _completed(container, owner_id, ticket.upload.id)
    if completed.status is UploadStatus.PENDING:
        await container.read_backs.read(completed.key)  # As the function `checksums` does.
    stored = await container.library.find(owner_id, completed.id)
    assert stored is not None
    assert stored.status is UploadStatus.STORED, stored
    await container.library.delete(owner_id, completed.id)


async def _completed(container: Container, owner_id: str, upload_id: str) -> Upload:
    """Complete the upload; try again while the proxy computes, which begins only when asked."""
    for _ in range(20):
        with suppress(Unavailable):
            completed = await container.uploads.complete(owner_id, upload_id)
            assert not isinstance(completed, Failure), completed
            return completed
    raise TimeoutError("The store did not respond.")


async def _send(container: Container, upload: Upload) -> None:
    """Send the parts to the gateway, several at once."""
    turns = asyncio.Semaphore(SENT_AT_ONCE)
    select = [PartSelection(number) for number in range(1, upload.plan.count + 1)]
    async with httpx.AsyncClient(timeout=600) as client:

        async def put(url: str, headers: dict[str, str], size_bytes: int) -> None:
            async with turns:
                sent = {**headers, "Content-Length": str(size_bytes)}
                answer = await client.put(url, headers=sent, content=_chunks(size_bytes))
                answer.raise_for_status()

        await asyncio.gather(
            *(
                put(part.request.url, dict(part.request.headers), part.size_bytes)
                for part in await container.uploads.sign_parts(upload, select)
            )
        )


async def _chunks(size_bytes: int) -> AsyncIterator[bytes]:
    for start in range(0, size_bytes, MIB):
        yield CHUNK[: min(MIB, size_bytes - start)]


def _digest(size_bytes: int, algorithm: ChecksumAlgorithm) -> str:
    """Return the checksum of the file."""
    chunks = itertools.repeat(CHUNK, size_bytes // MIB)
    if algorithm is ChecksumAlgorithm.CRC64NVME:
        return crc64nvme_of(chunks)
    sha256 = hashlib.sha256()
    for chunk in chunks:
        sha256.update(chunk)
    return base64.b64encode(sha256.digest()).decode()


if __name__ == "__main__":
    main(integrity)
