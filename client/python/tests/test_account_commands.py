"""Account and API key commands and their exact output, against a real service."""

from __future__ import annotations

import json
import re
import stat
import subprocess

from client.python.tests.conftest import ID, PASSWORD, TIME, Account, Media, sign_up
from client.python.tests.in_process import InProcess


def test_login_whoami_logout(media: Media, run: InProcess, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="", MEDIA_URL="")
    no_address = run("whoami")
    assert (no_address.returncode, no_address.stdout) == (6, "")
    assert no_address.stderr == (
        "media: No service address. Run `media login --url https://…` once, or set MEDIA_URL.\n"
    )
    login = ("login", "--url", account.url, "-u", account.username, "--password-stdin")
    wrong = run(*login, stdin="wrong password\n")
    assert wrong.returncode == 3
    assert wrong.stdout == ""
    right = run(*login, stdin=f"{PASSWORD}\n")
    assert (right.returncode, right.stdout) == (0, f"Signed in as {account.username}.\n")
    whoami = run("whoami")
    assert whoami.returncode == 0
    assert re.fullmatch(
        rf"Username  {account.username}\n"
        rf"Used      [\d.]+ \w+ of no limit, \d+ uploads\n"
        rf"Service   {account.url}/graphql\n",
        whoami.stdout,
    )
    fields = json.loads(run("whoami", "--json").stdout)
    assert fields["username"] == account.username
    assert fields["usage"]["quotaBytes"] is None
    for path in (media.home / "config/media").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    out = run("logout")
    assert (out.returncode, out.stdout) == (0, "Signed out.\n")
    after = run("whoami")
    assert after.returncode == 3
    assert after.stderr == "media: You are not signed in. Run `media login` first.\n"


def test_login_with_an_api_key(media: Media, run: InProcess, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="", MEDIA_URL="")
    login = ("login", "--url", account.url, "--with-token")
    unknown = run(*login, stdin="mus_unknown\n")
    assert unknown.returncode == 3
    assert run(*login, stdin=f"{account.token}\n").stdout == f"Signed in as {account.username}.\n"
    assert run("ls", "-n", "1").returncode == 0
    assert run("logout").stdout == (
        "The API key was removed from this machine. `media api-key revoke` revokes it everywhere.\n"
    )


def test_password(media: Media, run: InProcess) -> None:
    """Uses a separate user, because the other tests rely on the shared user's password."""
    refused = run("password", "--password-stdin", stdin=f"{PASSWORD}\nanother good one\n")
    assert (refused.returncode, refused.stdout) == (5, "")
    account = sign_up(media.account.url)
    media.environment.update(MEDIA_TOKEN="")
    login = ("login", "-u", account.username, "--password-stdin")
    run(*login, stdin=f"{PASSWORD}\n")
    run(*login, stdin=f"{PASSWORD}\n", XDG_CONFIG_HOME=str(media.home / "elsewhere"))
    weak = run("password", "--password-stdin", stdin=f"{PASSWORD}\nshort\n")
    assert (weak.returncode, weak.stdout) == (5, "")
    wrong = run("password", "--password-stdin", stdin="wrong\nanother good one\n")
    assert (wrong.returncode, wrong.stdout) == (3, "")
    changed = run("password", "--password-stdin", stdin=f"{PASSWORD}\nanother good one\n")
    assert changed.returncode == 0, changed.stderr
    assert re.fullmatch(r"The password was changed\. Other sessions ended: \d\.\n", changed.stdout)
    assert run("whoami").returncode == 0
    assert run("whoami", XDG_CONFIG_HOME=str(media.home / "elsewhere")).returncode == 3
    assert run(*login, stdin=f"{PASSWORD}\n").returncode == 3
    assert run(*login, stdin="another good one\n").returncode == 0
    assert run("whoami", MEDIA_TOKEN=account.token).returncode == 0


def test_limits(run: InProcess) -> None:
    result = run("limits", MEDIA_TOKEN="")
    assert result.stdout == (
        "Maximum file size             5.0 TiB\n"
        "Single part up to             16.0 MiB\n"
        "Media types                   */*\n"
        "URLs valid for                900 s\n"
        "Pending uploads expire after  604800 s\n"
        "The trash keeps uploads for   2592000 s\n"
        "Checksums                     SHA256\n"
    )
    assert json.loads(run("limits", "--json").stdout) == {
        "maxUploadBytes": 5 * 1024**4,
        "singlePartMaxBytes": 16 * 1024**2,
        "contentTypes": ["*/*"],
        "urlTtlSeconds": 900,
        "pendingTtlSeconds": 604800,
        "trashTtlSeconds": 2592000,
        "checksumAlgorithms": ["SHA256"],
    }


def test_api_keys(media: Media, run: InProcess, account: Account) -> None:
    refused = run("api-key", "create", "another")
    assert refused.returncode == 5
    assert refused.stderr == (
        "media: An API key can't use createApiKey. Log in with your password.\n"
    )
    media.environment.update(MEDIA_TOKEN="")
    run("login", "-u", account.username, "--password-stdin", stdin=PASSWORD)
    created = run("api-key", "create", "nightly backup", "--expires", "2099-01-01")
    assert created.returncode == 0
    token = created.stdout.strip()
    assert token.startswith("mus_")
    match = ID.search(created.stderr)
    assert match
    key_id = match.group()
    assert created.stderr == (
        f"media: Save this key now: it is not shown again. Its id is {key_id}.\n"
    )
    listed = run("api-key", "ls")
    assert f"{key_id}\tTIME" in TIME.sub("TIME", listed.stdout)
    assert any(
        TIME.sub("TIME", line) == f"{key_id}\tTIME\tTIME\tnever\tALL\tnightly backup"
        for line in listed.stdout.splitlines()
    )
    assert token not in listed.stdout
    assert run("api-key", "revoke", key_id).stdout == f"{key_id}\n"
    again = run("api-key", "revoke", key_id)
    assert (again.returncode, again.stdout) == (4, "")
    assert run("whoami", MEDIA_TOKEN=token).returncode == 3


def test_a_key_with_a_scope(media: Media, run: InProcess, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="")
    run("login", "-u", account.username, "--password-stdin", stdin=PASSWORD)
    create = ("api-key", "create", "scanner", "--json", "--password-stdin")
    created = json.loads(run(*create, "--scope", "upload", stdin=PASSWORD).stdout)
    assert created["scope"] == "UPLOAD"
    wrong = run(*create, stdin="wrong password\n")
    assert wrong.returncode == 3
    assert json.loads(wrong.stdout)["error"]["code"] == "INVALID_CREDENTIALS"
    (media.files / "scan.txt").write_text("a page")
    sent = run("upload", "scan.txt", "--json", MEDIA_TOKEN=created["token"])
    assert sent.returncode == 0, sent.stderr
    listed = run("ls", MEDIA_TOKEN=created["token"])
    assert (listed.returncode, listed.stdout) == (5, "")
    assert listed.stderr == (
        "media: An API key with scope UPLOAD can't use uploads. Use a key with scope ALL or READ.\n"
    )
    assert run("rm", json.loads(sent.stdout)["id"], "--yes").returncode == 0
    assert run("api-key", "revoke", created["id"]).returncode == 0


def test_sessions(media: Media, run: InProcess) -> None:
    """Uses a separate user, because the other tests log in, too."""
    account = sign_up(media.account.url)
    media.environment.update(MEDIA_TOKEN="")
    elsewhere = str(media.home / "elsewhere")
    login = ("login", "-u", account.username, "--password-stdin")
    run(*login, stdin=PASSWORD, XDG_CONFIG_HOME=elsewhere)
    run(*login, stdin=PASSWORD)
    listed = [json.loads(line) for line in run("session", "ls", "--json").stdout.splitlines()]
    assert [it["current"] for it in listed][:2] == [True, False]
    assert "media" in listed[0]["userAgent"]
    assert TIME.sub("TIME", run("session", "ls").stdout.splitlines()[0]) == (
        f"{listed[0]['id']}\tTIME\tTIME\tcurrent\t{listed[0]['userAgent']}"
    )
    other = listed[1]["id"]
    assert run("session", "end", other).stdout == f"{other}\n"
    again = run("session", "end", other)
    assert (again.returncode, again.stderr) == (4, "media: There is no such session.\n")
    assert run("whoami", XDG_CONFIG_HOME=elsewhere).returncode == 3
    by_key = run("session", "end", listed[0]["id"], MEDIA_TOKEN=account.token)
    assert by_key.returncode == 5
    assert run("session", "ls", MEDIA_TOKEN=account.token).stdout == ""
    assert run("whoami").returncode == 0


def test_all_account_commands_as_json(media: Media, run: InProcess) -> None:
    """Uses a separate user, because the other tests rely on the shared user's password."""
    account = sign_up(media.account.url)
    media.environment.update(MEDIA_TOKEN="")

    def fields(*arguments: str, stdin: str = "") -> dict[str, object]:
        result = run(*arguments, "--json", stdin=stdin)
        assert (result.returncode, result.stderr) == (0, "")
        [line] = result.stdout.splitlines()
        value = json.loads(line)
        assert isinstance(value, dict)
        return value

    login = ("login", "-u", account.username, "--password-stdin")
    signed_in = {
        "username": account.username,
        "url": f"{account.url}/graphql",
        "profile": "default",
    }
    assert fields(*login, stdin=PASSWORD) == signed_in
    old = [
        session["id"]
        for session in _lines(run("session", "ls", "--json"))
        if not session["current"]
    ]
    assert fields("session", "end", str(old[0])) == {"id": old[0]}
    created = fields("api-key", "create", "spare")
    assert fields("api-key", "revoke", str(created["id"])) == {"id": created["id"]}
    passwords = f"{PASSWORD}\nanother good one\n"
    changed = fields("password", "--password-stdin", stdin=passwords)
    assert changed == {"endedSessions": 0, "apiKeysRevoked": False}
    assert fields("logout") == {"apiKeyRemoved": False, "endedSessions": 1}
    with_token = ("login", "--with-token")
    assert fields(*with_token, stdin=account.token) == signed_in
    assert fields("logout") == {"apiKeyRemoved": True, "endedSessions": 0}


def _lines(result: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_new_password_and_no_api_keys(media: Media, run: InProcess) -> None:
    account = sign_up(media.account.url)
    media.environment.update(MEDIA_TOKEN="")
    run("login", "-u", account.username, "--password-stdin", stdin=PASSWORD)
    command = ("password", "--password-stdin", "--revoke-api-keys")
    changed = run(*command, stdin=f"{PASSWORD}\nanother good one\n")
    assert changed.returncode == 0, changed.stderr
    assert changed.stdout.endswith(" Your API keys were revoked.\n")
    assert run("whoami", MEDIA_TOKEN=account.token).returncode == 3
