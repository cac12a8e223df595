"""compose.yaml: the settings in the comment at its top match its servers."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gql_api.settings import Settings, read_settings
from local.configuration import read_configuration

TEXT = (Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The contents of .env after following the instructions in the file."""
    (tmp_path / ".env").write_text("\n".join(re.findall(r"(?m)^#(\w+=.*)$", TEXT)))
    configuration = read_configuration({}, tmp_path / ".env")
    assert (configuration.own_database, configuration.own_bucket) == (False, False)
    return {**configuration.environment, "JWT_SECRET_KEY": "k" * 32}


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return read_settings(environment)


def test_the_lines_name_the_published_ports(settings: Settings) -> None:
    given = {urlsplit(url or "").netloc for url in (settings.db_url, settings.s3_endpoint_url)}

    assert given == set(re.findall(r'ports: \["([\d.]+:\d+):\d+"\]', TEXT))
    assert all(address.startswith("127.0.0.1:") for address in given)


def test_the_lines_hold_the_credentials_and_the_bucket(settings: Settings) -> None:
    assert f"MINIO_ROOT_USER: {settings.aws.access_key_id}\n" in TEXT
    assert f"MINIO_ROOT_PASSWORD: {settings.aws.secret_access_key}\n" in TEXT
    assert f"mkdir -p /data/{settings.s3_bucket} " in TEXT
