"""The contents of the packages, whose handlers the tests in tests/lambda_runtime call."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import contents, package
from deploy.errors import DeployError
from deploy.modules import needed_modules
from tests.once import once_per_run

ROOT = Path(__file__).parents[2]
_AARCH64 = 183  # e_machine in elf(5).


def for_arm64(factory: pytest.TempPathFactory, it: package.Package) -> Path:
    """Build a package for the template's architecture, without byte code."""
    return once_per_run(
        factory, f"arm64-{it.name}", lambda folder: package.build(it, folder, "arm64", python=None)
    )


@pytest.fixture(scope="session")
def arm64(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service's package."""
    return for_arm64(tmp_path_factory, package.SERVICE)


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The media function's package."""
    return for_arm64(tmp_path_factory, package.MEDIA)


def machines(folder: Path) -> Iterator[int]:
    """Yield for which processor each shared library is (e_machine of its ELF header)."""
    for path in folder.rglob("*.so*"):
        yield struct.unpack_from("<H", path.read_bytes(), 18)[0]


@pytest.mark.parametrize("name", ["arm64", "media"])
def test_it_is_for_the_runtime_and_processor_of_the_template(
    name: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(name)
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    runtimes = re.findall(r"Runtime: (python\S+)", template)
    assert runtimes == [f"python{package.PYTHON_VERSION}"] * 2
    assert re.findall(r"Architectures: (.+)", template) == ["[arm64]"] * 2
    wheels = [path.read_text(encoding="utf-8") for path in folder.glob("*.dist-info/WHEEL")]
    tags = {tag for wheel in wheels for tag in re.findall(r"^Tag: (.+)$", wheel, re.MULTILINE)}
    native = {tag for tag in tags if not tag.endswith("-none-any")}
    assert len(native) >= 4
    assert all(re.fullmatch(r"(cp3(13-cp313|\d+-abi3)|py3-none)-\w+_aarch64", it) for it in native)
    # This runtime has glibc 2.34.
    assert max(int(minor) for tag in native for minor in re.findall(r"x_2_(\d+)_", tag)) <= 34
    assert set(machines(folder)) == {_AARCH64}


def test_it_holds_the_data_of_the_services_that_are_called(arm64: Path) -> None:
    described = {path.name for path in (arm64 / "botocore/data").iterdir() if path.is_dir()}
    assert described == package.SERVICE.aws_services
    called = {
        service
        for path in (ROOT / "gql_api").rglob("*.py")
        for service in re.findall(r'\.client\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert "s3" in called
    assert called <= package.SERVICE.aws_services


def ours(folder: Path) -> set[str]:
    """Return the names of our modules and data in a package."""
    return {path.relative_to(folder).as_posix() for path in contents.files(folder / "gql_api")}


def test_the_service_cannot_decode(arm64: Path) -> None:
    assert "gql_api/domain/common_passwords.txt.gz" in ours(arm64)
    assert not [name for name in ours(arm64) if name.startswith("gql_api/adapters/media/")]
    for library in ("av", "PIL", "pi_heif", "pypdfium2"):
        assert not (arm64 / library).exists()


def test_the_media_function_has_decoders_and_no_database(media: Path) -> None:
    """Nor what signs tokens, nor what answers requests."""
    assert {"gql_api/media_worker.py", "gql_api/adapters/media/__main__.py"} <= ours(media)
    layers = {name.split("/")[1] for name in ours(media)}
    assert layers.isdisjoint({"http", "schema", "admin", "bootstrap.py", "lambda_handlers.py"})
    adapters = {name.split("/")[2] for name in ours(media) if "/adapters/" in name}
    assert adapters.isdisjoint({"mongo", "tokens.py", "passwords.py"})
    assert {"av", "PIL", "pi_heif", "pypdfium2", "boto3"} <= {path.name for path in media.iterdir()}
    for library in ("pymongo", "jose", "argon2", "strawberry", "starlette"):
        assert not (media / library).exists()
    described = {path.name for path in (media / "botocore/data").iterdir() if path.is_dir()}
    assert described == {"s3"}


def test_modules_are_found_at_any_depth(tmp_path: Path) -> None:
    sources = {
        "ours/__init__.py": "",
        "ours/start.py": "def f():\n    from ours.deep import thing",
        "ours/deep/__init__.py": "import json, ours.named",
        "ours/deep/thing.py": "if TYPE_CHECKING:\n    import ours.typing_only",
        "ours/named.py": "from ours import start",
        "ours/typing_only.py": "",
        "ours/unused.py": "",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    found = needed_modules(tmp_path, ["ours.start"])
    assert {path.as_posix() for path in found} == {
        *("ours/__init__.py", "ours/start.py", "ours/deep/__init__.py", "ours/deep/thing.py"),
        "ours/named.py",
    }
    with pytest.raises(LookupError, match=r"no module ours\.missing"):
        needed_modules(tmp_path, ["ours.missing"])


@pytest.mark.parametrize("name", ["arm64", "media"])
def test_it_holds_no_tests(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    paths = {path.relative_to(folder) for path in contents.files(folder)}
    assert not [path for path in paths if {"tests", "test", "__pycache__"} & {*path.parts}]
    assert not (folder / "bin").exists()


def test_everyone_can_read_it_and_its_times_are_fixed(arm64: Path) -> None:
    found = [(path.is_dir(), path.stat()) for path in (arm64, *arm64.rglob("*"))]
    assert {stat.st_mtime for _, stat in found} == {315_619_200}
    assert {(is_dir, stat.st_mode & 0o777) for is_dir, stat in found} == {
        (True, 0o755),
        (False, 0o644),
    }


def test_the_report_names_the_ten_largest_parts(arm64: Path) -> None:
    total, *parts = package.report(package.SERVICE, arm64).splitlines()
    size = sum(path.stat().st_size for path in contents.files(arm64))
    assert total.strip() == f"{size / 1e6:.1f} MB unzipped, of which"
    assert len(parts) == 10
    sizes = [float(part.split()[0]) for part in parts]
    assert sizes == sorted(sizes, reverse=True)


def test_a_package_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate(package.SERVICE.max_bytes + 1)
    with pytest.raises(DeployError, match=r"lambda is larger than 35 MB"):
        package.report(package.SERVICE, tmp_path)


def test_the_media_function_fits_into_lambda(media: Path) -> None:
    """Lambda allows 250 MiB. Byte code adds less than 10 MB."""
    assert package.MEDIA.max_bytes < 250 * 1024**2 - 10_000_000
    assert "MB av.libs" in package.report(package.MEDIA, media)


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
