"""The package that is deployed, in a folder of its own, under the runtime's version of Python.

Without that version on this machine, the package is built for the Python that runs the tests.
"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy import contents, package
from deploy.python import find_python
from tests.api import new_user
from tests.lambda_runtime.events import HttpApi, object_created, recorded, sqs
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
    """Return the names of the template's handlers."""
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    return set(re.findall(r"^ +Handler: gql_api\.lambda_handlers\.(\w+)$", template, re.MULTILINE))


Start = Callable[[str], Awaitable[LambdaFunction]]


@pytest.fixture
async def start(
    unpacked: Unpacked, environment: dict[str, str], new_database: str, tmp_path: Path
) -> AsyncIterator[Start]:
    """Start a handler of the package. `-S` leaves out the packages that are installed here."""
    async with AsyncExitStack() as exits:

        async def start(handler: str) -> LambdaFunction:
            return await exits.enter_async_context(
                lambda_function(
                    handler,
                    {**environment, "DB_NAME": new_database, "PYTHONPATH": str(unpacked.runtime)},
                    tmp_path / f"{handler}.log",
                    python=(unpacked.python, "-S", "-W", "error"),
                    task_root=unpacked.task_root,
                )
            )

        yield start


async def test_it_serves_every_handler(unpacked: Unpacked, start: Start) -> None:
    """An upload that the client completes, one that only its event completes, and a sweep.

    Each handler in the template needs a call here.
    """
    functions = {name: await start(name) for name in ("api", "storage_events", "maintenance")}
    assert handlers() == set(functions)
    transport = HttpApi(functions["api"])
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        user = await new_user(client)
        assert (await user.store(b"completed"))["status"] == "STORED"
        sent = await user.request_and_send(b"not completed")
        path = urlsplit(sent["transfer"]["parts"][0]["url"]).path
        message = object_created(*path.removeprefix("/").split("/", 1))
        answer = await functions["storage_events"].invoke(sqs([message]))
        assert answer == {"batchItemFailures": []}
        settled = await user.upload(sent["id"])
        assert settled is not None
        assert settled["status"] == "STORED"
    report = await functions["maintenance"].invoke(recorded("schedule"))
    assert report["failures"] == 0


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
