"""Which files of the installed packages the Lambda functions need, and how large they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Set
from pathlib import Path

# Never imported by the functions: boto3's resources and documentation, which only its `resource`
# interface reads; the C parser that cffi needs to build extensions; GridFS; Strawberry's support
# for other frameworks and for development; and pypdfium2's command line.
_UNUSED = (
    "bin",
    "boto3/data",
    "boto3/examples",
    "gridfs",
    "pycparser",
    "pypdfium2_cli",
    *(
        f"strawberry/{name}"
        for name in (
            *("aiohttp", "chalice", "channels", "django", "fastapi", "flask", "litestar", "quart"),
            *("sanic", "cli", "codegen", "codemods", "schema_codegen"),
        )
    ),
)
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
# Sources and headers of extensions, type stubs, examples for documentation, and the lists of
# installed files, which no longer match.
_UNUSED_SUFFIXES = frozenset({".c", ".h", ".pxd", ".pyi", ".pyx"})
_UNUSED_NAMES = frozenset({"RECORD", "examples-1.json"})

# Lambda runs as a user who does not own the files. Times are the same in each build, because they
# are part of the archive, whose hash decides whether a function has changed. ZIP cannot store times
# before 1980.
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
_MODIFIED_AT = 315_619_200  # 1980-01-02T00:00:00Z: not before 1980 in any time zone.


def prune(package: Path, aws_services: Set[str]) -> None:
    """Delete from the folder `package` what the functions never read.

    botocore describes more than 400 services, in 22 MB. Only those in `aws_services` are kept.
    """
    for path in _unused(package, aws_services):
        shutil.rmtree(path)
    for path in files(package):
        if path.suffix in _UNUSED_SUFFIXES or path.name in _UNUSED_NAMES:
            path.unlink()


def _unused(package: Path, aws_services: Set[str]) -> list[Path]:
    """Return the folders to delete; none lies within another."""
    found = {package / name for name in _UNUSED}
    found |= {
        path
        for path in (package / "botocore/data").iterdir()
        if path.is_dir() and path.name not in aws_services
    }
    found |= {path for path in package.rglob("*") if path.is_dir() and path.name in _TEST_FOLDERS}
    return [path for path in found if path.is_dir() and found.isdisjoint(path.parents)]


def normalize(package: Path) -> None:
    """Give all files and folders fixed modes and times, so that equal files give equal archives."""
    for path in (package, *package.rglob("*")):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        os.utime(path, (_MODIFIED_AT, _MODIFIED_AT))


def files(package: Path) -> Iterator[Path]:
    """Yield all files in the folder `package`, in the order of their names."""
    yield from sorted(path for path in package.rglob("*") if path.is_file())


def part_sizes(package: Path) -> dict[str, int]:
    """Return the size in bytes of each file and folder in `package`, the largest first."""
    sizes: dict[str, int] = {}
    for path in files(package):
        part = path.relative_to(package).parts[0]
        sizes[part] = sizes.get(part, 0) + path.stat().st_size
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))
