"""Operate the stack that `make run` runs: the commands of `python -m gql_api.admin`.

The settings are those of the running stack, whose data directory is DATA_DIR (default: .local), so
none need be given. docs/operations.md describes the commands.

Example: python -m local.admin users show ada
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gql_api.admin.__main__ import main as run_command
from gql_api.settings import Settings
from local import data
from local.configuration import read_configuration
from local.errors import BadConfiguration, LocalError
from local.servers import embedded_servers
from local.service_settings import service_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    try:
        return run_command(arguments, program="python -m local.admin", settings=_settings)
    except LocalError as error:
        print(error, file=sys.stderr)
        return error.exit_status


def _settings() -> Settings:
    """Return the settings of the running stack.

    Raises:
        BadConfiguration: no stack is running in the data directory, or it is still starting, or a
            setting is invalid.
    """
    configuration = read_configuration(os.environ, Path(".env"))
    directory = configuration.data_directory
    if not data.is_locked(directory):
        raise BadConfiguration(
            f"No stack is running in DATA_DIR {directory}. Start it with make run, or name the "
            "directory of the one that runs: DATA_DIR=.local2 python -m local.admin …"
        )
    secrets = data.load_secrets(directory)
    servers = embedded_servers(configuration, data.kept_ports(directory), secrets)
    return service_settings(configuration, secrets, servers)


if __name__ == "__main__":
    sys.exit(main())
