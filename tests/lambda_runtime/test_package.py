"""The package that is deployed, in a folder of its own, under the runtime's version of Python.

Without that version on this machine, the package is built for the Python that runs the tests.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy import contents, package
from deploy.python import find_python
from gql_api.domain.read_queue import to_message
from local.gateway import Gateway
from tests.api import new_user
from tests.lambda_runtime.events import HttpApi, Json, object_created, recorded, sqs
from tests.lambda_runtime.function import LambdaFunction, lambda_function

ROOT = Path(__file__).parents[2]
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = find_python(package.PYTHON_VERSION)


@dataclass(frozen=True)
class Unpacked:
    """The package as it lies on Lambda, and the runtime client that Lambda has beside it."""

    task_root: Path
    runtime: Path
    python: str


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """Build the package for this machine, pack it as for Lambda, and unpack it elsewhere."""
    python, version = (PYTHON, package.PYTHON_VERSION) if PYTHON else (sys.executable, RUNNING)
    folder = tmp_path_factory.mktemp("build") / "lambda"
    package.build(folder, ARCHITECTURE, python=python, version=version)
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as packed:
        for path in contents.files(folder):
            packed.write(path, path.relative_to(folder))
    task_root = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(task_root)
    return Unpacked(task_root, runtime_client(tmp_path_factory.mktemp("runtime"), version), python)


def runtime_client(folder: Path, version: str) -> Path:
    """Install AWS's runtime client in `folder`, which is /var/runtime on Lambda."""
    client = f"awslambdaric=={importlib.metadata.version('awslambdaric')}"
    uv = str(Path(sys.executable).with_name("uv"))
    options = ("--quiet", "--python", sys.executable, "--python-version", version)
    subprocess.run(
        [uv, "pip", "install", *options, "--only-binary", ":all:", "--target", str(folder), client],
        check=True,
    )
    return folder


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
    unpacked: Unpacked, environment: dict[str, str], new_database: str, tmp_path: Path
) -> AsyncIterator[dict[str, LambdaFunction]]:
    """All handlers of the package. `-S` leaves out the packages that are installed here."""
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
    report = await functions.pop("maintenance").invoke(recorded("schedule"))
    assert report["failures"] == 0
    assert not functions, "These handlers are not called here."


def test_its_byte_code_is_used_as_it_is(unpacked: Unpacked) -> None:
    """Each module has byte code that Python neither rejects nor compares with the source.

    PEP 552: four bytes that name the version, then the flags; 1 stands for "unchecked-hash".
    """
    magic = subprocess.run(
        [unpacked.python, "-c", "import importlib.util as u; print(u.MAGIC_NUMBER.hex())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    modules = {path for path in contents.files(unpacked.task_root) if path.suffix == ".py"}
    compiled = [path for path in contents.files(unpacked.task_root) if path.suffix == ".pyc"]
    assert len(compiled) == len(modules) > 1000
    assert {path.read_bytes()[:8].hex() for path in compiled} == {f"{magic}01000000"}
