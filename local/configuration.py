"""The configuration of the stack, from the environment and the file .env."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import parse_stream

from gql_api.environment import SettingsError
from local.errors import BadConfiguration

_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:]+\]")
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
# Either names a media function that the stack does not start.
_MEDIA_FUNCTIONS = ("MEDIA_QUEUE_URL", "MEDIA_WORKER_URL")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration. `environment` has the service's settings that the user has set.

    `own_database` and `own_bucket` are true for the servers that the stack starts itself, because
    the user has not set DB_URL or S3_BUCKET; `own_media_worker`, because the user has neither named
    one nor switched media processing off. `allowed_hosts` are names, in lower case and without a
    port, under which clients reach the API, in addition to those of this machine.
    """

    port: int
    data_directory: Path
    own_database: bool
    own_bucket: bool
    own_media_worker: bool
    environment: Mapping[str, str] = field(repr=False)
    allowed_hosts: frozenset[str] = frozenset()


def read_configuration(environment: Mapping[str, str], file: Path) -> Configuration:
    """Read the configuration from `environment`, and from `file` for names that it lacks.

    Raises:
        BadConfiguration: at least one value is invalid. The message lists all problems.
    """
    merged = {**_read_file(file), **environment}
    given = {name: value for name, value in merged.items() if value.strip()}
    problems = _bucket_problems(given)
    port = given.get("PORT", "8000")
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65_535):
        problems.append(f"PORT is {port!r}; it must be a whole number from 1 to 65535.")
    hosts = frozenset(name.strip().lower() for name in given.get("ALLOWED_HOSTS", "").split(","))
    hosts -= {""}
    if bad := sorted(name for name in hosts if not _HOST.fullmatch(name)):
        problems.append(f"ALLOWED_HOSTS has {bad[0]!r}; list host names without scheme and port.")
    if problems:
        raise BadConfiguration(str(SettingsError(problems)))
    return Configuration(
        port=int(port),
        data_directory=Path(given.get("DATA_DIR", ".local")).absolute(),
        own_database="DB_URL" not in given,
        own_bucket="S3_BUCKET" not in given,
        own_media_worker=given.get("MEDIA_PROCESSING", "").strip() != "false"
        and given.keys().isdisjoint(_MEDIA_FUNCTIONS),
        environment=merged,
        allowed_hosts=hosts,
    )


def _bucket_problems(given: Mapping[str, str]) -> list[str]:
    """Report incomplete settings for a bucket, instead of silently using the embedded server."""
    if "S3_BUCKET" in given:
        return [
            f"{name} is missing; it is required with S3_BUCKET. "
            "To use the embedded S3 server instead, remove S3_BUCKET."
            for name in _CREDENTIALS
            if name not in given
        ]
    if "S3_ENDPOINT_URL" in given:
        return [
            "S3_BUCKET is missing; it is required with S3_ENDPOINT_URL. "
            "To use the embedded S3 server instead, remove S3_ENDPOINT_URL."
        ]
    return []


def _read_file(file: Path) -> dict[str, str]:
    """Return the names and values in `file`; none if the file does not exist.

    Empty values are kept, because they have a meaning for USER_QUOTA_BYTES and others. Variables
    are not expanded, so a `$` in a password is literal.
    """
    try:
        with file.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"Cannot read {file}: {error}") from error
    invalid = [str(binding.original.line) for binding in bindings if binding.error]
    if invalid:
        raise BadConfiguration(
            f"{file} has a syntax error in line {', '.join(invalid)}. Write NAME=value."
        )
    return {binding.key: binding.value or "" for binding in bindings if binding.key}
