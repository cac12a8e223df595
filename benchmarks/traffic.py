"""Traffic and CPU time of the API for a small and a large file.

python -m benchmarks.traffic [--json] [--small]
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

from benchmarks import servers
from benchmarks.report import Goal, Options, Report, main
from benchmarks.users import SignedIn, file, graphql, sign_up

MIB = 2**20
GIB = 2**30
CHUNK = b"\x5a" * MIB
CALLS = 10
GOAL_RATIO = 4.0
REQUEST = """
mutation R($input: RequestUploadInput!) {
  requestUpload(input: $input) {
    ... on UploadTicket {
      upload { id transfer { partCount parts { offset size url headers { name value } } } }
    }
  }
}
"""
COMPLETE = """
mutation C($id: ID!) { completeUpload(id: $id) { ... on Upload { status } } }
"""


class Meter:
    """Counts the bytes that a client sends and receives, headers included."""

    def __init__(self) -> None:
        self.bytes = 0

    async def count(self, response: httpx.Response) -> None:
        """Count a request and its response."""
        await response.aread()
        for headers in (response.request.headers, response.headers):
            self.bytes += sum(len(name) + len(value) + 4 for name, value in headers.raw)
            self.bytes += int(headers.get("content-length", 0))


async def traffic(options: Options) -> Report:
    """Measure bytes and CPU of the API, and of a proxy that receives the whole file."""
    large = GIB // 4 if options.small else 4 * GIB
    report = Report("traffic", "Traffic and CPU of the server for one upload")
    meter = Meter()
    with servers.on_other_cores():
        async with servers.mongod() as url, servers.bucket() as gateway:
            environment = servers.settings(
                url,
                "bench",
                **servers.storage_settings(gateway),
            )
            [user] = await sign_up(environment, 1)
            async with (
                servers.app("benchmarks.service:app", environment) as service,
                servers.app("benchmarks.peers.proxy:app", environment) as proxy,
                httpx.AsyncClient(timeout=600, event_hooks={"response": [meter.count]}) as client,
            ):

                async def direct(size_bytes: int) -> None:
                    await _direct(client, service.port, user, size_bytes)

                async def proxied(size_bytes: int) -> None:
                    await _proxied(client, proxy.port, size_bytes)

                for name, app, send in (
                    ("service", service, direct),
                    ("proxy: FastAPI UploadFile, boto3", proxy, proxied),
                ):
                    await send(MIB)  # Warm up imports and connections.
                    for size_bytes in (MIB, large):
                        row = await _measure(app, meter, send, size_bytes)
                        report.rows.append({"server": name, **row})
    return _with_goals(report)


async def _measure(
    app: servers.App, meter: Meter, send: Callable[[int], Awaitable[None]], size_bytes: int
) -> dict[str, float]:
    """Return the means of ten uploads, or of one upload of the large file."""
    calls = CALLS if size_bytes == MIB else 1
    cpu, moved, began = app.cpu_seconds(), meter.bytes, time.perf_counter()
    for _ in range(calls):
        await send(size_bytes)
    return {
        "file MiB": size_bytes / MIB,
        "KiB from and to the client": (meter.bytes - moved) / calls / 1024,
        "server's CPU ms": (app.cpu_seconds() - cpu) / calls * 1000,
        "seconds": (time.perf_counter() - began) / calls,
        "server's memory MiB": app.memory_mib(),
    }


def _with_goals(report: Report) -> Report:
    small, large = report.rows[:2]
    for column in ("KiB from and to the client", "server's CPU ms"):
        ratio = float(large[column] or 0) / max(float(small[column] or 0), 0.001)
        text = f"{column} for the large file at most {GOAL_RATIO:g} times those for 1 MiB"
        report.goals.append(Goal(text, f"{ratio:.2f} ×", ratio <= GOAL_RATIO))
    report.notes.append(
        "The service's cost grows with the number of parts, not with the size of the file. The "
        "proxy also sends every byte on to the bucket."
    )
    return report


async def _direct(client: httpx.AsyncClient, port: int, user: SignedIn, size_bytes: int) -> None:
    """Request an upload, send each part to the bucket, and complete it."""
    headers = {**user.headers, "Content-Type": "application/json"}

    async def ask(query: str, **variables: object) -> dict[str, dict[str, object]]:
        address = f"http://127.0.0.1:{port}/graphql"
        answer = await client.post(address, headers=headers, content=graphql(query, variables))
        data: dict[str, dict[str, object]] = answer.json()["data"]
        return data

    ticket = await ask(REQUEST, input=file(1, size_bytes))
    upload = ticket["requestUpload"]["upload"]
    assert isinstance(upload, dict)
    transfer = upload["transfer"]
    numbers = list(range(101, transfer["partCount"] + 1))
    parts = transfer["parts"]
    if numbers:
        query = (
            "query P($id: ID!, $select: [PartInput!]) { upload(id: $id) { transfer {"
            " parts(select: $select) { offset size url headers { name value } } } } }"
        )
        select = [{"number": number} for number in numbers]
        more = await ask(query, id=upload["id"], select=select)
        parts = parts + more["upload"]["transfer"]["parts"]  # type: ignore[index]
    async with httpx.AsyncClient(timeout=600) as storage:
        for part in parts:
            sent = {header["name"]: header["value"] for header in part["headers"]}
            sent["Content-Length"] = str(part["size"])
            put = await storage.put(part["url"], headers=sent, content=_chunks(part["size"]))
            put.raise_for_status()
    completed = await ask(COMPLETE, id=upload["id"])
    assert completed["completeUpload"]["status"] in ("STORED", "PENDING"), completed


async def _proxied(client: httpx.AsyncClient, port: int, size_bytes: int) -> None:
    """Send the file as multipart/form-data, as browsers do."""
    head = (
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n"
    )
    tail = b"\r\n--limit--\r\n"

    async def body() -> AsyncIterator[bytes]:
        yield head
        async for chunk in _chunks(size_bytes):
            yield chunk
        yield tail

    answer = await client.post(
        f"http://127.0.0.1:{port}/uploads",
        headers={
            "Content-Type": "multipart/form-data; boundary=limit",
            "Content-Length": str(len(head) + size_bytes + len(tail)),
        },
        content=body(),
    )
    answer.raise_for_status()


async def _chunks(size_bytes: int) -> AsyncIterator[bytes]:
    for start in range(0, size_bytes, MIB):
        yield CHUNK[: min(MIB, size_bytes - start)]


if __name__ == "__main__":
    main(traffic)
