"""No secret lies in the repository (OWASP ASVS 5.0, 13.3.1), nor a default account (6.3.2)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {
    "AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "AWS secret key": r"(?i)aws.{0,20}secret.{0,20}[=:]\s*['\"]?[A-Za-z0-9/+]{40}\b",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b|_authToken=\w",
    "PyPI token": r"\bpypi-[A-Za-z0-9_-]{50,}",
    "Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "API key of ours": r"\bmus_[A-Za-z0-9_-]{43}\b",
    "refresh token of ours": r"\bmur_[A-Za-z0-9_-]{64}\b",
    "JWT": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
    "password in an URL": (
        r"\b[a-z+]{3,12}://[^\s:/@'\"{}$<]+:[^\s:/@'\"{}$<]+@"
        # No host that can't be there (RFC 2606): test, example.com and the like.
        r"(?!(?:[\w-]+\.)*(?:example\.(?:com|net|org)|test|example|invalid)\b)(?:[\w-]+\.)+[a-z]{2,}"
    ),
}
# Keys that AWS publishes in its documentation have this in their names.
PUBLISHED = "EXAMPLE"
# Binaries, and lists of hashes and addresses that a package manager writes.
PASSED_OVER = {".gz", ".png", ".ico", ".woff2", ".webp"}
LOCK_FILES = {"package-lock.json"}


def files() -> Iterator[Path]:
    """All files that belong to the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("This is no git repository.")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if path.suffix not in PASSED_OVER and path.name not in LOCK_FILES and path.is_file():
            yield path


def found(text: str) -> list[tuple[str, str]]:
    """What looks like a secret: its kind, and its beginning."""
    return [
        (kind, match.group()[:12])
        for kind, pattern in SECRETS.items()
        for match in re.finditer(pattern, text)
        if PUBLISHED not in match.group()
    ]


def test_no_file_holds_a_secret() -> None:
    paths = list(files())
    assert ROOT / "README.md" in paths
    assert {
        str(path.relative_to(ROOT)): secrets
        for path in paths
        if (secrets := found(path.read_text(encoding="utf-8", errors="replace")))
    } == {}


def test_no_environment_file_is_in_the_repository() -> None:
    names = [path.name for path in files()]
    assert ".env.example" in names
    assert not [name for name in names if name == ".env" or name.endswith((".pem", ".key"))]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("AWS access key", "AKIA" + "IOSFODNN7EXAMPLX"),
        ("AWS secret key", "AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI/K7MDENG/" + "b" * 18),
        ("private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("GitHub token", "ghp_" + "a1" * 18),
        ("API key of ours", "mus_" + "A" * 43),
        ("refresh token of ours", "mur_" + "A" * 64),
        ("JWT", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "a" * 43),
        ("password in an URL", "mongodb+srv://ada:" + "hunter2@cluster0.mongodb.net"),
    ],
)
def test_a_secret_would_be_found(kind: str, text: str) -> None:
    assert kind in [name for name, _ in found(f"x = '{text}'\n")]


@pytest.mark.parametrize("name", ["template.yaml", "compose.yaml", "gql_api", "local"])
def test_no_account_comes_with_the_service(name: str) -> None:
    """Nothing that is deployed or started signs anybody up by itself."""
    path = ROOT / name
    sources = [path] if path.is_file() else sorted(path.rglob("*.py"))
    calls = re.compile(r"\.sign_up\(|users.{0,20}\.insert_one\(|insert\(user,")
    users = [str(s.relative_to(ROOT)) for s in sources if calls.search(s.read_text("utf-8"))]
    allowed = {
        "gql_api/schema/mutations/sign_up.py",
        "gql_api/services/accounts.py",
        "gql_api/adapters/mongo/users.py",
    }
    assert set(users) <= allowed
