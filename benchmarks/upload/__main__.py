"""Compare `media upload` with its peers, in one run against the same S3 server.

    python -m benchmarks.upload [--rounds 5] [--json] [--rows 1,2,3] [--scale 1.0]

Each round runs every tool once, in an order that rotates from round to round. An extra first
round warms up and is discarded. Tools and servers share the processors of this machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from media_client import MediaClient

from benchmarks.report import show
from benchmarks.upload.measure import Figures, measure
from benchmarks.upload.report import FAR, LARGE, SMALL, report
from benchmarks.upload.stack import BUCKET, wait_until_quiet
from benchmarks.upload.tools import PEERS, TOOLS, Target, Tool, environment, set_up_peers
from local.child import ChildStack
from local.ports import free_port

_MIB = 1024 * 1024
_DELAY_SECONDS = 0.05
_BYTES_PER_SECOND = 100e6 / 8


def main() -> None:
    """Run the benchmark and print the results."""
    arguments = _parser().parse_args()
    set_up_peers()
    tools = [tool for tool in TOOLS if not arguments.tools or tool.name in arguments.tools]
    numbers = [int(number) for number in arguments.rows.split(",")]
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as name, ExitStack() as stack:
        directory = Path(name)
        rows = _rows(directory, arguments.scale, stack, far=3 in numbers)
        reports = [
            report(
                kind,
                _compare(tools, target, stacks, arguments.rounds, directory),
                arguments.scale,
            )
            for number, (kind, target, stacks) in enumerate(rows, 1)
            if number in numbers
        ]
    show(reports, as_json=arguments.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.upload",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument("--rows", default="1,2,3", help="numbers of the rows to run")
    parser.add_argument("--tools", action="append", help="run only this tool; repeatable")
    parser.add_argument("--scale", type=float, default=1.0, help="factor for file sizes and counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _rows(
    directory: Path, scale: float, cleanup: ExitStack, *, far: bool
) -> Iterator[tuple[str, Target, list[ChildStack]]]:
    """Yield the kind, the target and the running stacks of each row; the third if `far`."""
    near = cleanup.enter_context(_running(directory / "near", {"USER_QUOTA_BYTES": ""}))
    bucket, secret = near.address("Bucket"), near.secret_access_key
    token = _token(near.url)
    home = directory / "files"
    home.mkdir()
    large, small = home / "1GiB", home / "small"
    _fill(large, int(1024 * _MIB * scale))
    small.mkdir()
    for number in range(int(1000 * scale)):
        _fill(small / f"{number:04}.bin", 100_000)
    target = Target(large, False, near.url, bucket, token, secret)
    _create_bucket(target, home)
    yield LARGE, target, [near]
    yield SMALL, Target(small, True, near.url, bucket, token, secret), [near]
    if far:
        middle = home / "256MiB"
        _fill(middle, int(256 * _MIB * scale))
        second, target = _far(directory / "far", middle, near, cleanup)
        yield FAR, target, [near, second]


def _far(
    directory: Path, file: Path, near: ChildStack, cleanup: ExitStack
) -> tuple[ChildStack, Target]:
    """Run a second service with the servers of `near`, reached through slow lines."""
    bucket, secret = near.address("Bucket"), near.secret_access_key
    slow_bucket = cleanup.enter_context(_slow_line(int(bucket.rpartition(":")[2])))
    settings = {
        "DB_URL": near.database_url,
        "DB_NAME": "far",
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": bucket,
        "S3_PUBLIC_ENDPOINT_URL": slow_bucket,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": "us-east-1",
        "USER_QUOTA_BYTES": "",
    }
    stack = cleanup.enter_context(_running(directory, settings))
    slow_api = cleanup.enter_context(_slow_line(stack.port))
    return stack, Target(file, False, slow_api, slow_bucket, _token(stack.url), secret)


def _compare(
    tools: Sequence[Tool], target: Target, stacks: list[ChildStack], rounds: int, directory: Path
) -> dict[str, list[Figures]]:
    runs: dict[str, list[Figures]] = {}
    for number in range(rounds + 1):
        turn = number % len(tools)
        for tool in (*tools[turn:], *tools[:turn]):
            command = tool.command(target)
            if command is None:
                continue
            os.sync()
            wait_until_quiet(stacks)
            figures = measure(command, environment(target, directory), directory)
            if number:
                runs.setdefault(tool.name, []).append(figures)
            print(f"{number} {tool.name}: {figures.wall_seconds:.2f} s", file=sys.stderr)
            _delete_large_uploads(stacks, target)
    return {tool.name: runs[tool.name] for tool in tools if tool.name in runs}


def _delete_large_uploads(stacks: Sequence[ChildStack], target: Target) -> None:
    """Delete our large uploads to free the disk; the peers overwrite their own objects."""
    if target.folder:
        return
    with MediaClient(stacks[-1].url, token=target.token) as client:
        for upload in client.uploads():
            client.delete_upload(upload.id)


@contextmanager
def _running(directory: Path, settings: dict[str, str]) -> Iterator[ChildStack]:
    stack = ChildStack(directory, settings)
    try:
        stack.wait_until_running()
        yield stack
    except SystemExit:
        print(stack.log()[-4000:], file=sys.stderr)
        raise
    finally:
        stack.stop()


@contextmanager
def _slow_line(target_port: int) -> Iterator[str]:
    port = free_port()
    script = str(Path(__file__).with_name("slow_line.py"))
    values = map(str, (port, target_port, _DELAY_SECONDS, _BYTES_PER_SECOND))
    process = subprocess.Popen([sys.executable, script, *values])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _token(url: str) -> str:
    with MediaClient(url) as client:
        client.sign_up("bench", "only for the benchmark")
        return client.create_api_key("bench").token


def _create_bucket(target: Target, directory: Path) -> None:
    script = str(Path(__file__).with_name("boto3_upload.py"))
    subprocess.run(
        [str(PEERS / "bin/python"), script, target.bucket, BUCKET, "--create"],
        env=environment(target, directory),
        check=True,
    )


def _fill(path: Path, size: int) -> None:
    with path.open("wb") as file:
        while size > 0:
            file.write(os.urandom(min(size, 8 * _MIB)))
            size -= min(size, 8 * _MIB)


if __name__ == "__main__":
    main()
