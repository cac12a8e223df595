"""What a program or a website on the developer's machine could do with `make run`."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from local import ports
from local.mongod import Mongod, find_mongod
from local.process import Process
from local.webhook import PATH
from local.website import is_built
from tests.api import Api, Json, new_user, new_username
from tests.conformance.requests import exchange
from tests.local.conftest import StartStack, running_stack, start_stack
from tests.local.stack_process import StackProcess

__all__ = ["running_stack", "start_stack"]  # Fixtures.

needs_web_client = pytest.mark.skipif(not is_built(), reason="the web client is not built")

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
BAD_PATHS = [
    b"/%00",
    b"/%00.js",
    b"/assets/%00",
    b"/" + b"a" * 5000,
    b"/" + b"a/" * 2500,
    b"/..%2f",
    b"/..%2f..%2fpackage.json",
    b"/assets/..%2f..%2fpackage.json",
    b"/%2e%2e/%2e%2e/etc/passwd",
    b"//etc/passwd.txt",
    b"/%2fetc%2fpasswd.txt",
    b"/..%5c..%5cpackage.json",
    b"/%ff%fe",
    b"/%c0%af",
    b"/%ed%a0%80",
    b"/%",
    b"/%zz",
    b"/%0d%0aSet-Cookie:%20a=b",
    b"/%1b%5b31m",
    b"/.env",
    b"/.git/config",
    b"/.vite/manifest.json",
    b"/assets/none.js",
    b"http://evil.test/x.js",
    b"*",
]
EVENT_BODIES = [
    b"[" * 5000,
    b'{"a":' * 5000,
    b"[]",
    b"null",
    b"1e999",
    b"\xff\xfe",
    b'{"Records": 5}',
    b'{"Records": [5]}',
    b'{"Records": [null, {}, []]}',
    b'{"Records": [{"eventName": 5, "s3": {}}]}',
    b'{"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": 5}}}]}',
    b'{"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": []}]}',
    b'{"Records": "text"}',
    b'"' + b"x" * 2_000_000 + b'"',
]


@pytest.fixture
async def client(running_stack: StackProcess) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=running_stack.url, trust_env=False, timeout=60, verify=False
    ) as client:
        yield client


def _database_url(stack: StackProcess) -> str:
    return (stack.data_directory / "database-url").read_text()


# ---------------------------------------------------------------- MongoDB


def _attempts(client: AsyncMongoClient[Json]) -> list[Callable[[], Awaitable[object]]]:
    """Return what a program without a password could try."""
    evil: Json = {"pwd": "evil", "roles": ["root"]}
    return [
        lambda: client["media"]["users"].find_one(),
        lambda: client["media"]["uploads"].delete_many({}),
        lambda: client.list_database_names(),
        lambda: client.admin.command("createUser", "evil", **evil),
        lambda: client.admin.command("replSetGetConfig"),
        lambda: client.admin.command("getParameter", "*"),
        lambda: client.admin.command("shutdown"),
        lambda: client.local["oplog.rs"].find_one(),
    ]


async def _refused(url: str) -> None:
    async with AsyncMongoClient[Json](url, serverSelectionTimeoutMS=5000) as client:
        for attempt in _attempts(client):
            with pytest.raises(OperationFailure):
                await attempt()


async def test_the_database_wants_a_password(running_stack: StackProcess) -> None:
    parts = urlsplit(_database_url(running_stack))
    server = f"mongodb://127.0.0.1:{parts.port}/?directConnection=true"

    await _refused(server)
    for login in ("media:media", "admin:admin", f"media:{'0' * 64}"):
        url = server.replace("//", f"//{login}@")
        async with AsyncMongoClient[Json](url, serverSelectionTimeoutMS=100) as client:
            with pytest.raises(PyMongoError, match="Authentication failed"):
                await client["media"]["users"].find_one()
    async with AsyncMongoClient[Json](_database_url(running_stack)) as client:
        assert "media" in await client.list_database_names()


async def test_nobody_creates_the_first_user_of_a_new_database(tmp_path: Path) -> None:
    mongod = Mongod(tmp_path / "mongodb", ports.free_port())
    await mongod.start()
    try:
        assert mongod.process is not None
        await mongod.process.ready(lambda: ports.accepts(mongod.port))
        await _refused(f"mongodb://127.0.0.1:{mongod.port}/?directConnection=true")
        await mongod.ready()
        await _refused(f"mongodb://127.0.0.1:{mongod.port}/?directConnection=true")
    finally:
        await mongod.stop()


def test_the_password_is_shown_nowhere(running_stack: StackProcess) -> None:
    file = running_stack.data_directory / "database-url"
    password = urlsplit(file.read_text()).password
    key = (running_stack.data_directory / "mongodb" / "key").read_text()
    assert password is not None
    assert len(password) == len(key) == 64
    assert password != key
    logs = [path for path in running_stack.data_directory.rglob("*.log*") if path.is_file()]
    assert logs
    texts = [path.read_text(errors="replace") for path in logs]
    texts += [running_stack.output, running_stack.complaints]
    for pid in (running_stack.process.pid, *running_stack.children().values()):
        texts.append(Path(f"/proc/{pid}/cmdline").read_text())

    assert not any(secret in text for secret in (password, key) for text in texts)
    for secret_file in (file, running_stack.data_directory / "mongodb" / "key"):
        assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600


async def _is_primary(client: AsyncMongoClient[Json]) -> bool:
    return bool((await client.admin.command("hello"))["isWritablePrimary"])


async def test_data_of_an_earlier_release_gets_a_password(tmp_path: Path) -> None:
    """An earlier release ran mongod without logins, as a set of the same name."""
    port, data = ports.free_port(), tmp_path / "mongodb" / "data"
    data.mkdir(parents=True)
    earlier = Process(
        "mongod",
        [
            *(await find_mongod(), "--dbpath", str(data), "--port", str(port)),
            *("--bind_ip", ports.HOST, "--replSet", "local", "--nounixsocket"),
        ],
        directory=tmp_path,
        log=tmp_path / "earlier.log",
        environment={"HOME": str(tmp_path), "LC_ALL": "C"},
    )
    await earlier.start()
    try:
        await earlier.ready(lambda: ports.accepts(port))
        url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
        async with AsyncMongoClient[Json](url) as client:
            members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
            await client.admin.command("replSetInitiate", {"_id": "local", "members": members})
            await earlier.ready(lambda: _is_primary(client))
            await client["media"]["things"].insert_one({"kept": True})
    finally:
        await earlier.stop()

    # Twice: the key is new at first, and lost before the second start.
    for _ in range(2):
        mongod = Mongod(tmp_path / "mongodb", ports.free_port())
        await mongod.start()
        try:
            await mongod.ready()
            await _refused(f"mongodb://127.0.0.1:{mongod.port}/?directConnection=true")
            async with AsyncMongoClient[Json](mongod.url) as client:
                found = await client["media"]["things"].find_one()
            assert found is not None
            assert found["kept"]
        finally:
            await mongod.stop()
        (tmp_path / "mongodb" / "key").unlink()


# ---------------------------------------------------------------- HTTP


async def test_strange_paths(running_stack: StackProcess) -> None:
    for path in BAD_PATHS:
        for method in METHODS:
            request = b"%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            sent = request % (method.encode(), path)
            answer = await exchange(running_stack.url, sent, method)
            assert answer.status_code in (400, 404, 405), (method, path, answer)
            assert b"root:" not in answer.body
            assert "set-cookie" not in answer.headers
    assert "Traceback" not in running_stack.complaints


@needs_web_client
async def test_pages_and_files_are_still_there(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.status_code == 200
    for path in ("/library", "/login", "/a/b-c/d_e", "/index.html", *_assets(page.text)):
        assert (await client.get(path)).status_code == 200, path


@needs_web_client
async def test_what_only_tools_need_is_not_public(client: httpx.AsyncClient) -> None:
    asset = _assets((await client.get("/")).text)[0]
    for path in ("/.vite/manifest.json", f"{asset}.map", f"{asset}.br", "/index.html.gz"):
        assert (await client.get(path)).status_code == 404, path


async def test_events_that_are_none(running_stack: StackProcess, client: httpx.AsyncClient) -> None:
    secrets = json.loads((running_stack.data_directory / "secrets.json").read_text())
    token = {"Authorization": f"Bearer {secrets['webhook_token']}"}
    for body in EVENT_BODIES:
        assert (await client.post(PATH, content=body, headers=token)).status_code == 400, body[:80]
        assert (await client.post(PATH, content=body)).status_code == 401
    assert (await client.post(PATH, json={"Records": []}, headers=token)).status_code == 204
    assert "Traceback" not in running_stack.complaints


@pytest.mark.parametrize("path", ["/", "/graphql", "/health", PATH, "/assets/none.js"])
async def test_another_sites_name_for_this_machine(client: httpx.AsyncClient, path: str) -> None:
    """DNS rebinding: the browser takes the service for a part of evil.test."""
    for method in ("GET", "POST", "HEAD", "OPTIONS"):
        answer = await client.request(method, path, headers={"Host": "evil.test:8000"})
        assert answer.status_code == 421
        assert "evil" not in answer.text
        assert "access-control-allow-origin" not in answer.headers
    assert (await client.get("/health", headers={"Host": "localhost:1"})).status_code == 200


async def test_names_that_the_operator_allows(start_stack: StartStack) -> None:
    stack = start_stack(ALLOWED_HOSTS="Media.lan, files.example.com").wait_until_running()
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False, verify=False) as client:
        for host, status in (("media.lan", 200), ("files.example.com:443", 200), ("lan", 421)):
            assert (await client.get("/health", headers={"Host": host})).status_code == status


async def test_a_forged_address_does_not_lift_the_limit_of_logins(
    client: httpx.AsyncClient,
) -> None:
    name = new_username()
    await Api(client).sign_up(name)
    query = (
        "mutation ($input: LoginInput!) { login(input: $input) { __typename } }",
        {"username": name, "password": "a wrong password"},
    )
    results = []
    for n in range(7):
        forged = {"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"}
        answer = await Api(client).post(query[0], forged, input=query[1])
        results.append(answer.json()["data"]["login"]["__typename"])

    assert results[0] == "InvalidCredentials"
    assert results[-1] == "TooManyAttempts"


# ---------------------------------------------------------------- compression


def _assets(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)


async def _first_load(client: httpx.AsyncClient, accepted: str) -> int:
    """Return the bytes of the bodies that the first page's files take on the wire."""
    page = (await client.get("/")).text
    total_bytes = 0
    for path in ("/", *_assets(page)):
        async with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
            assert answer.status_code == 200
            assert answer.headers["vary"] == "Accept-Encoding"
            total_bytes += len(b"".join([chunk async for chunk in answer.aiter_raw()]))
    return total_bytes


@needs_web_client
async def test_a_first_load_is_compressed(client: httpx.AsyncClient) -> None:
    plain = await _first_load(client, "identity")
    gzip = await _first_load(client, "gzip, deflate")
    brotli = await _first_load(client, "gzip, deflate, br, zstd")

    assert brotli < gzip < 200_000 < plain


async def test_no_secret_is_compressed(client: httpx.AsyncClient) -> None:
    """The length of a compressed answer would tell what is in it (BREACH)."""
    ada = await new_user(client)
    query = "{ uploads { nodes { filename transfer { parts { url } } } } }"
    await ada.request_uploads([{"filename": "a", "contentType": "a/b", "size": 1}] * 20)
    answer = await ada.post(query, {"Accept-Encoding": "gzip, br"})

    assert len(answer.content) > 1000
    assert "content-encoding" not in answer.headers
