"""The options of all commands: profiles, and settings of the connections."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from client.python.tests.conftest import Account, Media, sign_up
from client.python.tests.in_process import InProcess
from client.python.tests.service import Service

from media_client.cli import context
from media_client.cli.configuration import Configuration, Directories
from media_client.cli.exits import ExitStatus
from media_client.client import MediaClient
from media_client.errors import ConfigurationError


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The arguments of every client that a command creates."""
    calls: list[dict[str, Any]] = []

    def create(url: str, *, token: str | None, store: Any, **options: Any) -> MediaClient:
        calls.append(options)
        return MediaClient(url, token=token, store=store)

    monkeypatch.setattr(context, "MediaClient", create)
    return calls


def test_settings_come_from_options_and_the_environment(
    run: InProcess, given: list[dict[str, Any]], tmp_path: Path
) -> None:
    bundle = tmp_path / "authorities.pem"
    bundle.touch()
    before = ("--bandwidth", "1.5M", "--retries", "0", "--timeout", "9")
    run(*before, "limits", "--ca-bundle", str(bundle))
    run("limits", "--retries", "2", MEDIA_RETRIES="3", MEDIA_TIMEOUT="4", MEDIA_BANDWIDTH="500k")
    run("limits")
    everything = {"timeout": 9, "max_retries": 0, "bandwidth": 1572864, "ca_bundle": str(bundle)}
    mixed = {"timeout": 4, "max_retries": 2, "bandwidth": 512000}
    assert given == [everything, mixed, {}]


@pytest.mark.parametrize(
    "words",
    [
        "--bandwidth 5T",
        "--bandwidth 0",
        "--retries -1",
        "--timeout 0",
        "--timeout nan",
        "--ca-bundle missing",
        "--profile ../work",
        "ls --status nonsense",
        "ls --after yesterday",
        "ls --limit 0",
    ],
)
def test_invalid_values_are_errors_of_the_command_line(words: str, run: InProcess) -> None:
    result = run(*words.split(), *(() if words.startswith("ls") else ("limits",)))
    assert (result.returncode, result.stdout) == (2, "")
    assert words.split()[-2] in result.stderr
    assert words.split()[-1] in result.stderr


def test_a_filter_that_the_service_rejects(run: InProcess) -> None:
    result = run("ls", "--type", "foo")
    assert (result.returncode, result.stdout) == (5, "")
    assert "foo" in result.stderr or "contentType" in result.stderr


def test_debug_prints_the_log_without_secrets(media: Media, run: InProcess) -> None:
    result = run("limits", "--debug")
    assert result.returncode == 0
    host = media.account.url.removeprefix("http://")
    assert f"Z profile default, service {host}\n" in result.stderr
    assert media.account.token not in result.stderr
    assert not logging.getLogger("media_client").handlers
    assert run("limits").stderr == ""


def test_profiles_are_separate_accounts(
    service: Service, account: Account, media: Media, run: InProcess
) -> None:
    other = sign_up(service.url)
    media.environment.update(MEDIA_TOKEN="", MEDIA_URL="")
    login = ("login", "--url", service.url, "--with-token", "--json")
    first = json.loads(run(*login, stdin=account.token).stdout)
    assert first == {
        "username": account.username,
        "url": f"{service.url}/graphql",
        "profile": "default",
    }
    second = json.loads(run("--profile", "work", *login, stdin=other.token).stdout)
    assert (second["username"], second["profile"]) == (other.username, "work")

    def username(*options: str, token: str = "", url: str = "", profile: str = "") -> str:
        environment = {"MEDIA_TOKEN": token, "MEDIA_URL": url, "MEDIA_PROFILE": profile}
        media.environment.update(environment)
        result = run("whoami", "--json", *options)
        media.environment.update(dict.fromkeys(environment, ""))
        assert result.returncode == 0, result.stderr
        return str(json.loads(result.stdout)["username"])

    assert username() == username("--profile", "default") == account.username
    assert username("--profile", "work") == username(profile="work") == other.username
    # A profile on the command line is not signed in with another account's variables.
    foreign = {"token": account.token, "url": "http://[::1]:9"}
    assert username("--profile", "work", **foreign) == other.username
    assert username("--url", service.url, token=account.token, profile="work") == account.username
    listed = [json.loads(line) for line in run("profile", "ls", "--json").stdout.splitlines()]
    assert [(it["name"], it["current"]) for it in listed] == [("default", True), ("work", False)]
    address = f"{service.url}/graphql"
    assert run("profile", "ls", "--profile", "work").stdout == (
        f"default\t{address}\t\nwork\t{address}\tcurrent\n"
    )
    assert run("logout", "--profile", "work").returncode == 0
    assert run("whoami", "--profile", "work").returncode == 3
    assert username() == account.username


def test_a_profile_that_does_not_exist(media: Media, run: InProcess) -> None:
    media.environment.update(MEDIA_TOKEN="", MEDIA_URL="")
    result = run("ls", "--profile", "wrok")
    assert (result.returncode, result.stderr) == (
        6,
        "media: There is no profile wrok. `media login --profile wrok --url https://…` adds it, "
        "and `media profile ls` lists those that exist.\n",
    )


def test_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    for environment in ({}, {"XDG_CONFIG_HOME": "relative"}):
        directories = Directories(environment)
        assert directories.config == tmp_path / ".config/media"
        assert directories.state == tmp_path / ".local/state/media"
    elsewhere = Directories({"XDG_CONFIG_HOME": "/a", "XDG_STATE_HOME": "/b"}, "work")
    assert elsewhere.config == Path("/a/media")
    assert elsewhere.state == Path("/b/media/profiles/work")


def test_files_of_earlier_versions_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On macOS and Windows, which have directories of their own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    native = tmp_path / "Library/media"
    for name in ("user_config_path", "user_state_path"):
        monkeypatch.setattr(
            f"media_client.cli.configuration.{name}", lambda *_args, **_options: native
        )
    assert Directories({}).config == native
    (tmp_path / ".config/media").mkdir(parents=True)
    assert Directories({}).config == tmp_path / ".config/media"
    assert Directories({}).state == native


def test_configuration_files_that_are_damaged(tmp_path: Path) -> None:
    directories = Directories({"XDG_CONFIG_HOME": str(tmp_path)})
    directories.config.mkdir()
    (directories.config / "config.json").write_text('{"profiles": [1], "url": "http://a/graphql"}')
    configuration = Configuration(directories, "work")
    assert configuration.url() is None
    configuration.set_url("http://b/graphql")
    assert configuration.profiles() == {"default": "http://a/graphql", "work": "http://b/graphql"}
    (directories.config / "config.json").write_text("[]")
    with pytest.raises(ConfigurationError, match=r"config\.json must contain a JSON object"):
        configuration.profiles()


@pytest.mark.parametrize(
    "words",
    [
        "ls",
        "info a",
        "rm a",
        "mv a b",
        "tag a",
        "share a",
        "download a",
        "api-key ls",
        "sync . library:a",
    ],
)
def test_json_includes_an_error_that_ends_the_command(words: str, run: InProcess) -> None:
    result = run(*words.split(), "--json", MEDIA_TOKEN="")
    message = "You are not signed in. Run `media login` first."
    assert json.loads(result.stdout) == {"error": {"code": "NotSignedIn", "message": message}}
    assert (result.returncode, result.stderr) == (ExitStatus.NOT_SIGNED_IN, f"media: {message}\n")


@pytest.mark.parametrize("url", ["http://[::1", "http://a:b", "ftp://a", "a"])
@pytest.mark.parametrize("words", ["ls", "login --username ada --password-stdin"])
def test_an_invalid_address(words: str, url: str, run: InProcess) -> None:
    result = run(*words.split(), "--url", url, stdin="correct horse battery")
    message = f"media: '{url}/graphql' is not a server address. It must start with http:// or "
    assert (result.returncode, result.stdout) == (ExitStatus.FILE, "")
    assert result.stderr == f"{message}https://.\n"


def test_an_invalid_proxy(run: InProcess) -> None:
    for proxy in ("http://[::1", "http://a:b", "http://", "ftp://a"):
        result = run("ls", "--url", "http://example.invalid", ALL_PROXY=proxy)
        assert result.returncode == ExitStatus.FILE
        assert result.stderr.startswith("media: ALL_PROXY is not the address of a proxy.")


def test_an_empty_name(run: InProcess) -> None:
    assert run("info", "").stderr == "media: There is no upload named ''.\n"
