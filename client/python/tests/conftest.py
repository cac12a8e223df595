"""Fixtures: one service per pytest worker, one user of it, and the command as a process.

signUp is rate limited per address, so the tests share a user and tag their uploads.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.in_process import InProcess
from client.python.tests.recorder import Recorder
from client.python.tests.service import Service
from client.python.tests.sync_command import Sync

from media_client import MediaClient

PASSWORD = "correct horse battery"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MEDIA = str(Path(sys.executable).with_name("media"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "random: does random work; `make soak` does more of it")


@dataclass
class Account:
    """A user of a service."""

    url: str
    username: str
    token: str = field(repr=False)

    def client(self) -> MediaClient:
        """A client with the user's API key."""
        return MediaClient(self.url, token=self.token)


def sign_up(url: str) -> Account:
    """Create a user with an API key."""
    username = f"ada-{uuid.uuid4().hex[:12]}"
    with MediaClient(url) as client:
        client.sign_up(username, PASSWORD)
        return Account(url, username, client.create_api_key("tests").token)


@contextmanager
def account_of(service: Service) -> Iterator[Account]:
    """Sign up a user of a service that has just been started, and stop it at the end."""
    try:
        yield sign_up(service.running().url)
    finally:
        service.stop()


class Media:
    """The command, with its own directories below `home`. `prefix` is a command that runs it."""

    def __init__(self, account: Account, home: Path) -> None:
        self.account = account
        self.home = home
        self.files = home / "files"
        self.files.mkdir()
        self.prefix: Sequence[str] = ()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "MEDIA_URL": account.url,
            "MEDIA_TOKEN": account.token,
        }

    def __call__(
        self, *arguments: str, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command and wait for it to end."""
        return subprocess.run(
            [*self.prefix, MEDIA, *arguments],
            cwd=self.files,
            env=self._with(environment),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=900,  # Enough for 5,000 files on a busy machine.
            check=False,
        )

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command without waiting."""
        return subprocess.Popen(
            [*self.prefix, MEDIA, *arguments],
            cwd=self.files,
            env=self._with(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _with(self, more: Mapping[str, str]) -> dict[str, str]:
        merged = {**self.environment, **more}
        return {name: value for name, value in merged.items() if value}

    def write(self, name: str, size: int = 10, seed: int = 0) -> Path:
        """Write a file of `size` bytes. The content depends on the seed only."""
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        block = bytes((seed + number * 7) % 251 for number in range(251)) * 4178  # About 1 MiB.
        with path.open("wb") as file:
            for left in range(size, 0, -len(block)):
                file.write(block[:left])
        return path


@pytest.fixture(scope="session", autouse=True)
def signals_arrive() -> None:
    """Let signals arrive, here and in child processes.

    A script's background job ignores Ctrl-C, one that `nohup` started also SIGHUP.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, without a quota. Its responses are small, so that batches must be divided."""
    settings = {
        "USER_QUOTA_BYTES": "",
        "GRAPHQL_MAX_RESPONSE_BYTES": str(256 * 1024),
        "MEDIA_PROCESSING": "false",  # The tests that need facts write them: see `processed`.
    }
    service = Service(tmp_path_factory.mktemp("service") / "near", settings)
    try:
        yield service.running()
    finally:
        service.stop()


@pytest.fixture(scope="session")
def account(service: Service) -> Account:
    """The user that most tests share."""
    return sign_up(service.url)


@pytest.fixture
def media(account: Account, tmp_path: Path) -> Media:
    """The command, signed in with an API key."""
    return Media(account, tmp_path)


@pytest.fixture
def run(media: Media, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    """The same command, run in this process."""
    return InProcess(media, monkeypatch)


@pytest.fixture
def tag() -> str:
    """A unique tag."""
    return uuid.uuid4().hex


@pytest.fixture(scope="session")
def session_proxy(service: Service) -> Iterator[FaultProxy]:
    proxy = FaultProxy(int(service.address("Bucket").rpartition(":")[2]))
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def far_account(
    service: Service, session_proxy: FaultProxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Account]:
    """A user of a second service, whose bucket is behind the fault proxy."""
    # It does not read files back to verify a SHA-256.
    settings = {
        **service.behind(service.address("Bucket"), session_proxy.url),
        "CHECKSUM_READ_MAX_BYTES": "0",
    }
    with account_of(Service(tmp_path_factory.mktemp("far") / "far", settings)) as account:
        yield account


@pytest.fixture
def proxy(session_proxy: FaultProxy, far_account: Account) -> Iterator[FaultProxy]:
    """The proxy in front of `far_media`'s bucket, without faults at first."""
    session_proxy.reset()
    yield session_proxy
    session_proxy.reset()


@pytest.fixture
def far_media(far_account: Account, proxy: FaultProxy, tmp_path: Path) -> Media:
    """The command, with the fault proxy in front of the bucket."""
    return Media(far_account, tmp_path)


@pytest.fixture
def recorder(account: Account) -> Iterator[Recorder]:
    """A proxy in front of the service."""
    recorder = Recorder(account.url)
    yield recorder
    recorder.close()


@pytest.fixture
def sync(media: Media, account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sync]:
    """`media sync`, run in this process. The current folder is that of `media`."""
    monkeypatch.chdir(media.files)
    with account.client() as client:
        yield Sync(media, client)
