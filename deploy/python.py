"""Finds a Python of the Lambda runtime's version on this machine."""

from __future__ import annotations

import os
import subprocess  # nosec B404
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_START_SECONDS = 10


@cache
def find_python(version: str) -> str | None:
    """Return the path of a CPython of the minor version `version` ("3.13"), or None.

    Each candidate is started: pyenv puts a `python3.13` on the path that only prints an error
    unless this version is selected.
    """
    return next((path for path in _candidates(version) if is_python(path, version)), None)


def is_python(path: str, version: str) -> bool:
    """Return whether `path` starts a CPython of the minor version `version`."""
    program = (
        "import platform, sys;"
        "print(platform.python_implementation(), '%d.%d' % sys.version_info[:2])"
    )
    try:
        started = subprocess.run(  # nosec B603
            [path, "-I", "-c", program], capture_output=True, text=True, timeout=_START_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return started.returncode == 0 and started.stdout.split() == ["CPython", version]


def _candidates(version: str) -> Iterator[str]:
    """Yield the running Python, those on the path, and those that pyenv and uv have installed."""
    yield sys.executable
    name = f"python{version}"
    for directory in os.get_exec_path():
        if directory:
            yield str(Path(directory) / name)
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local/share/uv/python")
    for installed, pattern in ((pyenv, f"{version}.*"), (uv, f"cpython-{version}.*")):
        yield from (str(path) for path in sorted(installed.glob(f"{pattern}/bin/{name}")))
