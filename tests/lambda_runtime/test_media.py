"""The media function from its own package, with its own few settings, on a real S3 server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy.package import MEDIA
from gql_api.adapters.media import webp
from gql_api.domain.ids import new_id
from gql_api.domain.media import RenditionName
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import (
    FACTS_NAME,
    Facts,
    MediaRequest,
    file_name,
    folder,
    read_facts,
    to_message,
)
from local.gateway import Gateway
from tests.adapters.media import samples
from tests.adapters.media.test_hostile import END, pixels, png
from tests.lambda_runtime.events import sqs
from tests.lambda_runtime.function import LambdaFunction, lambda_function
from tests.lambda_runtime.packages import Unpack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DONE: dict[str, list[object]] = {"batchItemFailures": []}
# What template.yaml sets and Lambda itself, and the address of the tests' store.
SETTINGS = (
    *("S3_BUCKET", "S3_KEY_PREFIX", "S3_ENDPOINT_URL"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"),
)


@dataclass(frozen=True)
class Stored:
    """An object in the bucket, and where its derived files are written."""

    s3: S3Client
    bucket: str
    request: MediaRequest
    folder: str

    def message(self) -> str:
        return to_message(self.request)

    def files(self) -> dict[str, bytes]:
        """Return the derived files by their names."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=f"{self.folder}/")
        return {
            it["Key"].rpartition("/")[2]: self.s3.get_object(Bucket=self.bucket, Key=it["Key"])[
                "Body"
            ].read()
            for it in listed.get("Contents", ())
        }

    def facts(self) -> Facts:
        return read_facts(self.files()[FACTS_NAME])


@dataclass(frozen=True)
class Store:
    """Puts objects into the bucket as uploads."""

    s3: S3Client
    bucket: str
    key_prefix: str

    def put(self, data: bytes) -> Stored:
        owner_id, upload_id = (new_id(datetime.now(UTC)) for _ in range(2))
        key = f"{self.key_prefix}/{owner_id}/{upload_id}"
        etag = self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)["ETag"]
        prefix = UploadPolicy(key_prefix=self.key_prefix).renditions_prefix
        derived = folder(prefix, owner_id, upload_id, etag)
        return Stored(self.s3, self.bucket, MediaRequest(key, etag, upload_id), derived)


@pytest.fixture
def store(gateway: Gateway, bucket_name: str, key_prefix: str) -> Store:
    return Store(gateway.client(), bucket_name, key_prefix)


@asynccontextmanager
async def media_function(
    unpack: Unpack, environment: dict[str, str], tmp_path: Path
) -> AsyncIterator[LambdaFunction]:
    """The media function. `-S` leaves out the packages that are installed here."""
    unpacked = unpack(MEDIA)
    settings = {name: environment[name] for name in SETTINGS}
    async with lambda_function(
        "gql_api.media_worker.handler",
        {**settings, "PYTHONPATH": str(unpacked.runtime)},
        tmp_path / "media.log",
        python=(unpacked.python, "-S", "-W", "error"),
        task_root=unpacked.task_root,
    ) as function:
        yield function


@pytest.fixture
async def function(
    unpack: Unpack, environment: dict[str, str], tmp_path: Path
) -> AsyncIterator[LambdaFunction]:
    async with media_function(unpack, environment, tmp_path) as function:
        yield function


def jpeg() -> bytes:
    return samples.encoded(samples.picture(), "JPEG")


def one_for_each_decoder() -> dict[str, bytes]:
    return {
        "jpeg": jpeg(),
        "heic": samples.heic(samples.picture()),
        "video": samples.video(),
        "pdf": samples.pdf(),
    }


async def test_each_decoder_works_in_the_package(function: LambdaFunction, store: Store) -> None:
    """The decoding process finds its libraries in the folder of the package."""
    for name, data in one_for_each_decoder().items():
        stored = store.put(data)
        assert await function.invoke(sqs([stored.message()])) == DONE, name
        facts, files = stored.facts(), stored.files()
        assert (facts.upload_id, facts.etag) == (stored.request.upload_id, stored.request.etag)
        assert facts.refusal is None, name
        assert {it.name for it in facts.renditions} == set(RenditionName), name
        for rendition in facts.renditions:
            written = files.pop(file_name(rendition.name))
            assert len(written) == rendition.size_bytes
            assert webp.dimensions(written) == (rendition.width, rendition.height)
        assert files.keys() == {FACTS_NAME}
    assert {"gql_api", "boto3"} <= function.imported()
    # This process itself has loaded no decoder.
    assert not {"PIL", "av", "pi_heif", "pypdfium2_raw", "pymongo"} & function.imported()


async def test_a_hostile_file_is_refused_in_its_facts(
    function: LambdaFunction, store: Store
) -> None:
    bomb = store.put(png(50_000, 50_000, pixels(5_000_000), END))
    unknown = store.put(b"Dear diary")
    assert await function.invoke(sqs([bomb.message()])) == DONE
    assert await function.invoke(sqs([unknown.message()])) == DONE
    for stored in (bomb, unknown):
        facts = stored.facts()
        assert facts.refusal
        assert facts.media is None
        assert stored.files().keys() == {FACTS_NAME}


@pytest.mark.parametrize(
    "message",
    ["not JSON", "{}", to_message(MediaRequest("elsewhere/file", '"etag"', "upload"))],
    ids=["not JSON", "another form", "not an upload's key"],
)
async def test_a_message_of_another_form_fails(function: LambdaFunction, message: str) -> None:
    answer = await function.invoke(sqs([message]))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


async def test_an_object_that_has_changed_is_left_to_its_own_message(
    function: LambdaFunction, store: Store
) -> None:
    stored = store.put(jpeg())
    store.s3.put_object(Bucket=store.bucket, Key=stored.request.key, Body=b"another")
    assert await function.invoke(sqs([stored.message()])) == DONE
    store.s3.delete_object(Bucket=store.bucket, Key=stored.request.key)
    assert await function.invoke(sqs([stored.message()])) == DONE
    assert stored.files() == {}


async def test_with_a_store_that_refuses_the_message_goes_back(
    unpack: Unpack, environment: dict[str, str], tmp_path: Path, store: Store
) -> None:
    stored = store.put(jpeg())
    wrong = {**environment, "S3_ENDPOINT_URL": "http://127.0.0.1:9"}
    async with media_function(unpack, wrong, tmp_path) as function:
        answer = await function.invoke(sqs([stored.message()]))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert stored.files() == {}
