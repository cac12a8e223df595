"""Settings and secrets, stored in the user's directories.

On Linux, $XDG_CONFIG_HOME/media contains config.json with the service's address, and
credentials.json with the tokens, which only the user can read. $XDG_STATE_HOME/media contains the
journals. Both files have a key `profiles`, below which each further profile has the same content.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_state_path

from media_client.errors import ConfigurationError
from media_client.tokens import SessionTokens

DEFAULT_PROFILE = "default"
_LOCK_SECONDS = 120.0  # A holder renews a session, which is one request.


class Directories:
    """The directories of a profile of the user."""

    def __init__(self, environment: Mapping[str, str], profile: str = DEFAULT_PROFILE) -> None:
        config = user_config_path("media", appauthor=False)
        state = user_state_path("media", appauthor=False)
        self.config = _directory(environment, "XDG_CONFIG_HOME", ".config", config)
        self.state = _directory(environment, "XDG_STATE_HOME", ".local/state", state)
        if profile != DEFAULT_PROFILE:
            self.state = self.state / "profiles" / profile


def _directory(environment: Mapping[str, str], variable: str, earlier: str, native: Path) -> Path:
    """Return $variable/media, or the platform's directory. Relative variables are ignored.

    Earlier versions used the directories of Linux everywhere; files that are there are found.
    """
    given = environment.get(variable, "")
    if os.path.isabs(given):
        return Path(given) / "media"
    old = Path(os.path.expanduser("~")) / earlier / "media"
    return native if native.is_absolute() and not old.exists() else old


class Configuration:
    """The saved address of the service, and the tokens per service, of one profile."""

    def __init__(self, directories: Directories, profile: str = DEFAULT_PROFILE) -> None:
        self._settings = directories.config / "config.json"
        self._credentials = directories.config / "credentials.json"
        self._profile = profile

    def profiles(self) -> Mapping[str, str]:
        """Return the address of each profile, by its name."""
        settings = _read(self._settings)
        named = {DEFAULT_PROFILE: settings, **_profiles(settings)}
        return {name: fields["url"] for name, fields in named.items() if "url" in fields}

    def url(self) -> str | None:
        """Return the address of the last login, or None."""
        url = self._section(self._settings).get("url")
        return url if isinstance(url, str) else None

    def set_url(self, url: str) -> None:
        """Save the address."""
        with self.locked():
            self._write_section(self._settings, {**self._section(self._settings), "url": url})

    def token(self, url: str) -> str | None:
        """Return the API key stored for the service, or None."""
        token = self._section(self._credentials).get(url, {}).get("token")
        return token if isinstance(token, str) else None

    def set_token(self, url: str, token: str | None) -> None:
        """Store an API key in place of any other credentials; None deletes them."""
        with self.locked():
            self._replace(url, None if token is None else {"token": token})

    def session(self, url: str) -> StoredSession:
        """Return the store of the service's session."""
        return StoredSession(self, url)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing the tokens.

        Taking the lock opens a file for writing. If the directory is not writable, this fails
        before a refresh token is used, because the new one could not be saved.
        """
        from filelock import FileLock, Timeout  # Commands with an API key never take the lock.

        path = self._credentials.with_suffix(".lock")
        lock = FileLock(path, mode=0o600)
        try:
            _make_directory(path.parent)
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout as error:
            raise ConfigurationError(
                f"Another `media` command has held the lock {path} for {_LOCK_SECONDS:.0f} seconds."
            ) from error
        except OSError as error:
            raise ConfigurationError(
                f"Sessions can't be stored: {path.parent} is not writable ({error.strerror}). "
                "Set XDG_CONFIG_HOME to a writable directory, or MEDIA_TOKEN to an API key."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def read_session(self, url: str) -> SessionTokens | None:
        """Return the tokens of the service's session, or None."""
        fields = self._section(self._credentials).get(url, {}).get("session")
        try:
            return fields and SessionTokens(
                fields["access_token"],
                fields["refresh_token"],
                datetime.fromisoformat(fields["expires_at"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(
                f"{self._credentials} has an invalid session for {url}. "
                "Delete the file and run `media login` again."
            ) from error

    def write_session(self, url: str, tokens: SessionTokens | None) -> None:
        """Save the session's tokens, or delete them if None. The caller holds the lock."""
        if tokens is None:
            self._replace(url, None)
            return
        session = {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires_at": tokens.expires_at.isoformat(),
        }
        self._replace(url, {"session": session})

    def _replace(self, url: str, value: Mapping[str, Any] | None) -> None:
        credentials = self._section(self._credentials)
        credentials.pop(url, None)
        if value is not None:
            credentials[url] = value
        self._write_section(self._credentials, credentials)

    def _section(self, path: Path) -> dict[str, Any]:
        """Return the profile's part of a file."""
        content = _read(path)
        if self._profile == DEFAULT_PROFILE:
            return content
        return dict(_profiles(content).get(self._profile, {}))

    def _write_section(self, path: Path, section: Mapping[str, Any]) -> None:
        if self._profile != DEFAULT_PROFILE:
            content = _read(path)
            section = {
                **content,
                "profiles": {**_profiles(content), self._profile: section},
            }
        _write(path, section)


class StoredSession:
    """`tokens.SessionStore` in the credentials file."""

    def __init__(self, configuration: Configuration, url: str) -> None:
        self._configuration = configuration
        self._url = url

    def load(self) -> SessionTokens | None:
        """See `SessionStore`."""
        return self._configuration.read_session(self._url)

    def save(self, tokens: SessionTokens | None) -> None:
        """See `SessionStore`."""
        self._configuration.write_session(self._url, tokens)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """See `SessionStore`."""
        with self._configuration.locked():
            yield


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is not valid JSON: {error}. Delete it.") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f"{path} must contain a JSON object. Delete it.")
    return value


def _profiles(content: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the further profiles in a file, by their names."""
    named = content.get("profiles")
    profiles = named if isinstance(named, dict) else {}
    return {name: fields for name, fields in profiles.items() if isinstance(fields, dict)}


def _write(path: Path, value: Mapping[str, Any]) -> None:
    """Replace a file atomically and durably: a crash leaves either the old one or the new one."""
    try:
        _make_directory(path.parent)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(value, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise ConfigurationError(f"{path} can't be written: {error.strerror}.") from error


def _make_directory(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
