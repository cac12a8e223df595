"""The entry point of the `media` command, which explains how to install what the command needs."""

from __future__ import annotations

import sys


def run() -> None:
    """Run the command and exit."""
    try:
        from media_client.cli.main import run as run_command
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("media_client"):
            raise
        sys.exit(
            f"media: The command needs the package {error.name}, which is not installed. "
            "Run: pip install 'media-client[cli]'"
        )
    run_command()


if __name__ == "__main__":
    run()
