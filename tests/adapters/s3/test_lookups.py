"""HEAD requests of our own: what AWS answers, and what goes wrong on the way."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from urllib3.exceptions import HTTPError

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.domain.errors import TooManyStorageCalls, Unavailable
from gql_api.domain.storage_budget import storage_budget
from gql_api.domain.uploads import ObjectFacts
from tests.adapters.s3.scripted import Reply, ScriptedStore, bucket_at, scripted_store

SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
CRC64NVME = "rosUhgp5mIg="
FOUND = {"Content-Length": "3", "Content-Type": "text/plain", "ETag": '"e"'}
FACTS = ObjectFacts(3, "text/plain", '"e"', None)
OK, SLOW_DOWN, CUT = Reply(200, FOUND), Reply(503), Reply(0)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedStore]:
    """A store; between attempts there is no pause."""
    monkeypatch.setattr("gql_api.adapters.s3.lookups.time.sleep", lambda _: None)
    with scripted_store() as store:
        yield store


@pytest.fixture
async def bucket(store: ScriptedStore) -> AsyncIterator[S3Bucket]:
    async with closing(bucket_at(store.url, "token")) as bucket:
        yield bucket


@asynccontextmanager
async def closing(bucket: S3Bucket) -> AsyncIterator[S3Bucket]:
    try:
        yield bucket
    finally:
        await bucket.close()


@pytest.mark.parametrize(
    ("checksum", "sha256", "crc64nvme"),
    [
        ({}, None, None),
        ({"ChecksumSHA256": SHA256, "ChecksumType": "FULL_OBJECT"}, SHA256, None),
        ({"ChecksumSHA256": SHA256}, SHA256, None),
        ({"ChecksumSHA256": f"{SHA256}-3", "ChecksumType": "COMPOSITE"}, None, None),
        ({"ChecksumSHA256": f"{SHA256}-3"}, None, None),
        ({"ChecksumSHA256": SHA256, "ChecksumType": "COMPOSITE"}, None, None),
        ({"ChecksumCRC64NVME": CRC64NVME, "ChecksumType": "FULL_OBJECT"}, None, CRC64NVME),
        ({"ChecksumCRC64NVME": CRC64NVME}, None, CRC64NVME),
        ({"ChecksumCRC64NVME": f"{CRC64NVME}-3"}, None, None),
        ({"ChecksumCRC64NVME": CRC64NVME, "ChecksumType": "COMPOSITE"}, None, None),
    ],
)
async def test_only_a_checksum_of_the_whole_object_is_one(
    store: ScriptedStore,
    bucket: S3Bucket,
    checksum: dict[str, str],
    sha256: str | None,
    crc64nvme: str | None,
) -> None:
    named = {name.replace("Checksum", "x-amz-checksum-"): it for name, it in checksum.items()}
    store.replies = [Reply(200, FOUND | named)]
    assert await bucket.head("k") == ObjectFacts(3, "text/plain", '"e"', sha256, "", crc64nvme)


async def test_an_object_may_have_an_encoding_and_no_type(
    store: ScriptedStore, bucket: S3Bucket
) -> None:
    headers = {"Content-Length": "3", "ETag": '"e"', "Content-Encoding": "gzip"}
    store.replies = [Reply(200, headers)]
    assert await bucket.head("k") == ObjectFacts(3, "", '"e"', None, "gzip")


async def test_one_connection_serves_many_requests(store: ScriptedStore, bucket: S3Bucket) -> None:
    store.replies = [Reply(404), OK]
    assert await bucket.head("u/ü k") is None
    assert [await bucket.head("k") for _ in range(3)] == [FACTS] * 3
    assert {asked.connection for asked in store.asked} == {1}
    first = store.asked[0]
    assert first.method == "HEAD"
    assert first.path.startswith("/media/u/%C3%BC%20k?X-Amz-Algorithm=")
    assert "&X-Amz-Security-Token=token&" in first.path
    assert first.headers["x-amz-checksum-mode"] == "ENABLED"
    assert first.headers["host"] == store.host


@pytest.mark.parametrize("status", [301, 307, 400, 403, 412, 501])
async def test_a_refusal_is_raised_at_once_with_its_status(
    store: ScriptedStore, bucket: S3Bucket, status: int
) -> None:
    """HEAD has no body that could name a code, so boto3 uses the status as well."""
    store.replies = [Reply(status, {"x-amz-request-id": "R", "Location": "http://127.0.0.1:1/"})]
    with pytest.raises(ClientError) as raised:
        await bucket.head("k")
    response = raised.value.response
    assert response["Error"]["Code"] == str(status)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert response["ResponseMetadata"]["RequestId"] == "R"
    assert raised.value.operation_name == "HeadObject"
    assert len(store.asked) == 1


@pytest.mark.parametrize("failure", [SLOW_DOWN, Reply(500), CUT])
async def test_a_failure_is_tried_again(
    store: ScriptedStore, bucket: S3Bucket, failure: Reply
) -> None:
    """The three attempts are one call of the request's budget."""
    store.replies = [failure, failure, OK]
    with storage_budget(1):
        assert await bucket.head("k") == FACTS
        with pytest.raises(TooManyStorageCalls):
            await bucket.head("k")
    assert len(store.asked) == 3


@pytest.mark.parametrize(
    ("failure", "cause"), [(SLOW_DOWN, ClientError), (Reply(502), ClientError), (CUT, HTTPError)]
)
async def test_a_store_that_keeps_failing_is_unavailable(
    store: ScriptedStore, bucket: S3Bucket, failure: Reply, cause: type[Exception]
) -> None:
    store.replies = [failure]
    with pytest.raises(Unavailable) as raised:
        await bucket.head("k")
    assert raised.value.part == "storage"
    assert isinstance(raised.value.__cause__, cause)
    assert len(store.asked) == 3


async def test_pauses_grow_as_those_of_boto3(
    store: ScriptedStore, bucket: S3Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("gql_api.adapters.s3.lookups.time.sleep", pauses.append)
    monkeypatch.setattr("gql_api.adapters.s3.lookups.secrets.randbelow", lambda n: n - 1)
    store.replies = [SLOW_DOWN]
    with pytest.raises(Unavailable):
        await bucket.head("k")
    assert pauses == pytest.approx([1, 2], abs=0.01)


@pytest.mark.parametrize("said", [True, False])
async def test_a_closed_connection_is_replaced_without_an_attempt(
    store: ScriptedStore, bucket: S3Bucket, said: bool
) -> None:
    """Some servers say that they close a connection; others close it when it is idle."""
    last = Reply(200, FOUND | ({"Connection": "close"} if said else {}), close=True)
    store.replies = [last, SLOW_DOWN, SLOW_DOWN, OK]
    assert await bucket.head("k") == FACTS
    assert store.closed.acquire(timeout=60)
    assert await bucket.head("k") == FACTS
    assert [asked.connection for asked in store.asked] == [1, 2, 2, 2]


async def test_what_is_not_http_is_unavailable(store: ScriptedStore, bucket: S3Bucket) -> None:
    store.replies = [Reply(200, {"Transfer-Encoding": "chunked", "ETag": "e" * 70_000})]
    with pytest.raises(Unavailable):
        await bucket.head("k")


async def test_a_proxy_is_taken_from_the_environment(
    store: ScriptedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replies = [OK]
    monkeypatch.setenv("HTTP_PROXY", store.url.replace("//", "//user:p%40ss@"))
    async with closing(bucket_at("http://store.example:9000")) as bucket:
        assert await bucket.head("k") == FACTS
    [asked] = store.asked
    assert asked.path.startswith("http://store.example:9000/media/k?X-Amz-")
    assert asked.headers["host"] == "store.example:9000"
    assert asked.headers["proxy-authorization"] == "Basic dXNlcjpwQHNz"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with closing(bucket_at(store.url)) as bucket:
        assert await bucket.head("k") == FACTS
    assert store.asked[1].path.startswith("/media/k?")


async def test_a_proxy_tunnels_tls(store: ScriptedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", store.host)
    store.replies = [OK]
    async with closing(bucket_at(None)) as bucket:
        with pytest.raises(Unavailable, match=r"storage") as raised:
            await bucket.head("k")
    assert "501" in str(raised.value.__cause__), "the scripted server has no CONNECT"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, signed by nobody."""
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        f"-subj /CN=store -addext subjectAltName=IP:127.0.0.1 -out {path} "
        f"-keyout {path.with_name('key.pem')}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return path


async def test_tls_is_verified(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gql_api.adapters.s3.lookups.time.sleep", lambda _: None)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with scripted_store(OK, context=context) as store:
        async with closing(bucket_at(store.url)) as bucket:
            with pytest.raises(Unavailable) as raised:
                await bucket.head("k")
        assert "CERTIFICATE_VERIFY_FAILED" in str(raised.value.__cause__)
        assert store.asked == []
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
        async with closing(bucket_at(store.url)) as bucket:
            assert await bucket.head("k") == FACTS


def test_a_lookup_does_not_import_boto3(store: ScriptedStore) -> None:
    store.replies = [OK]
    program = f"""
import asyncio, sys
from tests.adapters.s3.scripted import bucket_at
print(asyncio.run(bucket_at({store.url!r}).head("k")).size_bytes)
print({{"boto3", "botocore", "requests"}} & set(sys.modules))
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout == "3\nset()\n"
