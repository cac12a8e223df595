"""The service's package that is deployed: all handlers, under AWS's runtime client."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy import contents
from deploy.package import PACKAGES, SERVICE, Package
from gql_api.domain.processing import MediaRequest
from gql_api.domain.processing import to_message as to_media_message
from gql_api.domain.read_queue import to_message
from local.gateway import Gateway
from tests.api import new_user
from tests.lambda_runtime.events import HttpApi, Json, object_created, recorded, sqs
from tests.lambda_runtime.function import LambdaFunction, lambda_function
from tests.lambda_runtime.packages import Unpack

ROOT = Path(__file__).parents[2]


def handlers() -> set[str]:
    """Return the names of all handlers, and check that the template names no other."""
    source = (ROOT / "gql_api/lambda_handlers.py").read_text(encoding="utf-8")
    defined = set(re.findall(r"^def ([a-z]\w*)\(event: ", source, re.MULTILINE))
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"Handler: gql_api\.lambda_handlers\.(\w+)", template))
    assert named
    assert named <= defined
    return defined


@pytest.fixture
async def functions(
    unpack: Unpack, environment: dict[str, str], new_database: str, tmp_path: Path
) -> AsyncIterator[dict[str, LambdaFunction]]:
    """All handlers of the package. `-S` leaves out the packages that are installed here."""
    unpacked = unpack(SERVICE)
    settings = {**environment, "DB_NAME": new_database, "PYTHONPATH": str(unpacked.runtime)}
    async with AsyncExitStack() as exits:
        yield {
            handler: await exits.enter_async_context(
                lambda_function(
                    handler,
                    settings,
                    tmp_path / f"{handler}.log",
                    python=(unpacked.python, "-S", "-W", "error"),
                    task_root=unpacked.task_root,
                )
            )
            for handler in sorted(handlers())
        }


async def prepare(function: LambdaFunction, gateway: Gateway, bucket: str, key: str) -> Json:
    """Prepare the database as a resource of a stack, and return the answer to CloudFormation.

    On a very busy machine, the indexes take the time of several invocations.
    """
    s3 = gateway.client()
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key})
    names = ("StackId", "RequestId", "LogicalResourceId")
    event = {"RequestType": "Create", "ResponseURL": url, **dict.fromkeys(names, "tests")}
    answer: Json = {}
    for _ in range(5):
        await function.invoke(event)
        answer = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        if answer["Status"] == "SUCCESS":
            break
    return answer


def key_of(upload: Json) -> tuple[str, str]:
    """Return the bucket and the key of an upload's object."""
    path = urlsplit(upload["transfer"]["parts"][0]["url"]).path
    bucket, _, key = path.removeprefix("/").partition("/")
    return bucket, key


async def test_it_serves_every_handler(
    functions: dict[str, LambdaFunction], gateway: Gateway, bucket_name: str, key_prefix: str
) -> None:
    """Three uploads are settled: by the client, a storage event and a read-back. Then a sweep."""
    answer = await prepare(
        functions.pop("prepare"), gateway, bucket_name, f"{key_prefix}-answers/prepare"
    )
    assert answer["Status"] == "SUCCESS", answer["Reason"]
    transport = HttpApi(functions.pop("api"))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        # On a busy machine, the imports take much of the first request's time limit.
        await client.get("/health")
        user = await new_user(client)
        assert (await user.store(b"completed"))["status"] == "STORED"
        event, read_back = [await user.request_and_send(data) for data in (b"event", b"read back")]
        messages = {
            "storage_events": object_created(*key_of(event)),
            "checksums": to_message(key_of(read_back)[1]),
        }
        for handler, message in messages.items():
            settled = await functions.pop(handler).invoke(sqs([message]))
            assert settled == {"batchItemFailures": []}
        for upload in (event, read_back):
            found = await user.upload(upload["id"])
            assert found is not None
            assert found["status"] == "STORED"
    gone = MediaRequest(key_of(event)[1], "another", event["id"])
    failures = sqs([to_media_message(gone)])
    assert await functions.pop("media_failures").invoke(failures) == {"batchItemFailures": []}
    report = await functions.pop("maintenance").invoke(recorded("schedule"))
    assert report["failures"] == 0
    sent = await functions.pop("webhooks").invoke(recorded("schedule"))
    assert sent == {"delivered": 0, "failed": 0, "dead": 0}
    assert not functions, "These handlers are not called here."


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_its_byte_code_is_used_as_it_is(unpack: Unpack, package: Package) -> None:
    """Each module has byte code that Python neither rejects nor compares with the source.

    PEP 552: four bytes that name the version, then the flags; 1 stands for "unchecked-hash".
    """
    unpacked = unpack(package)
    magic = subprocess.run(
        [unpacked.python, "-c", "import importlib.util as u; print(u.MAGIC_NUMBER.hex())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    modules = {path for path in contents.files(unpacked.task_root) if path.suffix == ".py"}
    compiled = [path for path in contents.files(unpacked.task_root) if path.suffix == ".pyc"]
    assert len(compiled) == len(modules) > 300
    assert {path.read_bytes()[:8].hex() for path in compiled} == {f"{magic}01000000"}
