"""Reading samconfig.toml, as `sam deploy --config-env` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.environments import Environment, read_environment
from deploy.errors import DeployError

SAMCONFIG = """
version = 0.1
[staging.global.parameters]
region = "eu-west-1"
stack_name = "of-all-commands"
[staging.deploy.parameters]
stack_name = "media-staging"
[production.deploy.parameters]
stack_name = "media"
region = "eu-central-1"
profile = "production"
[incomplete.deploy.parameters]
stack_name = "media"
"""


@pytest.fixture
def samconfig(tmp_path: Path) -> Path:
    path = tmp_path / "samconfig.toml"
    path.write_text(SAMCONFIG, encoding="utf-8")
    return path


def test_a_commands_parameters_have_precedence(samconfig: Path) -> None:
    assert read_environment("staging", samconfig) == Environment("media-staging", "eu-west-1", None)
    production = read_environment("production", samconfig)
    assert production == Environment("media", "eu-central-1", "production")


def test_an_unknown_environment_is_refused_with_the_known_ones(samconfig: Path) -> None:
    with pytest.raises(DeployError, match="no environment 'stagin', only: staging, production, "):
        read_environment("stagin", samconfig)


def test_an_incomplete_environment_is_refused(samconfig: Path) -> None:
    with pytest.raises(DeployError, match="sets no region for incomplete"):
        read_environment("incomplete", samconfig)


@pytest.mark.parametrize("text", [None, "[staging"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "samconfig.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DeployError, match=r"samconfig\.toml cannot be read"):
        read_environment("staging", path)
