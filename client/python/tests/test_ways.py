"""Connecting to the service: TLS with a private authority, and proxies from the environment."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from client.python.tests.conftest import Account, Media, sign_up
from client.python.tests.fault_proxy import FaultProxy
from client.python.tests.forward_proxy import ForwardProxy
from client.python.tests.service import Service, free_port

from media_client.cli.exits import ExitStatus

MIB = 1024 * 1024


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
        proxy = ForwardProxy(hosts)
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
    proxy.credentials.clear()
    media = Media(account, tmp_path)
    address = f"http://ada:s%3Acret@127.0.0.1:{proxy.port}"
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
    assert proxy.credentials == {f"Basic {b64encode(b'ada:s:cret').decode()}"}
    fetched = inside("download", result.stdout.partition("\t")[0], "-o", "fetched")
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert (inside.files / "fetched").read_bytes() == path.read_bytes()


def test_no_proxy(inside: Media, hidden: tuple[Account, ForwardProxy]) -> None:
    _, proxy = hidden
    result = inside("whoami", NO_PROXY="media.test")
    assert (result.returncode, result.stdout) == (ExitStatus.NETWORK, "")
    assert result.stderr == "media: The host name 'media.test' can't be resolved.\n"
    assert proxy.requests == []


def test_an_unreachable_proxy(inside: Media) -> None:
    port = free_port()
    result = inside("whoami", HTTPS_PROXY=f"http://127.0.0.1:{port}")
    assert (result.returncode, result.stdout) == (ExitStatus.NETWORK, "")
    assert result.stderr == (
        f"media: The proxy 127.0.0.1:{port} can't be reached: Connection refused.\n"
    )
