"""Reads from samconfig.toml where each environment, such as staging, is deployed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.errors import DeployError

SAMCONFIG = Path(__file__).parents[1] / "samconfig.toml"


@dataclass(frozen=True, slots=True)
class Environment:
    """A CloudFormation stack, and the AWS profile to deploy it with; None for the default one."""

    stack_name: str
    region: str
    profile: str | None


def read_environment(name: str, samconfig: Path = SAMCONFIG) -> Environment:
    """Return the environment `name`, with the parameters that `sam deploy --config-env` uses.

    Source: "AWS SAM CLI configuration file" in the AWS SAM Developer Guide. The parameters of a
    command take precedence over the global ones.

    Raises:
        DeployError: the file cannot be read, or lacks the environment or one of its values.
    """
    try:
        tables = tomllib.loads(samconfig.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DeployError(f"{samconfig.name} cannot be read: {error}") from error
    environments = {key: table for key, table in tables.items() if isinstance(table, dict)}
    if name not in environments:
        known = ", ".join(environments) or "none"
        raise DeployError(f"{samconfig.name} has no environment {name!r}, only: {known}.")
    parameters = _parameters(environments[name])
    for required in ("stack_name", "region"):
        if not parameters.get(required):
            raise DeployError(f"{samconfig.name} sets no {required} for {name}.")
    return Environment(parameters["stack_name"], parameters["region"], parameters.get("profile"))


def _parameters(environment: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for command in ("global", "deploy"):
        merged |= environment.get(command, {}).get("parameters", {})
    return merged
