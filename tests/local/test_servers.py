"""The embedded servers, their processes and ports, and the errors if they are missing."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from local import data, gateway, mongod, ports
from local.errors import BadConfiguration, CannotRun
from local.process import Process


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """A process that prints a line and exits."""
    return Process(
        "The process",
        [sys.executable, "-c", "print('a line')"],
        directory=tmp_path,
        log=tmp_path / "process.log",
        environment={},
    )


async def test_a_mongod_on_the_path_is_used_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mongod").symlink_to(await mongod.find_mongod())
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert await mongod.find_mongod() == str(tmp_path / "mongod")


async def test_a_system_without_mongod_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(CannotRun, match=r"Install MongoDB.*compose\.yaml"):
        await mongod.find_mongod()


def test_a_system_without_a_gateway_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))

    with pytest.raises(CannotRun, match=r"No S3 server.*compose\.yaml"):
        gateway.find_juicefs()


async def test_a_file_that_is_no_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mongod").write_bytes(b"\0")
    (tmp_path / "mongod").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotRun, match=r"Cannot execute .*mongod: "):
        await mongod.find_mongod()


async def test_a_process_that_ends_before_it_is_ready(process: Process, tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    await process.start()
    with pytest.raises(CannotRun, match=r"The process exited unexpectedly \(exit status 0\)"):
        await process.ready(never)

    assert (tmp_path / "process.log").read_text() == "a line\n"


async def test_the_log_before_is_kept_once(process: Process, tmp_path: Path) -> None:
    for before in ("older\n", "old\n"):
        (tmp_path / "process.log").write_text(before)
        await process.start()
        await process.ended()

    assert (tmp_path / "process.log").read_text() == "a line\n"
    assert (tmp_path / "process.log.1").read_text() == "old\n"


async def test_a_process_can_be_stopped_at_any_time(process: Process) -> None:
    await process.stop()
    await process.start()
    await process.stop()
    await process.stop()


def test_a_port_that_another_stack_holds_while_it_starts_is_not_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = ports.free_port()
    with ports.bound_socket(ports.free_port()) as held:
        chosen = iter([held.getsockname()[1], other])
        monkeypatch.setattr("random.choice", lambda _: next(chosen))
        assert ports.free_port() == other


async def test_ports() -> None:
    port = ports.free_port()
    assert not await ports.accepts(port)
    assert not await ports.answers(port, "/")

    with ports.bound_socket(port) as bound:
        bound.listen()

        assert await ports.accepts(port)
        with pytest.raises(BadConfiguration, match=f"Port {port} is in use"):
            ports.bound_socket(port)


def test_ports_are_kept_while_they_are_free(tmp_path: Path) -> None:
    first = data.load_ports(tmp_path)
    assert first.mongod != first.gateway
    assert data.load_ports(tmp_path) == first

    with ports.bound_socket(first.gateway) as taken:
        taken.listen()
        second = data.load_ports(tmp_path)

    assert second.mongod == first.mongod
    assert second.gateway != first.gateway
    assert data.load_ports(tmp_path) == second


@pytest.mark.parametrize(
    "damaged",
    ["", "[]", '{"mongod": "x", "gateway": 0}', '{"gateway": 70000}', "\xff", "{}", "null"],
)
def test_a_damaged_list_of_ports_is_written_anew(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "ports.json").write_text(damaged, encoding="latin-1")

    fresh = data.load_ports(tmp_path)

    assert data.load_ports(tmp_path) == fresh


def test_two_servers_never_get_one_port(tmp_path: Path) -> None:
    port = ports.free_port()
    (tmp_path / "ports.json").write_text(f'{{"mongod": {port}, "gateway": {port}}}')

    fresh = data.load_ports(tmp_path)

    assert (fresh.mongod, fresh.gateway != port) == (port, True)
