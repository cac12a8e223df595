"""media completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from media_client.cli.streams import line


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script for your shell that completes commands.

    It also completes options and file names.

    \b
    Example:
      media completion bash > ~/.local/share/bash-completion/completions/media
      media completion zsh > ~/.zfunc/_media
      media completion fish > ~/.config/fish/completions/media.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"Completion is not available for {shell}.")
    root = context.find_root().command
    line(kind(root, {}, "media", "_MEDIA_COMPLETE").source())
