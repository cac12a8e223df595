"""Connecting to the service: TLS with a private authority, proxies, and passwords over http."""

from __future__ import annotations

import importlib.util
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from client.python.tests.conftest import Account, Media, sign_up
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.forward_proxy import ForwardProxy
from client.python.tests.service import Service, free_port
from client.python.tests.socks_proxy import SocksProxy

from media_client import MediaClient
from media_client.cli.exits import ExitStatus
from media_client.errors import ConfigurationError, NetworkError, ProxyRefused
from media_client.http.proxies import proxy_for
from media_client.tokens import MemoryStore, SessionTokens

MIB = 1024 * 1024
USER = "ada:s:cret"
CREDENTIALS = "ada:s%3Acret"  # As in the URL of a proxy.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which creates the certificate, is not installed")
    path = tmp_path_factory.mktemp("certificate") / "media.pem"
    names = "subjectAltName=DNS:media.test,IP:127.0.0.1"
    command = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=media.test -addext {names}"
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([openssl, *command.split(), *files], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture(scope="module")
def tls(certificate: Path) -> ssl.SSLContext:
    """A TLS context for a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="module")
def secure(
    service: Service, tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Account]:
    """A user of a service that, like its bucket, is reachable over TLS only."""
    bucket = FaultProxy(int(service.address("Bucket").rpartition(":")[2]), tls)
    settings = service.behind(service.address("Bucket"), bucket.url)
    other = Service(tmp_path_factory.mktemp("secure") / "secure", settings)
    try:
        account = sign_up(other.running().url)
        front = FaultProxy(other.port, tls)
        yield Account(front.url, account.username, account.token)
        front.close()
    finally:
        other.stop()
        bucket.close()


def test_a_private_authority(secure: Account, certificate: Path, tmp_path: Path) -> None:
    media = Media(secure, tmp_path)
    path = media.write("film.bin", 40 * MIB)
    media.environment["SSL_CERT_FILE"] = str(certificate)
    result = media("upload", "film.bin", "--checksum")
    assert (result.returncode, result.stderr) == (0, "")
    fetched = media("download", result.stdout.partition("\t")[0], "-o", "fetched")
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert (media.files / "fetched").read_bytes() == path.read_bytes()


def test_an_unknown_authority(secure: Account, tmp_path: Path) -> None:
    media = Media(secure, tmp_path)
    media.write("a.txt")
    result = media("upload", "a.txt")
    assert (result.returncode, result.stdout) == (ExitStatus.NETWORK, "")
    where = secure.url.removeprefix("https://")
    assert result.stderr == (
        f"media: The certificate of {where} is not trusted: self-signed certificate. "
        "To trust another authority, set SSL_CERT_FILE to a file with its certificate.\n"
    )


@pytest.fixture(scope="module")
def hidden(
    service: Service, tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Account, ForwardProxy]]:
    """A user of https://media.test with its bucket http://bucket.test, both behind a proxy."""
    bucket = service.address("Bucket")
    other = Service(
        tmp_path_factory.mktemp("hidden") / "hidden",
        {**service.behind(bucket, "http://bucket.test"), "ALLOWED_HOSTS": "media.test"},
    )
    try:
        account = sign_up(other.running().url)
        front = FaultProxy(other.port, tls)
        hosts = {"media.test": front.port, "bucket.test": int(bucket.rpartition(":")[2])}
        proxy = ForwardProxy(hosts, USER)
        yield Account("https://media.test", account.username, account.token), proxy
        proxy.close()
        front.close()
    finally:
        other.stop()


@pytest.fixture
def inside(hidden: tuple[Account, ForwardProxy], certificate: Path, tmp_path: Path) -> Media:
    """The command, with the proxy and the certificate in its environment variables."""
    account, proxy = hidden
    proxy.requests.clear()
    media = Media(account, tmp_path)
    address = f"http://{CREDENTIALS}@127.0.0.1:{proxy.port}"
    media.environment.update(
        HTTPS_PROXY=address, HTTP_PROXY=address, SSL_CERT_FILE=str(certificate)
    )
    return media


def test_proxies_from_the_environment(inside: Media, hidden: tuple[Account, ForwardProxy]) -> None:
    """TLS goes through a tunnel; plain HTTP requests have the absolute URL as their target."""
    _, proxy = hidden
    path = inside.write("film.bin", 40 * MIB)
    result = inside("upload", "film.bin")
    assert (result.returncode, result.stderr) == (0, "")
    assert set(proxy.requests) == {"CONNECT media.test:443", "PUT bucket.test"}
    fetched = inside("download", result.stdout.partition("\t")[0], "-o", "fetched")
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert (inside.files / "fetched").read_bytes() == path.read_bytes()


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without proxies, for tests that set their own."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)
    return monkeypatch


def test_no_proxy(
    hidden: tuple[Account, ForwardProxy], certificate: Path, no_proxies: pytest.MonkeyPatch
) -> None:
    account, proxy = hidden
    no_proxies.setenv("HTTPS_PROXY", f"http://{CREDENTIALS}@127.0.0.1:{proxy.port}")
    proxy.requests.clear()
    for names, message in (("", None), ("media.test", "The host name 'media.test' can't be")):
        no_proxies.setenv("NO_PROXY", names)
        with MediaClient(account.url, ca_bundle=certificate, max_retries=0) as client:
            if message is None:
                assert client.limits()
                continue
            with pytest.raises(NetworkError, match=message):
                client.limits()
    assert proxy.requests == ["CONNECT media.test:443"]


def test_an_unreachable_proxy(no_proxies: pytest.MonkeyPatch) -> None:
    port = free_port()
    no_proxies.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    message = rf"^The proxy 127\.0\.0\.1:{port} can't be reached: Connection refused\.$"
    with (
        MediaClient("https://media.test", max_retries=0) as client,
        pytest.raises(NetworkError, match=message),
    ):
        client.limits()


def _copied(client: MediaClient, path: Path, copy: Path) -> bytes:
    return client.download_file(client.upload_file(path).id, copy).read_bytes()


def test_a_proxy_for_everything_without_a_scheme(
    hidden: tuple[Account, ForwardProxy],
    certificate: Path,
    no_proxies: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    account, proxy = hidden
    path = Media(account, tmp_path).write("a.txt", 100_000)
    no_proxies.setenv("ALL_PROXY", f"{CREDENTIALS}@127.0.0.1:{proxy.port}")
    with MediaClient(account.url, token=account.token, ca_bundle=certificate) as client:
        assert _copied(client, path, tmp_path / "copy") == path.read_bytes()
        no_proxies.setenv("ALL_PROXY", f"127.0.0.1:{proxy.port}")
    with MediaClient(account.url, token=account.token, ca_bundle=certificate) as client:
        for url in (client.url, "http://bucket.test/a"):
            with pytest.raises(ProxyRefused, match="asks for a username and a password") as refused:
                client.api.pool(Event()).request("GET", url, ())
            assert f"http://username:password@127.0.0.1:{proxy.port}." in str(refused.value)


def test_a_socks_proxy(
    hidden: tuple[Account, ForwardProxy],
    certificate: Path,
    no_proxies: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    account, proxy = hidden
    path = Media(account, tmp_path).write("a.txt", 100_000)
    socks = SocksProxy(proxy.hosts, USER)
    no_proxies.setenv("ALL_PROXY", f"socks5h://{CREDENTIALS}@127.0.0.1:{socks.port}")
    try:
        with MediaClient(account.url, token=account.token, ca_bundle=certificate) as client:
            assert _copied(client, path, tmp_path / "copy") == path.read_bytes()
    finally:
        socks.close()
    assert set(socks.requests) == {"media.test:443", "bucket.test:80"}
    message = rf"^media\.test:443 can't be reached through 127\.0\.0\.1:{socks.port}: .*refused\.$"
    with (
        MediaClient(account.url, max_retries=0) as client,
        pytest.raises(NetworkError, match=message),
    ):
        client.limits()
    no_proxies.setattr(importlib.util, "find_spec", lambda _name: None)
    with (
        MediaClient(account.url, token=account.token) as client,
        pytest.raises(ConfigurationError, match=r"install media-client\[socks\]\.$"),
    ):
        client.viewer()


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"HTTP_PROXY": "proxy.test"}, "proxy.test:8080"),
        ({"HTTP_PROXY": "[::1]:3128"}, "::1:3128"),
        ({"HTTP_PROXY": "https://proxy.test"}, "proxy.test:443"),
        ({"all_proxy": "socks://proxy.test"}, "proxy.test:1080"),
        ({"HTTP_PROXY": "a.test:1", "ALL_PROXY": "b.test:1"}, "a.test:1"),
        ({"HTTPS_PROXY": "a.test:1"}, None),
        ({"ALL_PROXY": "a.test:1", "NO_PROXY": "media.test:8000"}, None),
        ({"ALL_PROXY": "a.test:1", "NO_PROXY": "media.test:443"}, "a.test:1"),
        ({"ALL_PROXY": "a.test:1", "NO_PROXY": ".test"}, None),
        ({"ALL_PROXY": "a.test:1", "NO_PROXY": "*"}, None),
    ],
)
def test_forms_of_proxies(
    environment: dict[str, str], address: str | None, no_proxies: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        no_proxies.setenv(name, value)
    proxy = proxy_for("http", "media.test", 8000)
    assert (proxy and proxy.address) == address
    assert proxy_for("http", "127.0.0.1", 8000) is None


@pytest.mark.parametrize("address", ["ftp://ada:pass@proxy.test", "http://ada:pass@", "x:y:z"])
def test_an_address_that_is_no_proxy(address: str, no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("HTTP_PROXY", address)
    with pytest.raises(ConfigurationError, match="HTTP_PROXY is not the address of a prox") as bad:
        proxy_for("http", "media.test", 80)
    assert "pass" not in str(bad.value)


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory"), ("x", "it has no certificate")]
)
def test_a_file_without_certificates(content: str | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with (
        MediaClient("https://127.0.0.1:9", token="mus_x", ca_bundle=path) as client,
        pytest.raises(ConfigurationError) as invalid,
    ):
        client.viewer()
    assert str(invalid.value) == f"The certificates in {path} can't be used: {reason}."


def test_passwords_need_https(no_proxies: pytest.MonkeyPatch) -> None:
    """A proxy that is not there shows whether a request is sent."""
    no_proxies.setenv("HTTP_PROXY", f"127.0.0.1:{free_port()}")
    calls: list[Callable[[MediaClient], object]] = [
        lambda client: client.login("ada", "secret"),
        lambda client: client.sign_up("ada", "secret"),
        lambda client: client.change_password("secret", "other"),
        lambda client: client.create_api_key("a", current_password="secret"),
        lambda client: client.refresh_session(),
    ]
    for call in calls:
        store = MemoryStore()
        store.save(SessionTokens("access", "secret", datetime.now(UTC) + timedelta(hours=1)))
        with MediaClient("http://media.test", store=store, max_retries=0) as client:
            with pytest.raises(ConfigurationError, match=r"not sent to media\.test over http"):
                call(client)
            with pytest.raises(NetworkError):
                client.viewer()  # Neither a password nor a refresh token.
            no_proxies.setenv("MEDIA_ALLOW_HTTP", "1")
        with MediaClient("http://media.test", store=store, max_retries=0) as client:
            no_proxies.delenv("MEDIA_ALLOW_HTTP")
            with pytest.raises(NetworkError, match="The proxy 127"):
                call(client)
