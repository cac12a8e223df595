"""The data directory: everything that must survive a restart. Only its owner can read it."""

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

DATABASE_URL = "database-url"
"""The file with the URL of the embedded database, for other programs. It has a password."""
_PORTS = "ports.json"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets that the processes of the stack share.

    `stack_id` is not a secret: it separates this stack's data from others' on shared servers.
    """

    stack_id: str
    jwt_key: str = field(repr=False)
    s3_secret_access_key: str = field(repr=False)
    webhook_token: str = field(repr=False)
    media_token: str = field(repr=False)

    @property
    def s3_keys(self) -> KeyPair:
        """The credentials of the S3 gateway."""
        return KeyPair("local", self.s3_secret_access_key)


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of the embedded servers."""

    mongod: int
    gateway: int
    media_worker: int


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Create `directory` if it is missing, and lock it against other stacks.

    The kernel releases the lock when this process exits, even after a kill.

    Raises:
        BadConfiguration: another stack uses the directory, or it is not writable.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (directory / "lock").open("a+")
    except OSError as error:
        raise BadConfiguration(
            f"Cannot write to DATA_DIR {directory}: {error.strerror}. Choose another directory: "
            "DATA_DIR=/path/to/directory make run"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise BadConfiguration(
                f"DATA_DIR {directory} is in use by another stack (process {lock.read().strip()}). "
                "Stop that stack, or choose another directory and port: "
                "DATA_DIR=.local2 PORT=8001 make run"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def is_locked(directory: Path) -> bool:
    """Return whether a stack is using `directory`."""
    try:
        with (directory / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def load_secrets(directory: Path) -> Secrets:
    """Load the secrets from `directory`, or generate them on the first run.

    Raises:
        BadConfiguration: the file is damaged. Silently replacing it would log all users out.
    """
    file = directory / "secrets.json"
    try:
        kept = json.loads(file.read_text())
        complete = {"media_token": secrets.token_hex(32), **kept}  # Older files have none.
        current = Secrets(**complete)
        if complete != kept:
            write_privately(file, json.dumps(asdict(current), indent=2))
        return current
    except FileNotFoundError:
        fresh = Secrets(secrets.token_hex(4), *(secrets.token_hex(32) for _ in range(4)))
        write_privately(file, json.dumps(asdict(fresh), indent=2))
        return fresh
    except (OSError, ValueError, TypeError) as error:
        raise BadConfiguration(
            f"Cannot read {file}: {error}. Delete the file to generate new secrets; "
            "all users will have to log in again."
        ) from error


def load_ports(directory: Path) -> Ports:
    """Load the ports from `directory`; replace those that another program has taken.

    The ports survive a restart, because clients keep addresses that contain them: signed URLs,
    open web pages and tunnels.
    """
    file = directory / _PORTS
    kept = _kept_ports(file)
    mongod = _free(kept.get("mongod"))
    gateway = _free(kept.get("gateway"))
    while gateway == mongod:
        gateway = ports.free_port()
    media_worker = _free(kept.get("media_worker"))
    while media_worker in (mongod, gateway):
        media_worker = ports.free_port()
    current = Ports(mongod, gateway, media_worker)
    if asdict(current) != kept:
        write_privately(file, json.dumps(asdict(current), indent=2))
    return current


def kept_ports(directory: Path) -> Ports:
    """Return the ports that the stack in `directory` uses, which must be running.

    Raises:
        BadConfiguration: the file cannot be read. A stack that is starting has not written it yet.
    """
    file = directory / _PORTS
    try:
        return Ports(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BadConfiguration(
            f"Cannot read {file}: {error}. Wait until make run reports that the service is running."
        ) from error


def _kept_ports(file: Path) -> dict[str, object]:
    """Return the stored ports; none if the file is missing or damaged: any others will do."""
    try:
        kept = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _free(port: object) -> int:
    usable = isinstance(port, int) and 1 <= port <= 65_535 and ports.is_free(port)
    return port if isinstance(port, int) and usable else ports.free_port()


def write_privately(file: Path, text: str) -> None:
    """Write the file atomically, readable by its owner only."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
