"""The README is held against the code: its session is run, its tables are compared."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest

from gql_api.bootstrap import Container
from gql_api.http.app import create_app
from local import ports
from local.server import Server

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

# What differs from run to run: ids, times, ports, signatures.
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[0-9:.]+Z|127\.0\.0\.1:\d+|/media/[\w-]+/"
    r"|X-Amz-(?:Credential|Date|Signature)=[^&\"]+"
)


def section(title: str) -> str:
    """The text under a heading of the second level."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(head: str) -> list[list[str]]:
    """The cells, without backticks, of the table whose first column has this head."""
    body = README.split(f"\n| {head} |")[1].split("\n\n")[0]
    return [
        [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
        for line in body.splitlines()[2:]
    ]


def steps(console: str) -> list[tuple[str, str]]:
    """The commands of a session, each with the output that is printed for it."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", console, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], ""))
            elif line.startswith(">"):
                command, _ = found[-1]
                found[-1] = (f"{command}\n{line[2:]}", "")
            else:
                command, output = found[-1]
                found[-1] = (command, f"{output}{line}\n")
    return found


def masked(output: str) -> str:
    return VOLATILE.sub("…", output)


@pytest.mark.settings(S3_KEY_PREFIX="uploads")
async def test_the_session_works_as_printed(container: Container, tmp_path: Path) -> None:
    session = steps(section("A session"))
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
        ended = output if output.endswith("\n") or not output else f"{output}\n"
        assert masked(ended) == masked(expected), command


def test_the_settings_are_those_of_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^#?([A-Z0-9_]+)=(.*)$", example, re.MULTILINE))
    explained = {name: default for name, default, _ in table("setting")}

    assert set(explained) == set(listed)
    defaults = {name: default for name, default in explained.items() if default}
    assert defaults == {name: listed[name] for name in defaults}


def test_every_runtime_package_has_its_reason() -> None:
    required = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)

    assert sorted(name for name, _ in table("package")) == sorted(required)


def test_every_make_target_and_file_it_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`?make ([a-z-]+)", section("Two commands"))) <= targets
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
