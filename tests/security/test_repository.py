"""The repository contains no secret (OWASP ASVS 5.0, 13.3.1) and no default account (6.3.2)."""

from __future__ import annotations

import re

import pytest

from tests.tracked_files import ROOT, tracked_files

SECRETS = {
    "AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "AWS secret key": r"(?i)aws.{0,20}secret.{0,20}[=:]\s*['\"]?[A-Za-z0-9/+]{40}\b",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b|_authToken=\w",
    "PyPI token": r"\bpypi-[A-Za-z0-9_-]{50,}",
    "Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "API key of ours": r"\bmus_[A-Za-z0-9_-]{43}\b",
    "operator's key of ours": r"\bmuo_[A-Za-z0-9_-]{43}\b",
    "refresh token of ours": r"\bmur_[A-Za-z0-9_-]{64}\b",
    "JWT": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
    "password in a URL": (
        r"\b[a-z+]{3,12}://[^\s:/@'\"{}$<]+:[^\s:/@'\"{}$<]+@"
        # Except hosts that cannot exist (RFC 2606): test, example.com and so on.
        r"(?!(?:[\w-]+\.)*(?:example\.(?:com|net|org)|test|example|invalid)\b)(?:[\w-]+\.)+[a-z]{2,}"
    ),
}
# The example keys in AWS documentation contain this word.
PUBLISHED = "EXAMPLE"


def secrets_in(text: str) -> list[tuple[str, str]]:
    """Return the kind and the first characters of everything that looks like a secret."""
    return [
        (kind, match.group()[:12])
        for kind, pattern in SECRETS.items()
        for match in re.finditer(pattern, text)
        if PUBLISHED not in match.group()
    ]


def test_no_file_holds_a_secret() -> None:
    paths = list(tracked_files())
    assert ROOT / "README.md" in paths
    assert {
        str(path.relative_to(ROOT)): secrets
        for path in paths
        if (secrets := secrets_in(path.read_text(encoding="utf-8", errors="replace")))
    } == {}


def test_no_environment_file_is_in_the_repository() -> None:
    names = [path.name for path in tracked_files()]
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
        ("operator's key of ours", "muo_" + "A" * 43),
        ("refresh token of ours", "mur_" + "A" * 64),
        ("JWT", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "a" * 43),
        ("password in a URL", "mongodb+srv://ada:" + "hunter2@cluster0.mongodb.net"),
    ],
)
def test_a_secret_would_be_found(kind: str, text: str) -> None:
    assert kind in [name for name, _ in secrets_in(f"x = '{text}'\n")]


@pytest.mark.parametrize("name", ["template.yaml", "compose.yaml", "gql_api", "local"])
def test_no_account_comes_with_the_service(name: str) -> None:
    """No deployed or started code signs up a user on its own."""
    path = ROOT / name
    sources = [path] if path.is_file() else sorted(path.rglob("*.py"))
    calls = re.compile(r"\.sign_up\(|users.{0,20}\.insert_one\(|insert\(user,")
    users = [str(s.relative_to(ROOT)) for s in sources if calls.search(s.read_text("utf-8"))]
    allowed = {
        "gql_api/schema/mutations/sign_up.py",
        "gql_api/services/accounts.py",
        "gql_api/adapters/mongo/users.py",
        # When a token of theirs arrives.
        "gql_api/adapters/mongo/external_users.py",
    }
    assert set(users) <= allowed
