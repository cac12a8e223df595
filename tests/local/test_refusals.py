"""Messages for errors at start-up say what is wrong and what to do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from local import ports
from tests.local.conftest import StartStack
from tests.local.stack_process import StackProcess


def refusal(stack: StackProcess, status: int) -> str:
    """Return the error message of a stack that exits with `status` and leaves no process behind."""
    assert stack.wait() == status
    assert stack.output == ""
    assert "Traceback" not in stack.complaints
    return stack.complaints


def test_a_port_in_use(start_stack: StartStack) -> None:
    with ports.bound_socket(ports.free_port()) as taken:
        taken.listen()
        port = taken.getsockname()[1]

        complaint = refusal(start_stack(PORT=str(port)), 2)

    assert f"Port {port} is in use by another program" in complaint
    assert f"PORT={port + 1} make run" in complaint


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 80"])
def test_a_port_that_is_none(start_stack: StartStack, port: str) -> None:
    complaint = refusal(start_stack(PORT=port), 2)

    assert f"PORT is {port!r}; it must be a whole number from 1 to 65535." in complaint


def test_all_wrong_settings_at_once(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("URL_TTL_SECONDS=soon\nALGORITHM=none\n")

    complaint = refusal(start_stack(), 2)

    assert "URL_TTL_SECONDS is 'soon'" in complaint
    assert "ALGORITHM is 'none'" in complaint


def test_a_file_that_is_no_list_of_settings(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\n'unfinished\n")

    assert ".env has a syntax error in line 2. Write NAME=value." in refusal(start_stack(), 2)


def test_a_bucket_without_its_credentials(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("S3_BUCKET=media\nAWS_ACCESS_KEY_ID=key\n")

    complaint = refusal(start_stack(), 2)

    assert "AWS_SECRET_ACCESS_KEY is missing; it is required with S3_BUCKET." in complaint
    assert "AWS_ACCESS_KEY_ID is missing" not in complaint


def test_a_data_directory_that_is_a_file(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    complaint = refusal(start_stack(DATA_DIR="file"), 2)

    assert f"Cannot write to DATA_DIR {tmp_path / 'file'}: File exists." in complaint


def test_damaged_secrets(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "secrets.json").write_text("{")

    complaint = refusal(start_stack(), 2)

    assert f"Cannot read {tmp_path / '.local' / 'secrets.json'}: " in complaint


def test_a_server_that_lacks_a_library(start_stack: StartStack, tmp_path: Path) -> None:
    mongod = tmp_path / "mongod"
    mongod.write_text(
        "#!/bin/sh\n"
        "echo 'error while loading shared libraries: libcrypto.so.3: cannot open' >&2\n"
        "exit 127\n"
    )
    mongod.chmod(0o755)

    complaint = refusal(start_stack(PATH=str(tmp_path)), 1)

    assert f"{mongod} fails to start: error while loading shared libraries" in complaint
    assert "apt install libssl3" in complaint
    assert "compose.yaml" in complaint


def test_a_server_that_ends_at_once(start_stack: StartStack, tmp_path: Path) -> None:
    mongod = tmp_path / "mongod"
    mongod.write_text('#!/bin/sh\n[ "$1" = --version ] || exit 62\n')
    mongod.chmod(0o755)

    complaint = refusal(start_stack(PATH=str(tmp_path)), 1)

    log = tmp_path / ".local" / "mongodb" / "mongod.log"
    assert f"MongoDB (mongod) exited unexpectedly (exit status 62). Its log: {log}" in complaint


def test_a_database_that_does_not_answer(start_stack: StartStack) -> None:
    port = ports.free_port()

    complaint = refusal(start_stack(DB_URL=f"mongodb://ada:pass-word@127.0.0.1:{port}/"), 1)

    assert "Cannot use the database media-local-" in complaint
    assert f"127.0.0.1:{port}" in complaint
    assert "pass-word" not in complaint


def test_a_bucket_that_does_not_answer(start_stack: StartStack) -> None:
    with socket.socket() as bound:  # Reserves the port without listening: connections are refused.
        bound.bind((ports.HOST, 0))
        endpoint = f"http://{ports.HOST}:{bound.getsockname()[1]}"

        complaint = refusal(
            start_stack(
                S3_BUCKET="media",
                S3_ENDPOINT_URL=endpoint,
                AWS_ACCESS_KEY_ID="key",
                AWS_SECRET_ACCESS_KEY="pass-word",
                AWS_DEFAULT_REGION="us-east-1",
            ),
            1,
        )

    assert "Cannot use the bucket media: " in complaint
    assert endpoint in complaint
    assert "pass-word" not in complaint
