"""The README matches the code: its console session prints what it shows, and it is short."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest

from gql_api.container import Container
from gql_api.http.app import create_app
from local import ports
from local.server import Server
from tests.docs.markdown import code_blocks, read, section

README = read("README.md")

# These values differ from run to run: ids, times, ports and signatures.
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[0-9:.]+Z|127\.0\.0\.1:\d+|/media/[\w-]+/"
    r"|X-Amz-(?:Credential|Date|Signature)=[^&\"]+"
)


def steps(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console session, each with the output printed for it."""
    commands: list[tuple[str, str]] = []
    for block in code_blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], ""))
            elif line.startswith(">"):
                command, _ = commands[-1]
                commands[-1] = (f"{command}\n{line[2:]}", "")
            else:
                command, output = commands[-1]
                commands[-1] = (command, f"{output}{line}\n")
    return commands


def masked(output: str) -> str:
    return VOLATILE.sub("…", output)


@pytest.mark.settings(S3_KEY_PREFIX="uploads")
async def test_the_session_works_as_printed(container: Container, tmp_path: Path) -> None:
    session = steps(section(README, "A session"))
    server = Server(create_app(container), ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        marker = "--- end of step ---"
        script = "".join(f"{command}\necho '{marker}'\n" for command, _ in session)
        script = script.replace("http://127.0.0.1:8000", server.url)
        bash = await asyncio.create_subprocess_exec(
            "bash",
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await bash.communicate(script.encode())
    finally:
        await server.stop()
    outputs = printed.decode().split(f"{marker}\n")

    assert len(session) > 10
    for (command, expected), output in zip(session, outputs[:-1], strict=True):
        assert masked(output) == masked(expected), command


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 150
