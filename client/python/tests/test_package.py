"""What is published: the wheel and the source distribution, used without the repository."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from client.python.tests.service import PROJECT

from media_client.version import VERSION

ROOT = PROJECT / "client/python"
RUNTIME: Sequence[str] = ("urllib3",)
"""The packages that the SDK needs."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, which is built from the source distribution."""
    folder = tmp_path_factory.mktemp("built")
    # A build writes into its source tree.
    source = shutil.copytree(ROOT, folder / "source", ignore=shutil.ignore_patterns("*.egg-info"))
    uv = Path(sys.executable).with_name("uv")
    options = ["--quiet", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([uv, "build", *options, "--out-dir", folder, source], check=True)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the wheel and what the SDK needs, and nothing else."""
    folder = tmp_path_factory.mktemp("site-packages")
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for name in RUNTIME:
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.submodule_search_locations
        (folder / name).symlink_to(found.submodule_search_locations[0])
    return folder


def run_python(packages: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code with the standard library and the packages in this folder only."""
    setup = f"import sys; sys.path.append({str(packages)!r}); sys.argv = ['media', '--help']; "
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", setup + code],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_index_would_accept_it(built: Path) -> None:
    files = [*built.glob("*.whl"), *built.glob("*.tar.gz")]
    assert len(files) == 2
    result = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_it_carries_its_licence_types_and_classifiers(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    information = f"media_client-{VERSION}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata: Message = Parser().parsestr(
            archive.read(f"{information}/METADATA").decode(), headersonly=True
        )
        licence = archive.read(f"{information}/licenses/LICENSE").decode()
    assert licence == (PROJECT / "LICENSE").read_text()
    assert "media_client/py.typed" in names
    assert {name.partition("/")[0] for name in names} == {"media_client", information}
    assert metadata["License-Expression"] == "MIT"
    classifiers = metadata.get_all("Classifier", [])
    assert "Programming Language :: Python :: 3.11" in classifiers
    assert "Typing :: Typed" in classifiers
    required = metadata.get_all("Requires-Dist", [])
    always = {re.split(r"[^\w-]", line)[0] for line in required if "extra ==" not in line}
    assert always == {*RUNTIME}
    [source] = built.glob("*.tar.gz")
    with tarfile.open(source) as archive_of_sources:
        assert f"media_client-{VERSION}/LICENSE" in archive_of_sources.getnames()


def test_the_sdk_needs_no_other_packages(installed: Path) -> None:
    result = run_python(
        installed,
        "import media_client, media_client.aio, media_client.transfer.engine; "
        "client = media_client.MediaClient('http://127.0.0.1:9', token='token'); "
        "client.close(); print(client.url)",
    )
    assert (result.stdout, result.stderr) == ("http://127.0.0.1:9/graphql\n", "")


def test_the_command_names_the_extra_that_it_needs(installed: Path) -> None:
    result = run_python(installed, "import media_client.__main__ as main; main.run()")
    assert result.returncode == 1
    assert result.stderr == (
        "media: The command needs the package click, which is not installed. "
        "Run: pip install 'media-client[cli]'\n"
    )
