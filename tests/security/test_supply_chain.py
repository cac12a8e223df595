"""Production dependencies are pinned by hash (OWASP ASVS 5.0, 15.1.2 and 15.2.4).

Development dependencies are pinned by version; npm packages, by the hashes in package-lock.json.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from deploy import package
from deploy.errors import DeployError

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
LOCKS = [LOCK, package.MEDIA.lock]

each_lock = pytest.mark.parametrize("lock", LOCKS, ids=["service", "media"])


def entries(lock: Path = LOCK) -> dict[str, list[str]]:
    """Return the hashes in a lock file, by `name==version`."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {
        re.split(r"\s", line, maxsplit=1)[0]: re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line)
        for line in lines
    }


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Return the locked version of each package, by name."""
    parts = (entry.partition("==") for entry in entries(lock))
    return {name: version for name, _, version in parts}


@each_lock
def test_each_pinned_package_is_locked_at_its_version(lock: Path) -> None:
    lines = lock.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert len(pinned) >= 5
    assert pinned.items() <= locked(lock).items()


@each_lock
def test_each_locked_package_has_hashes_and_nothing_else(lock: Path) -> None:
    assert len(entries(lock)) > 10
    assert all(re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.]+", entry) for entry in entries(lock))
    assert all(entries(lock).values())


def test_packages_in_both_locks_have_the_same_version() -> None:
    service, media = map(locked, LOCKS)
    both = service.keys() & media.keys()
    assert "boto3" in both
    assert {name: service[name] for name in both} == {name: media[name] for name in both}


@each_lock
def test_what_a_locked_package_needs_is_locked(lock: Path) -> None:
    for name in locked(lock):
        for line in importlib.metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert needed.name.lower().replace("_", "-") in locked(lock), (name, line)


@pytest.mark.parametrize("name", [*{name: None for lock in LOCKS for name in locked(lock)}])
def test_the_tests_run_with_what_is_locked(name: str) -> None:
    assert importlib.metadata.version(name) == (locked() | locked(package.MEDIA.lock))[name]


def test_the_package_for_lambda_takes_nothing_without_a_hash(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("mangum==0.22.0\n", encoding="utf-8")
    unhashed = package.SERVICE._replace(lock=lock)
    with pytest.raises(DeployError, match=r"install \S+requirements\.lock for arm64"):
        package.build(unhashed, tmp_path / "lambda", "arm64", python=None)


def test_another_file_than_the_locked_one_is_refused(tmp_path: Path) -> None:
    """pip rejects a package of the same name and version but with other contents."""
    wheel = tmp_path / "mangum-0.22.0-py3-none-any.whl"
    wheel.write_bytes(b"PK\x05\x06" + bytes(18))
    hashes = " ".join(f"--hash=sha256:{it}" for it in entries()["mangum==0.22.0"])
    (tmp_path / "lock").write_text(f"mangum==0.22.0 {hashes}\n", encoding="utf-8")
    installed = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--require-hashes", "--no-index"),
            *("--find-links", str(tmp_path), "--target", str(tmp_path / "out"), "--no-deps"),
            *("--isolated", "--requirement", str(tmp_path / "lock")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode != 0
    assert "DO NOT MATCH THE HASHES" in installed.stderr


@each_lock
def test_the_bill_of_materials_lists_what_is_locked(tmp_path: Path, lock: Path) -> None:
    sbom = tmp_path / "sbom.json"
    tool = str(Path(sys.executable).with_name("cyclonedx-py"))
    subprocess.run([tool, "requirements", "--no-validate", "-o", str(sbom), str(lock)], check=True)
    bill = json.loads(sbom.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert {part["name"]: part["version"] for part in bill["components"]} == locked(lock)
    for part in bill["components"]:
        hashes = {
            digest["content"]
            for reference in part["externalReferences"]
            for digest in reference.get("hashes", ())
        }
        assert hashes == set(entries(lock)[f"{part['name']}=={part['version']}"])
