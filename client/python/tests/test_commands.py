"""Upload and library commands with exact output, against a real service.

One test runs them as processes, as a shell does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from pathlib import Path

from client.python.tests.conftest import ID, TIME, Media
from client.python.tests.in_process import InProcess

from media_client import UploadFilter


def _masked(text: str) -> str:
    """Replace ids and times in the text by placeholders."""
    return TIME.sub("TIME", ID.sub("ID", text))


def _uploaded(run: InProcess, tag: str, *names: str) -> list[str]:
    """Upload small files with a tag, and return their ids in the order of `names`."""
    ids = []
    for name in names:
        run.media.write(name, 12)
        result = run("upload", name, "--tag", tag)
        assert result.returncode == 0, result.stderr
        ids.append(result.stdout.split("\t")[0])
    return ids


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


def test_upload_as_json_and_with_a_checksum(media: Media, run: InProcess, tag: str) -> None:
    media.write("a.txt", 5)
    result = run("upload", "a.txt", "missing", "--tag", tag, "--checksum", "--json")
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


def test_dry_run_sends_nothing(media: Media, run: InProcess, tag: str) -> None:
    media.write("a.txt", 2048)
    result = run("upload", "a.txt", "--tag", tag, "--dry-run", MEDIA_TOKEN="")
    assert (result.returncode, result.stdout) == (0, "2.0 KiB\ttext/plain\ta.txt\n")
    assert run("ls", "--tag", tag).stdout == ""


def test_invalid_command_lines(media: Media, run: InProcess) -> None:
    media.write("folder/a.txt")
    folder = run("upload", "folder")
    assert folder.returncode == 6
    assert folder.stderr == "media: folder is a folder. Pass -r to upload its files.\n"
    nothing = run("upload", "*.jpg")
    assert (nothing.returncode, nothing.stderr) == (6, "media: No file matches *.jpg.\n")
    assert run("upload", "-").returncode == 2
    assert run("upload").returncode == 2
    assert run("nonsense").returncode == 2


def test_rejected_uploads(media: Media, run: InProcess) -> None:
    media.write("a.txt")
    media.write("b.txt")
    result = run("upload", "a.txt", "--content-type", "text/plain; nonsense")
    assert result.returncode == 5
    assert result.stderr.startswith("media: a.txt: ")
    assert "contentType" in result.stderr
    mixed = run("upload", "a.txt", "missing", "--content-type", "text/plain; nonsense")
    assert mixed.returncode == 1


def test_names_of_any_unicode(media: Media, run: InProcess, tag: str) -> None:
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
    result = run("upload", "-r", ".", "--tag", tag)
    assert result.returncode == 0, result.stderr
    with media.account.client() as client:
        stored = {upload.filename for upload in client.uploads(UploadFilter(tags=[tag]))}
    assert stored == {f"files/{name}" for name in names} | {"files/\ufffd\ufffd.bin"}


def test_names_that_hide_what_they_are(media: Media, run: InProcess, tag: str) -> None:
    spoofed, shown = "holiday\u202egnp.exe", "holiday[U+202E]gnp.exe"
    media.write(spoofed)
    result = run("upload", spoofed, "--tag", tag)
    assert _masked(result.stdout) == f"ID\t{shown}\n"
    upload_id = result.stdout.split("\t")[0]
    assert shown in run("ls", "--tag", tag).stdout
    assert f"Name     {shown}\n" in run("info", upload_id).stdout
    as_json = run("info", upload_id, "--json").stdout
    assert as_json.isascii()
    assert json.loads(as_json)["filename"] == spoofed
    assert run("download", upload_id, "-o", ".").stdout == "holiday_gnp.exe\n"
    missing = run("upload", "no\u202egnp.exe")
    assert "no[U+202E]gnp.exe can't be read" in missing.stderr
    blank = run("mv", upload_id, "\u200b\u2060")
    assert blank.stdout == f"{upload_id}\t(blank)\n"


def test_one_tag_in_two_forms(run: InProcess, tag: str) -> None:
    [upload_id] = _uploaded(run, tag, "a.txt")
    run("tag", upload_id, "--add", "cafe\u0301", "--add", "caf\u00e9")
    assert run("ls", "--tag", "cafe\u0301").stdout.startswith(upload_id)
    assert run("tag", upload_id).stdout == f"{tag}\ncaf\u00e9\n"
    assert run("tag", upload_id, "--remove", "cafe\u0301").stdout == f"{tag}\n"


def test_empty_file(media: Media, run: InProcess, tag: str) -> None:
    [upload_id] = _uploaded(run, tag, "full.txt")
    media.write("empty", 0)
    result = run("upload", "empty", "--tag", tag)
    assert result.returncode == 0
    downloaded = run("download", result.stdout.split("\t")[0], "-o", "copy")
    assert downloaded.returncode == 0, downloaded.stderr
    assert (media.files / "copy").read_bytes() == b""
    assert upload_id


# ---------------------------------------------------------------- the library


def test_ls(run: InProcess, tag: str) -> None:
    ids = _uploaded(run, tag, "b.txt", "a.csv")
    listed = run("ls", "--tag", tag)
    assert TIME.sub("TIME", listed.stdout) == (
        f"{ids[1]}\tTIME\tSTORED\t12\ta.csv\t{tag}\n{ids[0]}\tTIME\tSTORED\t12\tb.txt\t{tag}\n"
    )

    def listed_names(*options: str) -> list[str]:
        result = run("ls", "--tag", tag, *options)
        assert result.returncode == 0, result.stderr
        return [line.split("\t")[4] for line in result.stdout.splitlines()]

    assert listed_names("--sort", "name", "--reverse") == ["b.txt", "a.csv"]
    assert listed_names("--reverse") == ["b.txt", "a.csv"]
    assert listed_names("--type", "text/csv") == ["a.csv"]
    assert listed_names("--search", "B.T") == ["b.txt"]
    assert listed_names("--status", "pending") == []
    assert listed_names("--before", "2020-01-01") == []
    assert listed_names("--after", "2020-01-01", "-n", "1") == ["a.csv"]
    lines = run("ls", "--tag", tag, "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids[::-1]


def test_info(media: Media, run: InProcess, tag: str) -> None:
    [upload_id] = _uploaded(run, tag, "a.txt")
    assert TIME.sub("TIME", run("info", upload_id).stdout) == (
        f"ID       {upload_id}\n"
        "Name     a.txt\n"
        "Type     text/plain\n"
        "Size     12 B (12 bytes)\n"
        "Status   STORED\n"
        f"Tags     {tag}\n"
        "Created  TIME\n"
        "Stored   TIME\n"
    )
    assert json.loads(run("info", upload_id, "--json").stdout)["filename"] == "a.txt"
    missing = run("info", "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548")
    assert missing.returncode == 4
    assert missing.stderr == "media: There is no upload 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548.\n"


def test_mv_and_tag(run: InProcess, tag: str) -> None:
    [upload_id] = _uploaded(run, tag, "a.txt")
    assert run("mv", upload_id, "Rome 2026.txt").stdout == f"{upload_id}\tRome 2026.txt\n"
    assert run("tag", upload_id, "--add", "rome", "-a", "2026").stdout == f"{tag}\nrome\n2026\n"
    assert run("tag", upload_id, "--remove", "rome").stdout == f"{tag}\n2026\n"
    assert run("tag", upload_id, "--clear", "--add", "x").stdout == "x\n"
    assert run("tag", upload_id).stdout == "x\n"


def test_rm_moves_to_the_trash(media: Media, run: InProcess, tag: str) -> None:
    ids = _uploaded(run, tag, "a.txt", "b.txt")
    unknown = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"
    removed = run("rm", ids[0], unknown, ids[1])
    assert (removed.returncode, removed.stdout) == (4, f"{ids[0]}\n{ids[1]}\n")
    assert removed.stderr == f"media: {unknown}: There is no such upload.\n"
    assert run("ls", "--tag", tag).stdout == ""
    assert run("ls", "--tag", tag, "--trash").stdout.count("\n") == 2
    assert "Trashed  " in run("info", ids[0]).stdout
    assert json.loads(run("info", ids[0], "--json").stdout)["trashedAt"]
    assert run("restore", ids[1], ids[0]).stdout == f"{ids[1]}\n{ids[0]}\n"
    assert run("ls", "--tag", tag, "--trash").stdout == ""
    assert run("restore", unknown).returncode == 4


def test_rm_forever_asks(media: Media, run: InProcess, tag: str) -> None:
    ids = _uploaded(run, tag, "a.txt", "b.txt")
    refused = run("rm", "--forever", ids[0], stdin="")
    assert refused.returncode == 6
    assert refused.stderr == (
        "media: Nothing was deleted, because stdin is not a terminal. "
        "Pass --yes to delete a.txt (12 B) for good.\n"
    )
    assert run("rm", ids[1]).returncode == 0
    assert run("rm", "--forever", "--yes", *ids).stdout == f"{ids[0]}\n{ids[1]}\n"
    assert run("ls", "--tag", tag).stdout == ""
    assert run("restore", ids[1]).returncode == 4
    assert run("rm", "--forever", "--yes", ids[0]).returncode == 4


def test_download(media: Media, run: InProcess, tag: str) -> None:
    ids = _uploaded(run, tag, "a.txt", "b.txt")
    (media.files / "down").mkdir()
    result = run("download", *ids, "-o", "down")
    assert result.returncode == 0, result.stderr
    assert sorted(result.stdout.splitlines()) == ["down/a.txt", "down/b.txt"]
    assert Path(media.files / "down/a.txt").read_bytes() == (media.files / "a.txt").read_bytes()
    again = run("download", ids[0], "-o", "down")
    assert again.returncode == 6
    assert again.stderr == "media: down/a.txt already exists. --force replaces it.\n"
    assert run("download", ids[0], "-o", "down", "--force").returncode == 0


# ---------------------------------------------------------------- README


README = (Path(__file__).parents[1] / "README.md").read_text()


def test_json_has_the_fields_that_the_readme_lists(media: Media, run: InProcess, tag: str) -> None:
    media.write("a.txt")
    documented = README.split("With `--json`")[1].split("\n\n")[0]
    uploaded = json.loads(run("upload", "a.txt", "--tag", tag, "--json").stdout)
    listed = json.loads(run("ls", "--tag", tag, "--json").stdout)
    assert {*re.findall(r"`(\w+)`", documented)} == {
        *uploaded,
        *("error", "code", "message", "name"),
    }
    assert {*uploaded} == {*listed, "path", "skipped"}
