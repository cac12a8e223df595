"""The data directory: whatever must survive a restart, for the owner's eyes only."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local import ports
from local.errors import BadConfiguration
from local.gateway import KeyPair


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the parts of the stack prove themselves to each other with.

    `stack_id` is no secret: it keeps this stack's data apart from others' on shared servers.
    """

    stack_id: str
    jwt_key: str = field(repr=False)
    s3_secret_access_key: str = field(repr=False)
    webhook_token: str = field(repr=False)

    @property
    def s3_keys(self) -> KeyPair:
        """The credentials of the S3 gateway."""
        return KeyPair("local", self.s3_secret_access_key)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the embedded servers listen."""

    mongod: int
    gateway: int


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Create `directory` if need be, and keep every other stack out of it meanwhile.

    The kernel drops the lock with our process, however that ends.

    Raises:
        BadConfiguration: if another stack uses it, or it can't be written.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (directory / "lock").open("a+")
    except OSError as error:
        raise BadConfiguration(
            f"DATA_DIR {directory} can't be used ({error.strerror}). Choose another directory: "
            "DATA_DIR=/path/to/it make run"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise BadConfiguration(
                f"DATA_DIR {directory} is in use by another stack (process {lock.read().strip()}). "
                "Stop that one, or choose another directory and another port: "
                "DATA_DIR=.local2 PORT=8001 make run"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def load_secrets(directory: Path) -> Secrets:
    """The secrets kept in `directory`; made up the first time.

    Raises:
        BadConfiguration: if the file is damaged: new secrets would sign everybody out silently.
    """
    file = directory / "secrets.json"
    try:
        return Secrets(**json.loads(file.read_text()))
    except FileNotFoundError:
        fresh = Secrets(secrets.token_hex(4), *(secrets.token_hex(32) for _ in range(3)))
        _write_privately(file, json.dumps(asdict(fresh), indent=2))
        return fresh
    except (OSError, ValueError, TypeError) as error:
        raise BadConfiguration(
            f"{file} can't be read ({error}). Delete it to get new secrets; sessions end then."
        ) from error


def load_ports(directory: Path) -> Ports:
    """The ports kept in `directory`, and new ones for those that others listen on by now.

    Clients hold addresses with them over a restart: signed URLs, pages that are open, tunnels.
    """
    file = directory / "ports.json"
    kept = _kept_ports(file)
    mongod = _free(kept.get("mongod"))
    gateway = _free(kept.get("gateway"))
    while gateway == mongod:
        gateway = ports.free_port()
    current = Ports(mongod, gateway)
    if asdict(current) != kept:
        _write_privately(file, json.dumps(asdict(current), indent=2))
    return current


def _kept_ports(file: Path) -> dict[str, object]:
    """Nothing is lost with a file that is damaged: other ports do as well."""
    try:
        kept = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _free(port: object) -> int:
    usable = isinstance(port, int) and 1 <= port <= 65_535 and ports.is_free(port)
    return port if isinstance(port, int) and usable else ports.free_port()


def _write_privately(file: Path, text: str) -> None:
    """Write the file in one step, so that a crash leaves all of it or none."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
