"""media profile ls."""

from __future__ import annotations

import click

from media_client.cli.context import Context, pass_context
from media_client.cli.options import json_option
from media_client.cli.output import json_line, rows


@click.group("profile")
def profile() -> None:
    """List profiles: accounts that are signed in side by side.

    They may belong to one service or to several. `media login --profile NAME` adds a profile;
    --profile NAME or MEDIA_PROFILE selects it.

    \b
    Example:
      media login --profile work --url https://media.example.com
      media ls --profile work
      media profile ls
    """


@profile.command()
@json_option
@pass_context
def ls(context: Context, as_json: bool) -> None:
    """List the profiles and the addresses of their services.

    \b
    Example:
      media profile ls
    """
    current = context.settings.profile
    profiles = context.configuration.profiles()
    if as_json:
        for name, url in profiles.items():
            json_line({"name": name, "url": url, "current": name == current})
        return
    rows(
        ("NAME", "SERVICE", "CURRENT"),
        [(name, url, "current" if name == current else "") for name, url in profiles.items()],
    )
