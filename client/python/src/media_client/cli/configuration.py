"""Where settings and secrets are kept: the XDG directories, and the environment above them.

config.json holds the service's address, credentials.json the tokens, readable by their owner
only; both in $XDG_CONFIG_HOME/media. Journals are in $XDG_STATE_HOME/media.
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
    """The places of this user, from the environment (XDG Base Directory Specification)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.config = _base(environment, "XDG_CONFIG_HOME", ".config") / "media"
        self.state = _base(environment, "XDG_STATE_HOME", ".local/state") / "media"


def _base(environment: Mapping[str, str], name: str, default: str) -> Path:
    given = environment.get(name, "")
    # The specification has relative paths ignored.
    return Path(given) if os.path.isabs(given) else Path(os.path.expanduser("~")) / default


class Configuration:
    """The address of the service and the tokens for it."""

    def __init__(self, directories: Directories) -> None:
        self._settings = directories.config / "config.json"
        self._credentials = directories.config / "credentials.json"

    def url(self) -> str | None:
        """The address that the last login used."""
        url = _read(self._settings).get("url")
        return url if isinstance(url, str) else None

    def set_url(self, url: str) -> None:
        """Remember the address."""
        _write(self._settings, {**_read(self._settings), "url": url})

    def token(self, url: str) -> str | None:
        """The API key that was stored for the service."""
        token = _read(self._credentials).get(url, {}).get("token")
        return token if isinstance(token, str) else None

    def set_token(self, url: str, token: str | None) -> None:
        """Store an API key, in place of what there is, or forget all of the service."""
        with self.locked():
            self._replace(url, None if token is None else {"token": token})

    def session(self, url: str) -> StoredSession:
        """The session for the service."""
        return StoredSession(self, url)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing the tokens.

        The lock is taken by opening for writing: where that is not possible, no refresh token is
        spent whose successor could not be saved.
        """
        path = self._credentials.with_suffix(".lock")
        try:
            _make_directory(path.parent)
            file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"Sessions are kept in {path.parent}, and that can't be written: {error.strerror}. "
                "Set XDG_CONFIG_HOME to another place, or MEDIA_TOKEN to an API key."
            ) from error
        try:
            lock(file)
            yield
        finally:
            os.close(file)

    def read_session(self, url: str) -> SessionTokens | None:
        """The session's tokens, or None."""
        fields = _read(self._credentials).get(url, {}).get("session")
        try:
            return fields and SessionTokens(
                fields["access_token"],
                fields["refresh_token"],
                datetime.fromisoformat(fields["expires_at"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(
                f"{self._credentials} is damaged; delete it and run `media login` again."
            ) from error

    def write_session(self, url: str, tokens: SessionTokens | None) -> None:
        """Save the session's tokens. Called with the lock held."""
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
        raise ConfigurationError(f"{path} is damaged: {error}.") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f"{path} is damaged: it holds no object.")
    return value


def _write(path: Path, value: Mapping[str, Any]) -> None:
    """Replace the file at once and for good: a crash leaves the old one or the new one."""
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
