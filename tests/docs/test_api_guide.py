"""Type-checks the application of docs/api.md, runs it against a service, and checks its tables."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInterfaceType, build_schema
from mypy_boto3_s3 import S3Client

from gql_api.adapters.mongo.documents import processing_fields, set_or_unset, to_upload
from gql_api.container import Container
from gql_api.domain.errors import RequestError
from gql_api.domain.processing import file_name, folder
from gql_api.http.app import create_app
from local import ports
from local.server import Server
from tests.docs.markdown import ROOT, code_blocks, read, table
from tests.services.media_world import PICTURES, PROCESSED, facts_of

TEXT = read("docs/api.md")
CLIENTS = ROOT / "client"
RUN = Path(__file__).parent / "api_guide" / "run.ts"
MIB = 1024 * 1024

# Stricter than `strict`: the web client's own settings.
TSCONFIG = {
    "extends": str(CLIENTS / "web/tsconfig.json"),
    "compilerOptions": {
        "types": ["node"],
        "noEmit": False,
        "outDir": "out",
        "rewriteRelativeImportExtensions": True,
    },
    "include": ["*.ts"],
}


def guide_files() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file of the guide."""
    for block in code_blocks(TEXT, "ts"):
        name = re.match(r"// (\w+\.ts)\n", block)
        assert name, block[:80]
        yield name[1], block


@pytest.fixture
async def server_url(container: Container) -> AsyncIterator[str]:
    """The URL of this test's API."""
    server = Server(create_app(container), ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        yield server.url
    finally:
        await server.stop()


async def run(directory: Path, *command: str) -> str:
    """Return what a command prints, which must succeed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


@pytest.fixture
async def media_function(container: Container, s3_client: S3Client) -> AsyncIterator[None]:
    """Processes each pending upload, as the media function and the service would."""

    async def process() -> None:
        uploads = container.database["uploads"]
        while True:
            found = await uploads.find_one({"processing": "PENDING"})
            if found is not None:
                upload = to_upload(found)
                facts = facts_of(upload)
                prefix = container.upload_policy.renditions_prefix
                place = folder(prefix, *upload.name, facts.etag)
                for name, data in PICTURES.items():
                    s3_client.put_object(
                        Bucket=container.settings.s3_bucket,
                        Key=f"{place}/{file_name(name)}",
                        Body=data,
                    )
                changes = set_or_unset(processing_fields(facts.processing()))
                await uploads.update_one({"_id": upload.id, "owner": upload.owner_id}, changes)
            await asyncio.sleep(0.01)

    task = asyncio.create_task(process())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.settings(
    MAX_UPLOAD_BYTES=str(18 * MIB),
    USER_QUOTA_BYTES=str(20 * MIB),
    COOKIE_SECURE="false",
    **PROCESSED,
)
async def test_the_application_works(server_url: str, media_function: None, tmp_path: Path) -> None:
    for name, text in guide_files():
        (tmp_path / name).write_text(text.replace("http://127.0.0.1:8000", server_url))
    (tmp_path / RUN.name).write_text(RUN.read_text())
    (tmp_path / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node_modules")

    await run(tmp_path, "node", str(CLIENTS / "node_modules/typescript/bin/tsc"))
    printed = await run(tmp_path, "node", "out/run.js")

    steps = ["accounts", "uploads", "pictures", "resuming", "trashing", "lists", "refusals"]
    assert printed.split() == steps


def test_the_cache_knows_every_failure() -> None:
    schema = build_schema(read("schema.graphql"))
    interface = schema.type_map["UserError"]
    assert isinstance(interface, GraphQLInterfaceType)
    members = [member.name for member in schema.get_implementations(interface).objects]
    [listed] = re.findall(r"UserError: \[(.*?)\]", TEXT, re.DOTALL)

    assert re.findall(r'"(\w+)"', listed) == sorted(members)


def test_every_user_error_code_is_explained() -> None:
    codes = build_schema(read("schema.graphql")).type_map["UserErrorCode"]
    assert isinstance(codes, GraphQLEnumType)

    assert [code for code, _ in table(TEXT, "`UserErrorCode`")] == list(codes.values)


def test_every_state_of_processing_is_explained() -> None:
    states = build_schema(read("schema.graphql")).type_map["ProcessingStatus"]
    assert isinstance(states, GraphQLEnumType)

    assert [state for state, _ in table(TEXT, "`processing`")] == list(states.values)


def test_every_error_code_is_explained() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "gql_api").rglob("*.py"))
    codes = {error.code for error in RequestError.__subclasses__()} | set(
        re.findall(r'"((?:BAD|GRAPHQL|QUERY)_[A-Z_]+|INTERNAL)"', sources)
    )
    settings = set(re.findall(r"^#?([A-Z0-9_]+)=", read(".env.example"), re.MULTILINE))

    assert {code for code, *_ in table(TEXT, "`extensions.code`")} == codes - settings
