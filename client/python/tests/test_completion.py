"""Completion as users see it: a shell on a terminal, and the Tab key."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from client.python.tests.conftest import Media
from client.python.tests.terminal import Terminal

_SHELLS = {
    "bash": ("--norc", "--noprofile", "-i"),
    "zsh": ("-f", "-i"),
    "fish": ("--no-config", "-i"),
}
_LOADED = {
    "bash": 'eval "$(media completion bash)"',
    "zsh": 'autoload -U compinit; compinit -D -u; eval "$(media completion zsh)"',
    "fish": "media completion fish | source",
}


@pytest.mark.parametrize("shell", _SHELLS)
def test_tab_completes_commands_and_file_names(shell: str, media: Media) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    media.write("holiday in Rome.mp4")
    folder = Path(sys.executable).parent
    environment = {
        **media.environment,
        "PATH": f"{folder}:{media.environment['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
    with Terminal([program, *_SHELLS[shell]], media.files, environment) as terminal:
        terminal.type(f"{_LOADED[shell]}; echo 'loa''ded'\n")
        terminal.read_until(lambda: "\nloaded" in terminal.text)
        terminal.type("media uplo\t")
        terminal.read_until(lambda: "media upload" in terminal.text)
        terminal.type("--quiet hol\t")
        terminal.read_until(lambda: "holiday\\ in\\ Rome.mp4" in terminal.text)
