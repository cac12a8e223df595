"""Settings and secrets, stored in the XDG directories.

$XDG_CONFIG_HOME/media contains config.json with the service's address, and credentials.json with
the tokens, which only the user can read. $XDG_STATE_HOME/media contains the journals.
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

from media_client.errors import ConfigurationError
from media_client.tokens import SessionTokens
from media_client.transfer.locks import lock


class Directories:
    """The user's directories, from the environment (XDG Base Directory Specification)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.config = _base(environment, "XDG_CONFIG_HOME", ".config") / "media"
        self.state = _base(environment, "XDG_STATE_HOME", ".local/state") / "media"


def _base(environment: Mapping[str, str], name: str, default: str) -> Path:
    given = environment.get(name, "")
    # The specification says to ignore relative paths.
    return Path(given) if os.path.isabs(given) else Path(os.path.expanduser("~")) / default


class Configuration:
    """The saved address of the service, and the tokens per service."""

    def __init__(self, directories: Directories) -> None:
        self._settings = directories.config / "config.json"
        self._credentials = directories.config / "credentials.json"

    def url(self) -> str | None:
        """Return the address of the last login, or None."""
        url = _read(self._settings).get("url")
        return url if isinstance(url, str) else None

    def set_url(self, url: str) -> None:
        """Save the address."""
        _write(self._settings, {**_read(self._settings), "url": url})

    def token(self, url: str) -> str | None:
        """Return the API key stored for the service, or None."""
        token = _read(self._credentials).get(url, {}).get("token")
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
        path = self._credentials.with_suffix(".lock")
        try:
            _make_directory(path.parent)
            file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"Sessions can't be stored: {path.parent} is not writable ({error.strerror}). "
                "Set XDG_CONFIG_HOME to a writable directory, or MEDIA_TOKEN to an API key."
            ) from error
        try:
            lock(file)
            yield
        finally:
            os.close(file)

    def read_session(self, url: str) -> SessionTokens | None:
        """Return the tokens of the service's session, or None."""
        fields = _read(self._credentials).get(url, {}).get("session")
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
        credentials = {key: kept for key, kept in _read(self._credentials).items() if key != url}
        if value is not None:
            credentials[url] = value
        _write(self._credentials, credentials)


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
