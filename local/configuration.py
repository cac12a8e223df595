"""What the stack is asked to do: the environment, and the file .env beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import parse_stream

from local.errors import BadConfiguration

_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True, slots=True)
class Configuration:
    """`environment` holds the settings of the service, as far as they are given.

    `own_database` and `own_bucket` say which servers the stack starts itself: those that the
    settings do not name.
    """

    port: int
    data_directory: Path
    own_database: bool
    own_bucket: bool
    environment: Mapping[str, str] = field(repr=False)


def read_configuration(environment: Mapping[str, str], file: Path) -> Configuration:
    """The configuration from `environment`, and from `file` where the former has no value.

    Raises:
        BadConfiguration: with every problem there is.
    """
    merged = {**_read_file(file), **environment}
    given = {name: value for name, value in merged.items() if value.strip()}
    problems = _bucket_problems(given)
    port = given.get("PORT", "8000")
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65_535):
        problems.append(f"PORT is {port!r}; it must be a whole number from 1 to 65535.")
    if problems:
        raise BadConfiguration("\n- ".join(["The settings are not usable:", *problems]))
    return Configuration(
        port=int(port),
        data_directory=Path(given.get("DATA_DIR", ".local")).absolute(),
        own_database="DB_URL" not in given,
        own_bucket="S3_BUCKET" not in given,
        environment=merged,
    )


def _bucket_problems(given: Mapping[str, str]) -> list[str]:
    """A bucket that is named but can't be reached must not turn into an embedded one silently."""
    if "S3_BUCKET" in given:
        return [
            f"S3_BUCKET is set, so {name} is needed too. "
            "Leave S3_BUCKET out to use the embedded S3 server."
            for name in _CREDENTIALS
            if name not in given
        ]
    if "S3_ENDPOINT_URL" in given:
        return ["S3_ENDPOINT_URL is set, so S3_BUCKET is needed too."]
    return []


def _read_file(file: Path) -> dict[str, str]:
    """The names and values in `file`; none if there is no such file.

    An empty value is kept, since USER_QUOTA_BYTES has a meaning for it. Nothing is interpolated:
    a `$` in a password stays one.
    """
    try:
        with file.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{file} can't be read: {error}") from error
    wrong = [str(binding.original.line) for binding in bindings if binding.error]
    if wrong:
        raise BadConfiguration(
            f"{file} can't be understood at line {', '.join(wrong)}: write NAME=value."
        )
    return {binding.key: binding.value or "" for binding in bindings if binding.key}
