"""Each command and its exact output, against a real service."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shlex
import stat
from pathlib import Path

import click
from click.testing import CliRunner
from client.python.tests.conftest import PASSWORD, Account, Media, sign_up

from media_client import UploadFilter
from media_client.cli.exits import ExitStatus
from media_client.cli.keys import api_key
from media_client.cli.main import media as media_command

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def _masked(text: str) -> str:
    """Replace ids and times in the text by placeholders."""
    return TIME.sub("TIME", ID.sub("ID", text))


def _uploaded(media: Media, tag: str, *names: str) -> list[str]:
    """Upload small files with a tag, and return their ids in the order of `names`."""
    ids = []
    for name in names:
        media.write(name, 12)
        result = media("upload", name, "--tag", tag)
        assert result.returncode == 0, result.stderr
        ids.append(result.stdout.split("\t")[0])
    return ids


# ---------------------------------------------------------------- accounts


def test_login_whoami_logout(media: Media, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="", MEDIA_URL="")
    no_address = media("whoami")
    assert (no_address.returncode, no_address.stdout) == (6, "")
    assert no_address.stderr == (
        "media: No service address. Run `media login --url https://…` once, or set MEDIA_URL.\n"
    )
    login = ("login", "--url", account.url, "-u", account.username, "--password-stdin")
    wrong = media(*login, stdin="wrong password\n")
    assert wrong.returncode == 3
    assert wrong.stdout == ""
    right = media(*login, stdin=f"{PASSWORD}\n")
    assert (right.returncode, right.stdout) == (0, f"Signed in as {account.username}.\n")
    whoami = media("whoami")
    assert whoami.returncode == 0
    assert re.fullmatch(
        rf"Username  {account.username}\n"
        rf"Used      [\d.]+ \w+ of no limit, \d+ uploads\n"
        rf"Service   {account.url}/graphql\n",
        whoami.stdout,
    )
    fields = json.loads(media("whoami", "--json").stdout)
    assert fields["username"] == account.username
    assert fields["usage"]["quotaBytes"] is None
    for path in (media.home / "config/media").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    out = media("logout")
    assert (out.returncode, out.stdout) == (0, "Signed out.\n")
    after = media("whoami")
    assert after.returncode == 3
    assert after.stderr == "media: You are not signed in. Run `media login` first.\n"


def test_login_with_an_api_key(media: Media, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="", MEDIA_URL="")
    login = ("login", "--url", account.url, "--with-token")
    unknown = media(*login, stdin="mus_unknown\n")
    assert unknown.returncode == 3
    assert media(*login, stdin=f"{account.token}\n").stdout == f"Signed in as {account.username}.\n"
    assert media("ls", "-n", "1").returncode == 0
    assert media("logout").stdout == (
        "The API key was removed here. `media api-key revoke` revokes it everywhere.\n"
    )


def test_password(media: Media) -> None:
    """Uses a separate user, because the other tests rely on the shared user's password."""
    refused = media("password", "--password-stdin", stdin=f"{PASSWORD}\nanother good one\n")
    assert (refused.returncode, refused.stdout) == (5, "")
    account = sign_up(media.account.url)
    media.environment.update(MEDIA_TOKEN="")
    login = ("login", "-u", account.username, "--password-stdin")
    media(*login, stdin=f"{PASSWORD}\n")
    media(*login, stdin=f"{PASSWORD}\n", XDG_CONFIG_HOME=str(media.home / "elsewhere"))
    weak = media("password", "--password-stdin", stdin=f"{PASSWORD}\nshort\n")
    assert (weak.returncode, weak.stdout) == (5, "")
    wrong = media("password", "--password-stdin", stdin="wrong\nanother good one\n")
    assert (wrong.returncode, wrong.stdout) == (3, "")
    changed = media("password", "--password-stdin", stdin=f"{PASSWORD}\nanother good one\n")
    assert changed.returncode == 0, changed.stderr
    assert re.fullmatch(r"The password was changed\. Other sessions ended: \d\.\n", changed.stdout)
    assert media("whoami").returncode == 0
    assert media("whoami", XDG_CONFIG_HOME=str(media.home / "elsewhere")).returncode == 3
    assert media(*login, stdin=f"{PASSWORD}\n").returncode == 3
    assert media(*login, stdin="another good one\n").returncode == 0
    assert media("whoami", MEDIA_TOKEN=account.token).returncode == 0


def test_limits(media: Media) -> None:
    result = media("limits", MEDIA_TOKEN="")
    assert result.stdout == (
        "Maximum file size             5.0 TiB\n"
        "Single part up to             16.0 MiB\n"
        "Media types                   */*\n"
        "URLs valid for                900 s\n"
        "Pending uploads expire after  604800 s\n"
    )
    assert json.loads(media("limits", "--json").stdout) == {
        "maxUploadBytes": 5 * 1024**4,
        "singlePartMaxBytes": 16 * 1024**2,
        "contentTypes": ["*/*"],
        "urlTtlSeconds": 900,
        "pendingTtlSeconds": 604800,
    }


def test_api_keys(media: Media, account: Account) -> None:
    refused = media("api-key", "create", "another")
    assert refused.returncode == 5
    assert refused.stderr == (
        "media: An API key can't manage API keys. Log in with your password.\n"
    )
    media.environment.update(MEDIA_TOKEN="")
    media("login", "-u", account.username, "--password-stdin", stdin=PASSWORD)
    created = media("api-key", "create", "nightly backup", "--expires", "2099-01-01")
    assert created.returncode == 0
    token = created.stdout.strip()
    assert token.startswith("mus_")
    match = ID.search(created.stderr)
    assert match
    key_id = match.group()
    assert created.stderr == (
        f"media: Save this key now: it is not shown again. Its id is {key_id}.\n"
    )
    listed = media("api-key", "ls")
    assert f"{key_id}\tTIME" in TIME.sub("TIME", listed.stdout)
    assert any(
        TIME.sub("TIME", line) == f"{key_id}\tTIME\tTIME\tnever\tnightly backup"
        for line in listed.stdout.splitlines()
    )
    assert token not in listed.stdout
    assert media("api-key", "revoke", key_id).stdout == f"{key_id}\n"
    again = media("api-key", "revoke", key_id)
    assert (again.returncode, again.stdout) == (4, "")
    assert media("whoami", MEDIA_TOKEN=token).returncode == 3


# ---------------------------------------------------------------- uploads


def test_upload_files_folders_patterns_and_stdin(media: Media, tag: str) -> None:
    media.write("a.txt")
    media.write("photos/2026/b.jpg")
    media.write("photos/c.jpg")
    media.write("scans/1.tif")
    media.write("scans/2.tif")
    result = media("upload", "-r", "a.txt", "photos", "scans/*.tif", "--tag", tag)
    assert result.returncode == 0
    assert result.stderr == ""
    assert sorted(_masked(result.stdout).splitlines()) == [
        "ID\t1.tif",
        "ID\t2.tif",
        "ID\ta.txt",
        "ID\tphotos/2026/b.jpg",
        "ID\tphotos/c.jpg",
    ]
    piped = media("upload", "-", "--name", "db.sql", "--tag", tag, stdin="create table t;\n")
    assert _masked(piped.stdout) == "ID\tdb.sql\n"
    assert media("ls", "--tag", tag, "--search", "db.").stdout.split("\t")[2:4] == ["STORED", "16"]


def test_upload_as_json_and_with_a_checksum(media: Media, tag: str) -> None:
    media.write("a.txt", 5)
    result = media("upload", "a.txt", "missing", "--tag", tag, "--checksum", "--json")
    assert result.returncode == 6
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    failed, stored = sorted(lines, key=lambda line: "error" not in line)
    assert failed == {
        "path": "missing",
        "error": {
            "code": "SourceError",
            "message": "missing can't be read: No such file or directory.",
        },
    }
    assert {name: stored[name] for name in ("path", "status", "size", "tags", "skipped")} == {
        "path": "a.txt",
        "status": "STORED",
        "size": 5,
        "tags": [tag],
        "skipped": False,
    }
    digest = hashlib.sha256((media.files / "a.txt").read_bytes()).digest()
    assert stored["checksum"] == base64.b64encode(digest).decode()


def test_dry_run_sends_nothing(media: Media, tag: str) -> None:
    media.write("a.txt", 2048)
    result = media("upload", "a.txt", "--tag", tag, "--dry-run", MEDIA_TOKEN="")
    assert (result.returncode, result.stdout) == (0, "2.0 KiB\ttext/plain\ta.txt\n")
    assert media("ls", "--tag", tag).stdout == ""


def test_invalid_command_lines(media: Media) -> None:
    media.write("folder/a.txt")
    folder = media("upload", "folder")
    assert folder.returncode == 6
    assert folder.stderr == "media: folder is a folder. Pass -r to upload its files.\n"
    nothing = media("upload", "*.jpg")
    assert (nothing.returncode, nothing.stderr) == (6, "media: No file matches *.jpg.\n")
    assert media("upload", "-").returncode == 2
    assert media("upload").returncode == 2
    assert media("nonsense").returncode == 2


def test_rejected_uploads(media: Media) -> None:
    media.write("a.txt")
    media.write("b.txt")
    result = media("upload", "a.txt", "--content-type", "nonsense")
    assert result.returncode == 5
    assert result.stderr.startswith("media: a.txt: ")
    assert "contentType" in result.stderr
    mixed = media("upload", "a.txt", "missing", "--content-type", "nonsense")
    assert mixed.returncode == 1


def test_names_of_any_unicode(media: Media, tag: str) -> None:
    names = [
        "ünï cödé.txt",
        "日本語.txt",
        "🎬🎉.txt",
        "-dash.txt",
        "a'\"$`b.txt",
        "e\u0301.txt",
        " x ",
    ]
    for name in names:
        media.write(name)
    os.rename(media.write("raw"), os.fsencode(media.files) + b"/\xff\xfe.bin")
    result = media("upload", "-r", ".", "--tag", tag)
    assert result.returncode == 0, result.stderr
    with media.account.client() as client:
        stored = {upload.filename for upload in client.uploads(UploadFilter(tags=[tag]))}
    assert stored == {f"files/{name}" for name in names} | {"files/\ufffd\ufffd.bin"}


def test_empty_file(media: Media, tag: str) -> None:
    [upload_id] = _uploaded(media, tag, "full.txt")
    media.write("empty", 0)
    result = media("upload", "empty", "--tag", tag)
    assert result.returncode == 0
    downloaded = media("download", result.stdout.split("\t")[0], "-o", "copy")
    assert downloaded.returncode == 0, downloaded.stderr
    assert (media.files / "copy").read_bytes() == b""
    assert upload_id


# ---------------------------------------------------------------- the library


def test_ls(media: Media, tag: str) -> None:
    ids = _uploaded(media, tag, "b.txt", "a.csv")
    listed = media("ls", "--tag", tag)
    assert TIME.sub("TIME", listed.stdout) == (
        f"{ids[1]}\tTIME\tSTORED\t12\ta.csv\t{tag}\n{ids[0]}\tTIME\tSTORED\t12\tb.txt\t{tag}\n"
    )

    def listed_names(*options: str) -> list[str]:
        result = media("ls", "--tag", tag, *options)
        assert result.returncode == 0, result.stderr
        return [line.split("\t")[4] for line in result.stdout.splitlines()]

    assert listed_names("--sort", "name", "--reverse") == ["b.txt", "a.csv"]
    assert listed_names("--reverse") == ["b.txt", "a.csv"]
    assert listed_names("--type", "text/csv") == ["a.csv"]
    assert listed_names("--search", "B.T") == ["b.txt"]
    assert listed_names("--status", "pending") == []
    assert listed_names("--before", "2020-01-01") == []
    assert listed_names("--after", "2020-01-01", "-n", "1") == ["a.csv"]
    lines = media("ls", "--tag", tag, "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids[::-1]


def test_info(media: Media, tag: str) -> None:
    [upload_id] = _uploaded(media, tag, "a.txt")
    assert TIME.sub("TIME", media("info", upload_id).stdout) == (
        f"ID       {upload_id}\n"
        "Name     a.txt\n"
        "Type     text/plain\n"
        "Size     12 B (12 bytes)\n"
        "Status   STORED\n"
        f"Tags     {tag}\n"
        "Created  TIME\n"
        "Stored   TIME\n"
    )
    assert json.loads(media("info", upload_id, "--json").stdout)["filename"] == "a.txt"
    missing = media("info", "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548")
    assert missing.returncode == 4
    assert missing.stderr == "media: There is no upload 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548.\n"


def test_mv_and_tag(media: Media, tag: str) -> None:
    [upload_id] = _uploaded(media, tag, "a.txt")
    assert media("mv", upload_id, "Rome 2026.txt").stdout == f"{upload_id}\tRome 2026.txt\n"
    assert media("tag", upload_id, "--add", "rome", "-a", "2026").stdout == f"{tag}\nrome\n2026\n"
    assert media("tag", upload_id, "--remove", "rome").stdout == f"{tag}\n2026\n"
    assert media("tag", upload_id, "--clear", "--add", "x").stdout == "x\n"
    assert media("tag", upload_id).stdout == "x\n"


def test_rm_asks(media: Media, tag: str) -> None:
    ids = _uploaded(media, tag, "a.txt", "b.txt")
    refused = media("rm", ids[0], stdin="")
    assert refused.returncode == 6
    assert refused.stderr == (
        f"media: {ids[0]} was not deleted: stdin is not a terminal. Pass --yes to delete it.\n"
    )
    assert media("rm", "--yes", *ids).stdout == f"{ids[0]}\n{ids[1]}\n"
    assert media("ls", "--tag", tag).stdout == ""
    assert media("rm", "--yes", ids[0]).returncode == 4


def test_download(media: Media, tag: str) -> None:
    ids = _uploaded(media, tag, "a.txt", "b.txt")
    (media.files / "down").mkdir()
    result = media("download", *ids, "-o", "down")
    assert (result.returncode, result.stdout) == (0, "down/a.txt\ndown/b.txt\n")
    assert Path(media.files / "down/a.txt").read_bytes() == (media.files / "a.txt").read_bytes()
    again = media("download", ids[0], "-o", "down")
    assert again.returncode == 6
    assert again.stderr == "media: down/a.txt already exists. --force replaces it.\n"
    assert media("download", ids[0], "-o", "down", "--force").returncode == 0


# ---------------------------------------------------------------- help


def test_each_command_has_an_example() -> None:
    pairs = [([name], command) for name, command in media_command.commands.items()]
    pairs += [(["api-key", name], command) for name, command in api_key.commands.items()]
    assert len(pairs) == 18
    for words, command in pairs:
        text = CliRunner().invoke(command, ["--help"]).stdout
        assert "Example:\n" in text, words
        assert f"media {' '.join(words)}" in text, words


README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_readme_shows_every_command_with_valid_arguments() -> None:
    lines = re.findall(r"^\$ (?:.* \| )?media (.+)$", README, re.MULTILINE)
    shown = set()
    for line in lines:
        words = shlex.split(re.split(r" [<>|] ", line)[0], comments=True)
        name, command = words[0], media_command.commands[words.pop(0)]
        if isinstance(command, click.Group):
            name, command = f"{name} {words[0]}", command.commands[words.pop(0)]
        command.make_context(name, words)  # Raises an error for invalid options or arguments.
        shown.add(name)
    plain = {name for name in media_command.commands if name != "api-key"}
    assert shown == plain | {f"api-key {name}" for name in api_key.commands}


def test_the_readme_and_the_help_have_each_exit_status() -> None:
    help_text = CliRunner().invoke(media_command, ["--help"]).stdout
    for text in (README, help_text):
        statuses = text.split("Exit status:")[1].split("interrupted")[0]
        assert {int(number) for number in re.findall(r"\d+", statuses)} == {*ExitStatus}


def test_json_has_the_fields_that_the_readme_lists(media: Media, tag: str) -> None:
    media.write("a.txt")
    documented = README.split("With `--json`")[1].split("\n\n")[0]
    uploaded = json.loads(media("upload", "a.txt", "--tag", tag, "--json").stdout)
    listed = json.loads(media("ls", "--tag", tag, "--json").stdout)
    assert {*re.findall(r"`(\w+)`", documented)} == {*uploaded, "error", "code", "message"}
    assert {*uploaded} == {*listed, "path", "skipped"}


def test_completion(media: Media) -> None:
    for shell in ("bash", "zsh", "fish"):
        result = media("completion", shell)
        assert result.returncode == 0
        assert "_MEDIA_COMPLETE" in result.stdout
