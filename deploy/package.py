"""Builds the packages of the Lambda functions: `python -m deploy.package build`.

There are two: one for the media function, with the decoders of images, videos and PDFs, and one for
all other functions, with the service. Locked packages are installed for the runtime and
architecture in template.yaml, not for this machine. Equal sources give equal files, times and
modes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from deploy import contents
from deploy.errors import DeployError
from deploy.modules import needed_modules
from deploy.python import find_python

ROOT = Path(__file__).parents[1]
PYTHON_VERSION = "3.13"
# The processors' names in wheel tags. This runtime runs on Amazon Linux 2023, which has glibc 2.34.
PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
_LARGEST = 10


class Package(NamedTuple):
    """A package: its folder's name, what is installed in it, and which of our modules it has.

    It has `modules` and what they import. `aws_services` are those whose descriptions boto3 needs.
    Packages larger than `max_bytes` are refused, because they start more slowly. Lambda itself
    refuses 250 MiB.
    """

    name: str
    lock: Path
    modules: tuple[str, ...]
    aws_services: frozenset[str]
    max_bytes: int


SERVICE = Package(
    "lambda",
    ROOT / "requirements.lock",
    ("gql_api.lambda_handlers",),
    frozenset({"s3", "sqs", "sts"}),
    35_000_000,
)
# The decoding process is a program of its own.
MEDIA = Package(
    "media",
    ROOT / "gql_api/adapters/media/requirements.lock",
    ("gql_api.media_worker", "gql_api.adapters.media.__main__"),
    frozenset({"s3"}),
    160_000_000,
)
PACKAGES = (SERVICE, MEDIA)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="deploy.package", description=__doc__)
    parser.add_argument("--architecture", choices=PLATFORMS, default="arm64")
    parser.add_argument("folder", type=Path, help="the packages' folders in it are replaced")
    options = parser.parse_args(arguments)
    python = find_python(PYTHON_VERSION)
    try:
        for package in PACKAGES:
            folder = options.folder / package.name
            build(package, folder, options.architecture, python=python)
            print(f"{folder} for {options.architecture} and Python {PYTHON_VERSION}:")
            print(report(package, folder))
        print(_byte_code(python))
    except DeployError as error:
        print(f"The packages were not built: {error}", file=sys.stderr)
        return 1
    return 0


def build(
    package: Package,
    folder: Path,
    architecture: str,
    *,
    python: str | None,
    version: str = PYTHON_VERSION,
) -> None:
    """Replace `folder` with a package for an architecture and a minor version of Python.

    `python` compiles the byte code, and must have this version. Without it, the package has no byte
    code: Lambda's Python would ignore that of another version.

    Raises:
        DeployError: the locked packages cannot be installed for this architecture.
    """
    shutil.rmtree(folder, ignore_errors=True)
    _install(package.lock, folder, architecture, version)
    _copy_modules(package, folder)
    contents.prune(folder, package.aws_services)
    if python is not None:
        compile_modules(folder, python)
    contents.normalize(folder)


def _copy_modules(package: Package, folder: Path) -> None:
    """Copy our modules that the package needs, and the data beside them."""
    for module in needed_modules(ROOT, package.modules):
        (folder / module).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / module, folder / module)
    for data in contents.files(ROOT / "gql_api"):
        target = folder / data.relative_to(ROOT)
        if data.suffix not in (".py", ".pyc") and target.parent.is_dir():
            shutil.copyfile(data, target)


def _install(lock: Path, folder: Path, architecture: str, version: str) -> None:
    """Install the locked packages in `folder` with uv or, if it fails, pip, as the Makefile does.

    Raises:
        DeployError: both failed. Their output says why.
    """
    options = (
        *("--quiet", "--target", str(folder), "--python-version", version),
        *("--only-binary", ":all:", "--require-hashes", "--requirement", str(lock)),
    )
    platform = PLATFORMS[architecture]
    uv = (str(Path(sys.executable).with_name("uv")), "pip", "install", "--python", sys.executable)
    # Links would lead to files in uv's cache, whose modes and times must not change.
    by_uv = (*uv, "--link-mode", "copy", "--python-platform", f"{platform}-manylinux_2_28")
    pip = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile")
    # pip accepts wheels for an older glibc only if their platform is named, too.
    by_pip = (*pip, *(f"--platform=manylinux_2_{minor}_{platform}" for minor in range(28, 16, -1)))
    for command in (by_uv, by_pip):
        installed = subprocess.run([*command, *options], check=False)  # nosec B603
        if installed.returncode == 0:
            return
    raise DeployError(f"neither uv nor pip could install {lock} for {architecture}.")


def compile_modules(folder: Path, python: str) -> None:
    """Compile all modules in `folder` with the program `python`.

    The byte code stays valid when the files' times change, and has the files' paths on Lambda.
    PEP 552 describes "unchecked-hash".
    """
    subprocess.run(  # nosec B603
        [
            *(python, "-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
            *("-s", str(folder), "-p", "/var/task", str(folder)),
        ],
        # The order of constants in sets must not differ between builds.
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
    )


def report(package: Package, folder: Path) -> str:
    """Return the size of the package and its largest parts.

    Raises:
        DeployError: the package is larger than `max_bytes`.
    """
    sizes = contents.part_sizes(folder)
    total = sum(sizes.values())
    lines = [f"{total / 1e6:6.1f} MB unzipped, of which"]
    lines += [f"{size / 1e6:6.1f} MB {name}" for name, size in list(sizes.items())[:_LARGEST]]
    text = "\n".join(lines)
    if total > package.max_bytes:
        raise DeployError(
            f"{package.name} is larger than {package.max_bytes / 1e6:.0f} MB.\n{text}"
        )
    return text


def _byte_code(python: str | None) -> str:
    if python is not None:
        return f"The byte code was compiled by {python}."
    return (
        f"No Python {PYTHON_VERSION} runs here, so there is no byte code, and a cold start takes "
        "about a second longer."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
