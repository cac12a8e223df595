"""Reads settings from the environment, and collects what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_network

from gql_api.domain import media_types
from gql_api.domain.issuers import Issuer, parse_issuers
from gql_api.domain.policy import IpNetwork


class SettingsError(Exception):
    """At least one setting is missing or invalid; `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["Invalid settings:", *(f"- {p}" for p in problems)]))
        self.problems = problems


class Reader:
    """Reads one setting per call and collects problems. Messages never contain secrets."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.problems: list[str] = []

    def text(self, name: str, default: str, *, empty_counts: bool = False) -> str:
        value = self._env.get(name)
        if value is None or (not value.strip() and not empty_counts):
            return default
        return value.strip()

    def required(self, name: str) -> str:
        value = self.text(name, "")
        if not value:
            self.problems.append(f"{name} is missing.")
        return value

    def pattern(self, name: str, pattern: str, valid: str, default: str | None = None) -> str:
        value = self.required(name) if default is None else self.text(name, default)
        if value and not re.fullmatch(pattern, value):
            self.problems.append(f"{name} must be {valid}.")
        return value

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problems.append(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
        return value

    def switch(self, name: str, default: bool) -> bool:
        return self.choice(name, str(default).lower(), ("true", "false")) == "true"

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,19}", value) or not least <= int(value) <= most:
            self.problems.append(
                f"{name} is {value!r}; it must be a whole number from {least} to {most}."
            )
            return default
        return int(value)

    def limit(self, name: str, default: int | None, least: int, most: int) -> int | None:
        """Read a whole number, or None (no limit) if the value is empty."""
        value = self.text(name, "" if default is None else str(default), empty_counts=True)
        return self.integer(name, default or least, least, most) if value else None

    def queue(self, name: str) -> str | None:
        return self.pattern(name, r"https?://\S+", "the URL of an SQS queue", "") or None

    def url(self, name: str) -> str | None:
        value = self.text(name, "")
        if value and not re.fullmatch(r"https?://[^\s/?#@]+", value):
            self.problems.append(f"{name} must be http(s)://host[:port], without a path.")
        return value or None

    def origins(self, name: str) -> tuple[str, ...]:
        values = tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())
        for value in values:
            if not re.fullmatch(r"https?://[^\s/?#@*]+", value):
                self.problems.append(
                    f"{name} contains {value!r}; it must be a comma-separated list of origins "
                    "such as https://app.example.com."
                )
        return values

    def hosts(self, name: str) -> tuple[str, ...]:
        """Read comma-separated names or addresses of hosts, in lower case."""
        values = [part.strip().lower() for part in self.text(name, "").split(",") if part.strip()]
        for value in values:
            if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", value):
                self.problems.append(
                    f"{name} contains {value!r}; it must be a comma-separated list of host names "
                    "or addresses without scheme and port, such as localhost,127.0.0.1."
                )
        return tuple(values)

    def secrets(self, name: str, least_characters: int) -> tuple[str, ...]:
        """Read comma-separated values for a header; several are set while one is being rotated."""
        values = tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())
        pattern = f"[!-~]{{{least_characters},}}"
        if not all(re.fullmatch(pattern, value) for value in values):
            self.problems.append(
                f"{name} must have at least {least_characters} characters in each value, "
                f"without spaces. Generate one with `openssl rand -hex {least_characters}`."
            )
            return ()
        return values

    def networks(self, name: str) -> tuple[IpNetwork, ...]:
        networks = []
        for value in self.text(name, "").split(","):
            try:
                if value.strip():
                    networks.append(ip_network(value.strip()))
            except ValueError:
                self.problems.append(
                    f"{name} contains {value.strip()!r}; it must be a comma-separated list of "
                    "addresses or networks such as 10.0.0.0/8."
                )
        return tuple(networks)

    def content_types(self, name: str) -> tuple[str, ...]:
        values = [part.strip() for part in self.text(name, "*/*").split(",") if part.strip()]
        parsed = [media_types.parse_range(value) for value in values]
        if not values or None in parsed:
            self.problems.append(
                f"{name} must be a comma-separated list of media types or ranges "
                "such as image/* or */*."
            )
        return tuple(value for value in parsed if value is not None)

    def issuers(self, name: str) -> tuple[Issuer, ...]:
        """Read the OpenID Connect issuers whose tokens are accepted."""
        value = self.text(name, "")
        issuers, problems = parse_issuers(value) if value else ((), [])
        for problem in problems:
            self.problems.append(f"{name}{'' if problem[0] in ' [' else ' '}{problem}")
        return issuers

    def instant(self, name: str) -> datetime | None:
        value = self.text(name, "")
        try:
            at = datetime.fromisoformat(value) if value else None
            if at is None or at.tzinfo is not None:
                return at and at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.problems.append(
            f"{name} must be a time with a time zone, such as 2030-01-31T12:00:00Z."
        )
        return None

    def jwt_keys(self, name: str, least_bytes: int) -> dict[str, str]:
        """Read one key, or several as `kid:key,…`, each as long as the hash (RFC 7518, 3.2)."""
        value = self.required(name)
        parts = [part.strip().partition(":") for part in value.split(",")] if value else []
        keys = {a if colon else "default": b if colon else a for a, colon, b in parts}
        if len(keys) < len(parts) or "" in keys:
            self.problems.append(
                f"{name} must be one key, or several keys with different names: "
                "`name1:key1,name2:key2`."
            )
        elif any(len(secret.encode()) < least_bytes for secret in keys.values()):
            self.problems.append(
                f"{name} must have at least {least_bytes} bytes in each key. "
                f"Generate one with `openssl rand -hex {least_bytes}`."
            )
        return keys
