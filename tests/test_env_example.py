"""`.env.example` lists every setting that the code reads, with its actual default."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from dotenv import dotenv_values

from gql_api.settings import Settings, read_settings
from local.configuration import Configuration, read_configuration

EXAMPLE = Path(__file__).parents[1] / ".env.example"

REQUIRED = {
    "DB_URL": "mongodb://db.test",
    "S3_BUCKET": "media",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "JWT_SECRET_KEY": "k" * 32,
}
# Listed with an example instead of a default.
EXAMPLES_ONLY = {
    *REQUIRED,
    "S3_ENDPOINT_URL",
    "S3_PUBLIC_ENDPOINT_URL",
    "MEDIA_WORKER_URL",
    "MEDIA_WORKER_TOKEN",
    "OIDC_ISSUERS",
}


class Recorder(Mapping[str, str]):
    """An environment that records the names that are read."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_by_name = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


def setting_lines() -> list[tuple[str, str]]:
    """Return each line with a setting, after the line before it."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return [(before, line) for before, line in pairwise(lines) if re.match(r"#?[A-Z0-9_]+=", line)]


@pytest.fixture
def listed(tmp_path: Path) -> dict[str, str]:
    """The names and values of the example, as if no line were commented out."""
    file = tmp_path / "env"
    file.write_text("\n".join(line.removeprefix("#") for _, line in setting_lines()))
    return {name: value or "" for name, value in dotenv_values(file, interpolate=False).items()}


def read(environment: Mapping[str, str], tmp_path: Path) -> tuple[Settings, Configuration]:
    return read_settings(environment), read_configuration(environment, tmp_path / "none")


def test_every_setting_is_listed_and_nothing_else(listed: dict[str, str], tmp_path: Path) -> None:
    recorder = Recorder(REQUIRED)
    read_settings(recorder)

    assert set(listed) == recorder.names | {"PORT", "DATA_DIR", "ALLOWED_HOSTS"}


def test_what_is_listed_is_the_default(listed: dict[str, str], tmp_path: Path) -> None:
    defaults = {name: value for name, value in listed.items() if name not in EXAMPLES_ONLY}

    settings, configuration = read(REQUIRED, tmp_path)
    listed_settings, listed_configuration = read({**REQUIRED, **defaults}, tmp_path)

    assert listed_settings == settings
    assert listed_configuration.port == configuration.port
    assert listed_configuration.data_directory == configuration.data_directory


def test_the_examples_are_usable(listed: dict[str, str]) -> None:
    read_settings(listed)


def test_every_setting_is_explained() -> None:
    bare = [line for before, line in setting_lines() if not before.startswith("# ")]

    assert bare == []
