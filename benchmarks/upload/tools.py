"""The compared tools and their command lines, as their manuals recommend them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.upload.stack import BUCKET
from local.child import PROJECT

PEERS = PROJECT / "build" / "bench-upload"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Target:
    """What to send and where. `api` and `bucket` are URLs; `folder`: `path` has many files."""

    path: Path
    folder: bool
    api: str
    bucket: str
    token: str
    secret: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `command` returns None for a target that the tool does not support."""

    name: str
    command: Callable[[Target], Sequence[str] | None]


S5CMD = "s5cmd cp"


def set_up_peers() -> None:
    """Create the peers' environment, unless it is up to date."""
    stamp = PEERS / ".installed"
    requirements = _HERE / "requirements.txt"
    if stamp.exists() and stamp.stat().st_mtime >= requirements.stat().st_mtime:
        return
    subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
    pip: list[str | Path] = [
        PEERS / "bin" / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "-r", requirements], check=True)
    stamp.touch()


def environment(target: Target, directory: Path) -> Mapping[str, str]:
    """Return the environment of all tools, without the settings of the user."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": target.secret,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "MEDIA_URL": target.api,
        "MEDIA_TOKEN": target.token,
    }


def _media(*options: str) -> Callable[[Target], Sequence[str]]:
    def command(target: Target) -> Sequence[str]:
        media = str(Path(sys.executable).with_name("media"))
        recursive = ["-r"] if target.folder else []
        return [media, "upload", *recursive, *options, str(target.path)]

    return command


def _aws(target: Target) -> Sequence[str]:
    command = [str(PEERS / "bin/aws"), "--endpoint-url", target.bucket, "s3", "cp"]
    recursive = ["--recursive"] if target.folder else []
    return [*command, *recursive, "--only-show-errors", str(target.path), f"s3://{BUCKET}/aws/"]


def _s5cmd(target: Target) -> Sequence[str]:
    # Run the binary directly: the script that the package installs would start Python first.
    [binary] = PEERS.glob("lib/python*/site-packages/s5cmd/bin/s5cmd")
    source = f"{target.path}/*" if target.folder else str(target.path)
    return [str(binary), "--endpoint-url", target.bucket, "cp", source, f"s3://{BUCKET}/s5cmd/"]


def _rclone(target: Target) -> Sequence[str]:
    remote = f":s3,provider=Minio,env_auth=true,endpoint='{target.bucket}':{BUCKET}/rclone"
    program = str(PEERS / "bin/rclone")
    if target.folder:
        return [program, "copy", "--no-check-dest", str(target.path), remote]
    return [program, "copyto", "--no-check-dest", str(target.path), f"{remote}/{target.path.name}"]


def _boto3(target: Target) -> Sequence[str]:
    script = str(_HERE / "boto3_upload.py")
    return [str(PEERS / "bin/python"), script, target.bucket, BUCKET, str(target.path)]


def _curl(target: Target) -> Sequence[str] | None:
    if target.folder:
        return None
    sign = [str(PEERS / "bin/python"), str(_HERE / "boto3_upload.py"), target.bucket, BUCKET]
    url = subprocess.run(
        [*sign, "--sign", target.path.name],
        env=environment(target, target.path.parent),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    return ["curl", "--fail", "--silent", "--show-error", "-T", str(target.path), url]


TOOLS = (
    Tool("media upload", _media()),
    Tool("media upload --checksum", _media("--checksum")),
    Tool("aws s3 cp", _aws),
    Tool(S5CMD, _s5cmd),
    Tool("rclone copyto", _rclone),
    Tool("boto3 upload_file", _boto3),
    Tool("curl -T", _curl),
)
OURS = TOOLS[0].name
FLOOR = TOOLS[-1].name
