"""The contents of the package, whose handlers tests/lambda_runtime/test_package.py calls."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import contents, package
from deploy.errors import DeployError

ROOT = Path(__file__).parents[2]
_AARCH64 = 183  # e_machine in elf(5).


@pytest.fixture(scope="module")
def arm64(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for the template's architecture, without byte code."""
    folder = tmp_path_factory.mktemp("arm64") / "lambda"
    package.build(folder, "arm64", python=None)
    return folder


def machines(folder: Path) -> Iterator[int]:
    """Yield for which processor each shared library is (e_machine of its ELF header)."""
    for path in folder.rglob("*.so"):
        yield struct.unpack_from("<H", path.read_bytes(), 18)[0]


def test_it_is_for_the_runtime_and_processor_of_the_template(arm64: Path) -> None:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    assert re.findall(r"Runtime: (python\S+)", template) == [f"python{package.PYTHON_VERSION}"]
    assert re.findall(r"Architectures: (.+)", template) == ["[arm64]"]
    wheels = [path.read_text(encoding="utf-8") for path in arm64.glob("*.dist-info/WHEEL")]
    tags = {tag for wheel in wheels for tag in re.findall(r"^Tag: (.+)$", wheel, re.MULTILINE)}
    native = {tag for tag in tags if not tag.endswith("-none-any")}
    assert len(native) >= 4
    assert all(re.fullmatch(r"cp3(13-cp313|\d+-abi3)-\w+_aarch64", tag) for tag in native)
    assert set(machines(arm64)) == {_AARCH64}


def test_it_holds_the_data_of_the_services_that_are_called(arm64: Path) -> None:
    described = {path.name for path in (arm64 / "botocore/data").iterdir() if path.is_dir()}
    assert described == contents.AWS_SERVICES
    called = {
        service
        for path in (ROOT / "gql_api").rglob("*.py")
        for service in re.findall(r'\.client\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert "s3" in called
    assert called <= contents.AWS_SERVICES


def test_it_holds_our_code_and_no_tests(arm64: Path) -> None:
    paths = {path.relative_to(arm64) for path in contents.files(arm64)}
    ours = {
        path.relative_to(ROOT)
        for path in contents.files(ROOT / "gql_api")
        if "__pycache__" not in path.parts
    }
    assert ours <= paths
    assert not [path for path in paths if {"tests", "test", "__pycache__"} & {*path.parts}]
    assert not (arm64 / "bin").exists()


def test_everyone_can_read_it_and_its_times_are_fixed(arm64: Path) -> None:
    found = [(path.is_dir(), path.stat()) for path in (arm64, *arm64.rglob("*"))]
    assert {stat.st_mtime for _, stat in found} == {315_619_200}
    assert {(is_dir, stat.st_mode & 0o777) for is_dir, stat in found} == {
        (True, 0o755),
        (False, 0o644),
    }


def test_the_report_names_the_ten_largest_parts(arm64: Path) -> None:
    total, *parts = package.report(arm64).splitlines()
    size = sum(path.stat().st_size for path in contents.files(arm64))
    assert total.strip() == f"{size / 1e6:.1f} MB unzipped, of which"
    assert len(parts) == 10
    sizes = [float(part.split()[0]) for part in parts]
    assert sizes == sorted(sizes, reverse=True)


def test_a_package_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate(package.MAX_BYTES + 1)
    with pytest.raises(DeployError, match=r"larger than 35 MB"):
        package.report(tmp_path)


def test_byte_code_is_the_same_wherever_it_was_compiled(tmp_path: Path) -> None:
    """A set of constants would otherwise be in another order in each process."""
    python = Path(sys.executable)
    compiled = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "module.py").write_text("x in {'a', 'b', 'c', 'd'}\n", encoding="utf-8")
        package.compile_modules(folder, str(python))
        [path] = folder.rglob("*.pyc")
        compiled.append(path.read_bytes())
    assert compiled[0] == compiled[1]
    assert b"/var/task/module.py" in compiled[0]
