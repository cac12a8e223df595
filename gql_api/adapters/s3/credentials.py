"""The service's own credentials and when they expire.

Two kinds exist: those of the environment, which stay the same for the life of the process, and
those of a container credentials provider, which are renewed. AWS Lambda with SnapStart, ECS and EKS
offer such a provider, since credentials in a snapshot would expire (AWS SDKs and Tools Reference
Guide, "Container credential provider").
"""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 2
# boto3 also starts to renew 15 minutes before the expiry (botocore, RefreshableCredentials).
_RENEW_BEFORE = timedelta(minutes=15)
# After a failure, while the old credentials are still valid. Each attempt may block for 2 s.
_PAUSE = timedelta(seconds=30)
_ANSWER_MAX_BYTES = 64 * 1024


class CredentialsUnavailable(Exception):
    """The provider of the service's own credentials does not return any."""


class Credentials(NamedTuple):
    """Keys that sign requests. `expires_at` is None if unknown, or if they do not expire."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    expires_at: datetime | None

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Credentials({self.access_key_id!r}, expires_at={self.expires_at!r})"


class CredentialsSource(Protocol):
    """Provides the credentials that are valid at a given time."""

    def current(self, at: datetime) -> Credentials:
        """Return the credentials; blocks for some milliseconds if they must be renewed."""
        ...


class FixedCredentials:
    """Credentials that stay the same for the life of the process."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def current(self, at: datetime) -> Credentials:
        """Return the credentials, even if they have expired."""
        return self._credentials


class ContainerCredentials:
    """Credentials of a provider on this machine, fetched when needed and renewed in time."""

    def __init__(self, url: str, token: str | None, token_file: Path | None) -> None:
        """Set the provider's address, `http://host[:port]/path`, and the authorization token.

        A token in a file may change, so it is read for each request.
        """
        self._url = urlsplit(url)
        self._token = token
        self._token_file = token_file
        self._lock = threading.Lock()
        self._current: Credentials | None = None
        self._pause_until: datetime | None = None

    def current(self, at: datetime) -> Credentials:
        """Return the credentials; renews them 15 minutes before they expire.

        If the provider fails, the old ones are returned until they expire, and it is asked again
        after half a minute.

        Raises:
            CredentialsUnavailable: the provider fails, and there are no valid credentials.
        """
        with self._lock:
            current = self._current
            if current is not None and not self._is_due(current, at):
                return current
            try:
                self._current = renewed = self._fetch()
            except (OSError, ValueError, KeyError, TypeError) as error:
                if current is not None and not _ends_before(current, at):
                    self._pause_until = at + _PAUSE
                    return current
                raise CredentialsUnavailable(
                    f"{self._url.netloc} returns no credentials: {type(error).__name__}."
                ) from error
            return renewed

    def _is_due(self, current: Credentials, at: datetime) -> bool:
        """Return whether to renew the credentials now."""
        pausing = self._pause_until is not None and at < self._pause_until
        return _ends_before(current, at if pausing else at + _RENEW_BEFORE)

    def _fetch(self) -> Credentials:
        # Imported here because most processes need no connection of their own.
        from http.client import HTTPConnection, HTTPException

        token = self._token_file.read_text().strip() if self._token_file else self._token
        connection = HTTPConnection(self._url.netloc, timeout=_TIMEOUT_SECONDS)
        try:
            headers = {"Accept": "application/json"} | ({"Authorization": token} if token else {})
            connection.request("GET", self._url.path, headers=headers)
            with connection.getresponse() as response:
                answer = response.read(_ANSWER_MAX_BYTES)
                if response.status != 200:
                    raise OSError(f"status {response.status}")
        except HTTPException as error:
            raise OSError("not HTTP") from error
        finally:
            connection.close()
        return _read(json.loads(answer))


def _read(answer: Any) -> Credentials:
    expires_at = datetime.fromisoformat(answer["Expiration"])
    if expires_at.tzinfo is None:
        raise ValueError("no time zone")
    return Credentials(
        str(answer["AccessKeyId"]), str(answer["SecretAccessKey"]), str(answer["Token"]), expires_at
    )


def _ends_before(credentials: Credentials, at: datetime) -> bool:
    return credentials.expires_at is not None and credentials.expires_at <= at
