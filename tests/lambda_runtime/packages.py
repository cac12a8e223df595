"""The packages that are deployed, each in its own folder, under the runtime's version of Python.

Without that version on this machine, they are built for the Python that runs the tests.
"""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from deploy import contents
from deploy.package import PYTHON_VERSION, Package, build
from deploy.python import find_python
from tests.once import once_per_run

ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
_RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
_FOUND = find_python(PYTHON_VERSION)
# The interpreter of the virtual environment would find the packages that are installed here.
PYTHON = _FOUND or str(Path(sys.base_prefix) / "bin" / f"python{_RUNNING}")
VERSION = PYTHON_VERSION if _FOUND else _RUNNING


@dataclass(frozen=True)
class Unpacked:
    """A package as it lies on Lambda, and the runtime client that Lambda has beside it."""

    task_root: Path
    runtime: Path
    python: str


Unpack: TypeAlias = Callable[[Package], Unpacked]


@pytest.fixture(scope="session")
def unpack(tmp_path_factory: pytest.TempPathFactory) -> Unpack:
    """Builds a package once for all workers, and returns where it is unpacked."""

    def unpack(package: Package) -> Unpacked:
        folder = once_per_run(
            tmp_path_factory, f"unpacked-{package.name}", lambda part: _unpack(package, part)
        )
        return Unpacked(folder / "task", folder / "runtime", PYTHON)

    return unpack


def _unpack(package: Package, folder: Path) -> None:
    """Build the package for this machine, pack it as for Lambda, and unpack it elsewhere."""
    built = folder / "build"
    build(package, built, ARCHITECTURE, python=PYTHON, version=VERSION)
    archive = folder / "package.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in contents.files(built):
            packed.write(path, path.relative_to(built))
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder / "task")
    _install_runtime_client(folder / "runtime")


def _install_runtime_client(folder: Path) -> None:
    """Install AWS's runtime client in `folder`, which is /var/runtime on Lambda."""
    client = f"awslambdaric=={importlib.metadata.version('awslambdaric')}"
    uv = str(Path(sys.executable).with_name("uv"))
    options = ("--quiet", "--python", sys.executable, "--python-version", VERSION)
    subprocess.run(
        [uv, "pip", "install", *options, "--only-binary", ":all:", "--target", str(folder), client],
        check=True,
    )
