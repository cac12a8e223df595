"""`media sync`, run in this process, for the tests of its effects."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.testing import CliRunner

from media_client import MediaClient, Upload, UploadFilter, UploadStatus
from media_client.cli.exits import exit_status
from media_client.cli.main import media as media_command
from media_client.errors import MediaError

if TYPE_CHECKING:
    from client.python.tests.conftest import Media


DAY_NS = 24 * 3600 * 10**9


class Outcome:
    """The exit status, the lines of stdout, and stderr of a command that ran in this process."""

    def __init__(self, result: click.testing.Result) -> None:
        self.status = result.exit_code
        self.stderr = result.stderr
        if isinstance(result.exception, MediaError):
            self.status, self.stderr = exit_status(result.exception), str(result.exception)
        elif not isinstance(result.exception, SystemExit | None):
            raise result.exception
        self.lines = sorted(line.replace("\t", " ") for line in result.stdout.splitlines())


class Sync:
    """The command, run in this process, with a prefix of its own in the library."""

    def __init__(self, media: Media, client: MediaClient) -> None:
        self.media = media
        self.client = client
        self.prefix = f"sync-{uuid.uuid4().hex}/"
        self.library = f"library:{self.prefix}"
        self.folder = media.files / "folder"
        self.folder.mkdir()

    def __call__(self, *arguments: str) -> Outcome:
        """Run `media sync`."""
        result = CliRunner().invoke(media_command, ["sync", *arguments], env=self.media.environment)
        return Outcome(result)

    def push(self, *options: str) -> Outcome:
        """Sync the folder to the library."""
        return self("folder", self.library, *options)

    def pull(self, *options: str) -> Outcome:
        """Sync the library to the folder."""
        return self(self.library, "folder", *options)

    def write(self, name: str, text: str, *, age_ns: int = DAY_NS) -> Path:
        """Write a file in the folder that was last modified a day ago."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        modified = path.stat().st_mtime_ns - age_ns
        os.utime(path, ns=(modified, modified))
        return path

    def store(self, name: str, text: str, **given: object) -> Upload:
        """Upload a file to the library, without a checksum."""
        path = self.media.home / uuid.uuid4().hex
        path.write_text(text)
        return self.client.upload_file(path, filename=self.prefix + name, **given)  # type: ignore[arg-type]

    def uploads(self, *, trashed: bool = False) -> Sequence[Upload]:
        """Return the uploads of this test, newest first."""
        wanted = UploadFilter(status=[UploadStatus.STORED], search=self.prefix, trashed=trashed)
        return list(self.client.uploads(wanted))

    def stored(self) -> dict[str, str]:
        """Return the contents of the library by path. No path has two uploads."""
        found = {}
        for upload in self.uploads():
            path = upload.filename.removeprefix(self.prefix)
            assert path not in found
            copy = self.media.home / "copy"
            found[path] = self.client.download_file(upload.id, copy, overwrite=True).read_text()
        return found

    def files(self) -> dict[str, str]:
        """Return the contents of the folder by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text()
            for path in self.folder.rglob("*")
            if path.is_file()
        }
